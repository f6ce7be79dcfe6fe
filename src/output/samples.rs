//! Reports made by hand, for the tests of the formats.

use super::Screen;
use crate::base::{
    Chain, Confidence, FileId, FileKind, Issue, IssueKind, SourceFile, Sources, Span, Step,
};
use crate::finding::{Finding, RuleInfo, Severity};
use crate::policy::{Found, Report, judge};
use std::time::Duration;

pub(super) static RULE: RuleInfo = RuleInfo {
    id: "parent-update",
    aliases: &["parent-write"],
    since: "0.1.0",
    severity: Severity::Warning,
    summary: "automation of a child updates its parent",
    page: "# parent-update\n\nEvery save takes the lock of the parent.\n",
};

pub(super) const SCREEN: Screen = Screen { width: 100, elapsed: Duration::from_millis(120) };

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
    let found = Found { findings, issues, files: sources.len(), unresolved: 7 };
    judge(found, Confidence::Medium)
}
