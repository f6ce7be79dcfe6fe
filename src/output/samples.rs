//! Reports made by hand, for the tests of the formats.

use super::{Detail, Elapsed, Format, Screen, Wanted};
use crate::base::{
    Chain, Confidence, FileId, FileKind, Issue, IssueKind, SourceFile, Sources, Span, Step,
};
use crate::config::Config;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::policy::{Found, Report, Terms, judge};
use crate::program::{Unknown, UnknownReason};
use crate::rules;
use crate::stats::{Relation, Stats};
use std::time::Duration;

pub(super) static RULE: RuleInfo = RuleInfo {
    id: "parent-update",
    aliases: &["parent-write"],
    since: "0.1.0",
    severity: Severity::Warning,
    summary: "automation of a child updates its parent",
    page: "# parent-update\n\nEvery save takes the lock of the parent.\n",
};

pub(super) const SCREEN: Screen = Screen {
    width: 100,
    elapsed: Elapsed {
        reading: Duration::from_millis(10),
        analysis: Duration::from_millis(90),
        rules: Duration::from_millis(20),
    },
};

/// The usual.
pub(super) const fn in_format(format: Format) -> Wanted {
    let fail_on = Some(Severity::Warning);
    Wanted { format, unknowns: false, stats: false, detail: Detail::Usual, fail_on }
}

/// With everything that can be asked for.
pub(super) const fn all_in_format(format: Format) -> Wanted {
    let fail_on = Some(Severity::Warning);
    Wanted { format, unknowns: true, stats: true, detail: Detail::Usual, fail_on }
}

/// A class with Windows line ends and umlauts, and the trigger that calls it.
pub(super) fn sources() -> Sources {
    let handler =
        "class Läufer {\r\n  void übertrage() {\r\n    /* für */ update eltern;\r\n  }\r\n}\r\n";
    let trigger = "trigger Zeile on Line__c (after update) {\n  new Läufer().übertrage();\n}\n";
    Sources::new(vec![
        SourceFile::new("main/Läufer 1.cls".into(), FileKind::ApexClass, handler.into()),
        SourceFile::new("main/Zeile.trigger".into(), FileKind::ApexTrigger, trigger.into()),
    ])
}

/// The place of a text in a file of `sources`.
pub(super) fn span(sources: &Sources, file: u32, text: &str) -> Span {
    let id = FileId(file);
    let start = sources.file(id).text.find(text).unwrap() as u32;
    Span { file: id, start, end: start + text.len() as u32 }
}

/// One finding that goes through both files, and one issue.
pub(super) fn report(sources: &Sources) -> Report {
    let chain = Chain::of(Step::new(span(sources, 0, "update eltern"), "updates `Invoice__c`"))
        .after(Step::new(span(sources, 1, "new Läufer().übertrage()"), "calls `übertrage`"))
        .after(Step::new(span(sources, 1, "Line__c"), "every save of `Line__c` runs it"));
    let message = "every update of a `Line__c` updates its `Invoice__c`".to_owned();
    let anchor = "Line__c:update -> Invoice__c".to_owned();
    let finding = Finding::new(&RULE, anchor, chain, message)
        .confidence(Confidence::Medium)
        .help("update only where `Amount__c` changed")
        .object("Invoice__c")
        .via(Some("Line__c.Invoice__c".into()))
        .events(vec!["Line__c:update".into(), "Line__c:insert".into()])
        .facts(&["AU-02", "LK-04"])
        .remedy("parent-write", "Line__c.Invoice__c");
    let issue = Issue::new(
        span(sources, 1, "}"),
        IssueKind::Parse,
        "no valid Apex; the rest of the file counts",
    );
    report_of(sources, vec![finding], vec![issue])
}

pub(super) fn report_of(sources: &Sources, findings: Vec<Finding>, issues: Vec<Issue>) -> Report {
    let found =
        Found { findings, issues, files: sources.len(), unknowns: unknowns(), stats: stats() };
    let config = Config::default();
    judge(found, sources, &Terms::new(&config, rules::ALL))
}

/// Two places for one reason, one for another.
fn unknowns() -> Vec<Unknown> {
    let unknown =
        |start, end, reason| Unknown { span: Span { file: FileId(0), start, end }, reason };
    vec![
        unknown(2, 9, UnknownReason::UntypedOperand),
        unknown(11, 12, UnknownReason::ManagedCall),
        unknown(20, 60, UnknownReason::UntypedOperand),
    ]
}

fn stats() -> Stats {
    Stats {
        classes: 120,
        triggers: 3,
        followed: 2,
        statements: 9,
        typed: 9,
        related: 8,
        relations: vec![(Relation::Parent, 7), (Relation::New, 2), (Relation::Unknown, 1)],
        unresolved: vec![(UnknownReason::UntypedOperand, 2), (UnknownReason::ManagedCall, 1)],
    }
}
