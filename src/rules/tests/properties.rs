//! What code looks like changes no finding, only what it does: on all examples of pages and all samples.

use super::rewrite::{Mark, Rewrite, additions, extractions, helpers, renames};
use super::{ALL, find, sections};
use crate::base::{SourceFile, Sources};
use crate::finding::Finding;
use crate::project::{self, Selection};
use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, any, prop_assert, proptest};
use proptest::sample::Index;
use std::path::Path;
use std::sync::LazyLock;

/// The examples and samples, by name.
static PROJECTS: LazyLock<Vec<(String, Sources)>> = LazyLock::new(|| {
    let mut projects = Vec::new();
    for rule in ALL {
        for section in sections(rule.info.page) {
            projects.push((format!("{}, {}", rule.info.id, section.heading), section.sources()));
        }
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    for sample in std::fs::read_dir(folder).unwrap() {
        let sample = sample.unwrap().path();
        if sample.is_dir() {
            let read = project::read(std::slice::from_ref(&sample), &Selection::all()).unwrap();
            projects.push((sample.display().to_string(), read.sources));
        }
    }
    projects.sort_by(|a, b| a.0.cmp(&b.0));
    projects
});

type Kind = fn(&Sources, Mark) -> Vec<Rewrite>;

/// More rewrites, one after the other, than any test does.
const MOST: usize = 6;

/// All of the findings but their chains and places, in an order of their own, and what could not be read.
fn answers(sources: Sources) -> Vec<String> {
    let (mut findings, mut answers) = find(sources, None);
    // That a statement is the same as one before is told by variables within one method.
    findings.retain(|finding| finding.rule.id != "retry-in-transaction");
    answers.extend(findings.iter().map(words));
    answers.sort();
    answers
}

fn words(finding: &Finding) -> String {
    let Finding { rule, severity, confidence, message, object, via, events, .. } = finding;
    let id = rule.id;
    let words = format!("{id} {severity:?} {confidence:?} {object:?} {via:?} {events:?} {message}");
    (0..MOST).fold(words, |words, step| words.replace(&Mark(step).to_string(), ""))
}

/// What differs, a line each; nothing where all is the same.
fn differences(before: &[String], after: &[String]) -> Vec<String> {
    let lost = before.iter().filter(|it| !after.contains(it)).map(|it| format!("  - {it}"));
    let new = after.iter().filter(|it| !before.contains(it)).map(|it| format!("  + {it}"));
    let lines: Vec<String> = lost.chain(new).collect();
    if lines.is_empty() && before != after { vec!["  how often".into()] } else { lines }
}

/// Every rewrite of one kind, on every project; there are at least so many.
fn hold(kind: Kind, least: usize) {
    let mut wrong = Vec::new();
    let mut applied = 0;
    for (name, sources) in PROJECTS.iter() {
        let before = answers(sources.clone());
        for rewrite in kind(sources, Mark(0)) {
            applied += 1;
            let differences = differences(&before, &answers(rewrite.apply(sources)));
            if !differences.is_empty() {
                wrong.push(format!("{name}: {}\n{}", rewrite.what, differences.join("\n")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {applied}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(least <= applied, "only {applied} rewrites");
}

#[test]
fn names_of_methods_do_not_matter() {
    hold(renames, 150);
}

#[test]
fn a_body_may_be_a_method_of_its_own() {
    hold(extractions, 250);
}

#[test]
fn dml_may_be_done_by_a_helper() {
    hold(helpers, 55);
}

#[test]
fn classes_that_nobody_uses_do_not_matter() {
    hold(additions, 100);
}

/// A roll-up whose master writes rows of two objects, each by a class of its own.
const TWO_WRITERS: [(&str, &str); 4] = [
    (
        "objects/Line__c.object",
        r#"<CustomObject><fields><fullName>Invoice__c</fullName><type>MasterDetail</type>
        <referenceTo>Invoice__c</referenceTo></fields></CustomObject>"#,
    ),
    (
        "objects/Invoice__c.object",
        r#"<CustomObject><fields><fullName>Sum__c</fullName><type>Summary</type>
        <summaryForeignKey>Line__c.Invoice__c</summaryForeignKey>
        <summaryOperation>count</summaryOperation></fields></CustomObject>"#,
    ),
    (
        "classes/Writers.cls",
        "class Writers { static void notes() { update [SELECT Id FROM Note__c LIMIT 1]; }
        static void tasks() { update [SELECT Id FROM Task LIMIT 1]; } }",
    ),
    (
        "triggers/Invoice.trigger",
        "trigger Invoice on Invoice__c (after update) { Writers.notes(); Writers.tasks(); }",
    ),
];

#[test]
fn where_code_stands_does_not_matter() {
    let with = |turn: fn(&str) -> String| {
        let file = |&(path, text): &(&str, &str)| {
            SourceFile::new(path.into(), project::kind_of(path).unwrap(), turn(text))
        };
        answers(Sources::new(TWO_WRITERS.iter().map(file).collect()))
    };
    let turned = with(|text| match text.strip_suffix(" }") {
        Some(class) if text.starts_with("class") => {
            let (head, rest) = class.split_once("{ ").unwrap();
            let (first, second) = rest.split_once("\n").unwrap();
            format!("{head}{{ {second}\n{first} }}")
        }
        _ => text.to_owned(),
    });
    assert_eq!(with(str::to_owned), turned);
    assert!(turned.iter().any(|it| it.contains("under the same lock")), "{turned:#?}");
}

#[test]
fn what_code_does_matters() {
    let (_, sources) =
        PROJECTS.iter().find(|(name, _)| name.ends_with("s01-rollup-contention")).unwrap();
    let changed = sources.iter().map(|(_, file)| {
        let text = file.text.replace("InvoiceStamp.received", "InvoiceStamp.receivedNot");
        SourceFile::new(file.path.clone(), file.kind, text)
    });
    let after = answers(Sources::new(changed.collect()));
    assert!(!differences(&answers(sources.clone()), &after).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 48, ..ProptestConfig::default() })]

    /// Rewrites of what is rewritten: helpers of helpers, bodies of bodies.
    #[test]
    fn rewrites_can_be_combined(project: Index, picks in vec((0..4_usize, any::<Index>()), 2..MOST)) {
        const KINDS: [Kind; 4] = [renames, extractions, helpers, additions];
        let (name, sources) = project.get(&PROJECTS);
        let mut rewritten = sources.clone();
        let mut steps = Vec::new();
        for (step, (kind, pick)) in picks.iter().enumerate() {
            let choice = KINDS[*kind](&rewritten, Mark(step));
            if !choice.is_empty() {
                let rewrite = pick.get(&choice);
                rewritten = rewrite.apply(&rewritten);
                steps.push(rewrite.what.clone());
            }
        }
        let wrong = differences(&answers(sources.clone()), &answers(rewritten));
        prop_assert!(wrong.is_empty(), "{name}: {steps:?}\n{}", wrong.join("\n"));
    }
}
