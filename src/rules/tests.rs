//! The rules' pages as tests. Each `##` section with titled blocks is a small project: what its marks claim is
//! found by the rules together, and nothing else. The samples are larger ones, on disk.

mod properties;
mod rewrite;

use super::{ALL, Check, run};
use crate::analysis::{self, Analysis};
use crate::base::{Confidence, SourceFile, Sources};
use crate::finding::{Finding, RuleInfo};
use crate::marks;
use crate::project::{self, Selection};
use std::fmt::Write as _;
use std::path::Path;

#[test]
fn pages_are_well_formed() {
    let mut wrong = String::new();
    for (stem, text) in pages_on_disk() {
        let id = stem.replace('_', "-");
        for fault in faults(&id, &text) {
            writeln!(wrong, "{stem}.md: {fault}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn rules_find_what_their_pages_mark() {
    let mut wrong = String::new();
    // Those on allowances are tested where these are judged.
    for rule in ALL.iter().filter(|rule| !matches!(rule.check, Check::Allowances)) {
        for section in sections(rule.info.page).iter().filter(|section| !section.files.is_empty()) {
            let before =
                (!section.before.is_empty()).then(|| analysis::of(sources_of(&section.before)));
            let find = |sources| find(sources, before.as_ref());
            for difference in differences(section.sources(), find) {
                writeln!(wrong, "{}, {}: {difference}", rule.info.id, section.heading).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn rules_find_what_the_samples_mark() {
    let mut wrong = String::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    for sample in std::fs::read_dir(folder).unwrap() {
        let sample = sample.unwrap().path();
        if sample.is_dir() {
            let project = project::read(std::slice::from_ref(&sample), &Selection::all()).unwrap();
            assert_eq!(project.issues, [], "{}", sample.display());
            for difference in differences(project.sources, |sources| find(sources, None)) {
                writeln!(wrong, "{}: {difference}", sample.display()).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn rules_are_described() {
    assert!(
        ALL.is_sorted_by(|a, b| a.info.id < b.info.id),
        "rules stand in the order of ids, each once"
    );
    let pages = pages_on_disk();
    for rule in ALL {
        let RuleInfo { id, aliases, summary, page, .. } = rule.info;
        let own = pages.iter().find(|(stem, _)| stem.replace('_', "-") == id);
        assert_eq!(
            own.map(|(_, text)| text.as_str()),
            Some(page),
            "{id}: its page has the name of the rule"
        );
        assert!(
            is_summary(summary),
            "{id}: the summary is one line, lower case, without a full stop: {summary}"
        );
        for other in ALL {
            assert!(!aliases.contains(&other.info.id), "{id}: an alias is the id of another rule");
        }
    }
}

/// What the whole pipeline says about some sources, as a project that nobody configured.
fn find(sources: Sources, before: Option<&Analysis>) -> (Vec<Finding>, Vec<String>) {
    let analysis = analysis::of(sources);
    let (findings, _) = run(ALL, &analysis, before);
    let unread = analysis.issues.iter().map(|issue| {
        let file = analysis.sources.file(issue.span.file);
        format!("{}:{}: {}", file.path, file.line_column(issue.span.start).line, issue.message)
    });
    (findings, unread.collect())
}

/// What is wrong with a project: differences from its marks, and what could not be read.
pub(crate) fn differences(
    sources: Sources,
    find: impl Fn(Sources) -> (Vec<Finding>, Vec<String>),
) -> Vec<String> {
    let (mut findings, mut wrong) = find(sources.clone());
    findings.retain(|finding| finding.confidence >= Confidence::Medium);
    for finding in &findings {
        if finding.message.ends_with('.') || finding.message.contains('\n') {
            wrong.push(format!("a message is one line without a full stop: {}", finding.message));
        }
    }
    wrong.extend(marks::compare(&sources, &findings));
    wrong
}

/// What is wrong with a page as text.
fn faults(id: &str, page: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut expect = |holds: bool, fault: String| {
        if !holds {
            faults.push(fault);
        }
    };
    expect(page.lines().next() == Some(&format!("# {id}")), format!("the first line is `# {id}`"));
    let sections = sections(page);
    for kind in ["Flagged", "Not flagged"] {
        let examples =
            sections.iter().filter(|section| section.is(kind) && !section.files.is_empty()).count();
        expect(
            examples >= 2,
            format!("{examples} examples under `## {kind}`, at least 2 are needed"),
        );
    }
    expect(
        sections.iter().any(|section| section.is("When to allow it")),
        "`## When to allow it` is missing".into(),
    );
    for section in &sections {
        let heading = section.heading;
        for (path, _) in &section.files {
            expect(
                project::kind_of(path).is_some(),
                format!("{heading}: rowlock does not read `{path}`"),
            );
        }
        let marks = marks::read(&section.sources());
        expect(marks.iter().all(Result::is_ok), format!("{heading}: a mark that cannot be read"));
        let own = marks.iter().flatten().any(|mark| mark.rule == id);
        expect(!section.is("Flagged") || own, format!("{heading}: no mark of {id}"));
        expect(!section.is("Not flagged") || !own, format!("{heading}: a mark of {id}"));
    }
    // A rule that reads metadata shows that it reads both formats of it.
    let paths: Vec<&str> =
        sections.iter().flat_map(|section| &section.files).map(|(path, _)| *path).collect();
    let reads_metadata = paths.iter().any(|path| path.ends_with("-meta.xml"));
    let in_old_format = paths.iter().any(|path| {
        path.ends_with(".object")
            || path.ends_with(".duplicateRule")
            || path.ends_with(".platformEventSubscriberConfig")
    });
    expect(!reads_metadata || in_old_format, "no example in the Metadata API format".into());
    faults
}

/// One line, lower case (an acronym may lead), without a full stop.
fn is_summary(text: &str) -> bool {
    let first = text.split(' ').next().unwrap_or_default();
    let starts_low =
        first.starts_with(char::is_lowercase) || (first.len() > 1 && first == first.to_uppercase());
    starts_low && !text.ends_with('.') && !text.contains('\n')
}

/// A `##` section of a page.
#[derive(Debug)]
pub(crate) struct Section<'a> {
    pub(crate) heading: &'a str,
    /// Path and text of each block that has a title.
    files: Vec<(&'a str, String)>,
    /// The same of blocks that show a project before a change.
    before: Vec<(&'a str, String)>,
}

impl Section<'_> {
    /// Whether the heading is `kind`, or `kind: and more`.
    fn is(&self, kind: &str) -> bool {
        self.heading.strip_prefix(kind).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    }

    pub(crate) fn sources(&self) -> Sources {
        sources_of(&self.files)
    }
}

fn sources_of(files: &[(&str, String)]) -> Sources {
    let files = files.iter().filter_map(|(path, text)| {
        Some(SourceFile::new((*path).to_owned(), project::kind_of(path)?, text.clone()))
    });
    Sources::new(files.collect())
}

/// The `##` sections of a page, with their titled blocks.
pub(crate) fn sections(page: &str) -> Vec<Section<'_>> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(heading) = line.strip_prefix("## ") {
            sections.push(Section { heading, files: Vec::new(), before: Vec::new() });
        } else if let Some(info) = line.strip_prefix("```") {
            let mut text = String::new();
            for line in lines.by_ref().take_while(|line| *line != "```") {
                text.push_str(line);
                text.push('\n');
            }
            let path = |attribute: &str| {
                let (_, rest) = info.split_once(attribute)?.1.split_once("=\"")?;
                rest.split_once('"').map(|(path, _)| path)
            };
            let Some(section) = sections.last_mut() else { continue };
            if let Some(title) = path("title") {
                section.files.push((title, text));
            } else if let Some(before) = path("before") {
                section.before.push((before, text));
            }
        }
    }
    sections
}

/// The pages beside the rules, as stem and text, by name.
fn pages_on_disk() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let mut pages: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path| {
            let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
            // A checkout may have made the line ends those of its system.
            (stem, std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n"))
        })
        .collect();
    pages.sort();
    pages
}

/// The harness itself, on a rule that flags the word `lock`.
mod harness {
    use super::{differences, faults, is_summary, sections};
    use crate::base::{Chain, Confidence, Sources, Span, Step};
    use crate::finding::{Finding, RuleInfo, Severity};

    static WORD: RuleInfo = RuleInfo {
        id: "word",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Note,
        summary: "the word is there",
        page: PAGE,
    };

    const PAGE: &str = r#"# word

Text.

## Flagged: in a class

```apex title="classes/A.cls"
lock; //~ word "in classes/A.cls"
```

```xml title="objects/B__c.object"
<lock/> <!--~ word -->
```

## Flagged: twice

```apex title="classes/A.cls"
lock;
//~^ word
```

## Not flagged

Shown, and no file of the project:

```apex
lock;
```

```apex title="triggers/A.trigger"
free;
```

## Not flagged: again

```apex title="classes/A.cls"
free;
```

## When to allow it

Never.
"#;

    fn find(sources: Sources) -> (Vec<Finding>, Vec<String>) {
        let places = sources.iter().filter_map(|(file, source)| {
            let start = source.text.find("lock")? as u32;
            let chain = Chain::of(Step::new(Span { file, start, end: start + 4 }, "here"));
            Some(Finding::new(&WORD, String::new(), chain, format!("the word in {}", source.path)))
        });
        (places.collect(), Vec::new())
    }

    #[test]
    fn a_true_page_passes() {
        assert_eq!(faults("word", PAGE), [""; 0]);
        for section in sections(PAGE) {
            assert_eq!(differences(section.sources(), find), [""; 0], "{}", section.heading);
        }
    }

    #[test]
    fn sections_hold_their_titled_blocks() {
        let sections = sections(PAGE);
        let files: Vec<usize> = sections.iter().map(|section| section.files.len()).collect();
        assert_eq!(files, [2, 1, 1, 1, 0]);
        assert_eq!(sections[1].files[0].1, "lock;\n//~^ word\n");
    }

    #[test]
    fn a_false_page_fails() {
        let page = PAGE.replace("free;", "lock;").replace(" //~ word \"in classes/A.cls\"", "");
        let wrong: Vec<String> = sections(&page)
            .iter()
            .flat_map(|section| differences(section.sources(), find))
            .collect();
        assert_eq!(
            wrong,
            [
                "classes/A.cls:1: found and not marked: word note \"the word in classes/A.cls\"",
                "triggers/A.trigger:1: found and not marked: word note \"the word in triggers/A.trigger\"",
                "classes/A.cls:1: found and not marked: word note \"the word in classes/A.cls\"",
            ]
        );
    }

    #[test]
    fn a_guess_is_no_part_of_a_page() {
        let guess = |sources: Sources| {
            let (findings, issues) = find(sources);
            (
                findings.into_iter().map(|finding| finding.confidence(Confidence::Low)).collect(),
                issues,
            )
        };
        let page = PAGE.replace("free;", "lock;");
        assert_eq!(differences(sections(&page)[3].sources(), guess), [""; 0]);
    }

    #[test]
    fn faults_of_a_page_are_told() {
        let page = PAGE
            .replace("## Not flagged: again", "## More")
            .replace("objects/B__c.object", "a.json");
        assert_eq!(
            faults("words", &page),
            [
                "the first line is `# words`",
                "1 examples under `## Not flagged`, at least 2 are needed",
                "Flagged: in a class: rowlock does not read `a.json`",
                "Flagged: in a class: no mark of words",
                "Flagged: twice: no mark of words",
            ]
        );
        let page = PAGE
            .replace("objects/B__c.object", "objects/B__c/B__c.object-meta.xml")
            .replace("free;", "//~ word");
        assert_eq!(
            faults("word", &page),
            [
                "Not flagged: a mark of word",
                "Not flagged: again: a mark of word",
                "no example in the Metadata API format",
            ]
        );
    }

    #[test]
    fn summaries_have_a_style() {
        assert!(is_summary("every save of a child updates its parent"));
        assert!(is_summary("DML inside a loop"));
        assert!(!is_summary("Every save of a child updates its parent"));
        assert!(!is_summary("every save of a child updates its parent."));
    }
}
