//! Annotations of GitHub Actions: workflow commands, which the runner takes out of the log.

use super::{clean, counts, place, worst_first};
use crate::base::{Issue, IssueKind, LineColumn, Sources, Span};
use crate::finding::Severity;
use crate::policy::{Judged, Report};
use std::io::{self, Write};

/// Worst first: of each level the runner shows the first ten.
pub(super) fn write(report: &Report, sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    for judged in worst_first(report) {
        finding(judged, sources, out)?;
    }
    for entry in &report.issues {
        issue(entry, sources, out)?;
    }
    writeln!(out, "rowlock: {}", counts(report))
}

fn finding(judged: &Judged, sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let finding = &judged.finding;
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let title = format!("rowlock: {}", finding.rule.id);
    annotation(command, &title, finding.at().span, sources, out)?;
    match &finding.help {
        Some(help) => writeln!(out, "{}%0Ahelp: {}", data(&finding.message), data(help)),
        None => writeln!(out, "{}", data(&finding.message)),
    }
}

fn issue(issue: &Issue, sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let command = if issue.kind == IssueKind::Internal { "error" } else { "warning" };
    let title = format!("rowlock: {}", issue.kind.word());
    annotation(command, &title, issue.span, sources, out)?;
    writeln!(out, "{}", data(&issue.message))
}

/// The command up to its text, which begins with the place: the log and the summary do not show the properties.
fn annotation(
    command: &str,
    title: &str,
    span: Span,
    sources: &Sources,
    out: &mut dyn Write,
) -> io::Result<()> {
    let path = sources.path_in_repository(span.file);
    let file = sources.file(span.file);
    let LineColumn { line, column } = file.line_column(span.start);
    let end = file.line_column(span.end);
    write!(out, "::{command} file={},line={line},endLine={}", property(&path), end.line)?;
    // Columns of a place of several lines are refused.
    if end.line == line {
        write!(out, ",col={column},endColumn={}", end.column)?;
    }
    write!(out, ",title={}::{}: ", property(title), data(&place(span, sources)))
}

/// The text of a command ends at the end of the line: what is cleaned has none.
fn data(text: &str) -> String {
    clean(text).replace('%', "%25")
}

/// A property also ends at a comma or a colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::base::{Chain, FileKind, SourceFile, Sources, Step};
    use crate::finding::{Finding, Severity};
    use crate::output::samples::{self, RULE, span};
    use crate::policy::Report;
    use snapbox::{assert_data_eq, str};

    fn annotations(report: &Report, sources: &Sources) -> String {
        let mut out = Vec::new();
        write(report, sources, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_annotation_has_its_place_twice() {
        let sources = samples::sources().within("orgs/sales/".into());
        assert_data_eq!(
            annotations(&samples::report(&sources), &sources),
            str![[r#"
::warning file=orgs/sales/main/Läufer 1.cls,line=3,endLine=3,col=15,endColumn=28,title=rowlock%3A parent-update::orgs/sales/main/Läufer 1.cls:3:15: every update of a `Line__c` updates its `Invoice__c`%0Ahelp: update only where `Amount__c` changed
::warning file=orgs/sales/main/Zeile.trigger,line=3,endLine=3,col=1,endColumn=2,title=rowlock%3A parse::orgs/sales/main/Zeile.trigger:3:1: no valid Apex; the rest of the file counts
rowlock: 1 warning in 2 files

"#]]
        );
    }

    #[test]
    fn the_worst_come_first() {
        let sources = samples::sources();
        let found = |severity, text| {
            let chain = Chain::of(Step::new(span(&sources, 1, text), "here"));
            Finding::new(&RULE, text.into(), chain, text.into()).severity(severity)
        };
        let findings = vec![
            found(Severity::Note, "trigger Zeile"),
            found(Severity::Warning, "on"),
            found(Severity::Error, "Line__c"),
            found(Severity::Warning, "after"),
        ];
        let text = annotations(&samples::report_of(&sources, findings, Vec::new()), &sources);
        let words: Vec<&str> = text.lines().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(words, ["::error", "::warning", "::warning", "::notice", "rowlock:"]);
        assert!(text.find(": on").unwrap() < text.find(": after").unwrap(), "then by place");
    }

    /// Reads a command as the runner does (`ActionCommand.cs`): up to the second `::`, then properties by `,` and `=`.
    fn read(line: &str) -> (String, Vec<(String, String)>, String) {
        let (head, data) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
        let (command, properties) = head.split_once(' ').unwrap();
        let plain = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n");
        let property = |pair: &str| {
            let (key, value) = pair.split_once('=').unwrap();
            let value = plain(value).replace("%3A", ":").replace("%2C", ",").replace("%25", "%");
            (key.to_owned(), value)
        };
        let properties = properties.split(',').map(property).collect();
        (command.to_owned(), properties, plain(data).replace("%25", "%"))
    }

    #[test]
    fn the_runner_reads_what_was_meant() {
        let path = "a%2C,b::c=d%0A.cls";
        let file = SourceFile::new(path.into(), FileKind::ApexClass, "class A {\n}\n".into());
        let sources = Sources::new(vec![file]);
        let chain = Chain::of(Step::new(span(&sources, 0, "class A {\n}"), "here"));
        let message = "100% of `a`\n::error::not a command, %0A";
        let finding = Finding::new(&RULE, "a".into(), chain, message.into()).help("do\r\nthis");
        let text = annotations(&samples::report_of(&sources, vec![finding], Vec::new()), &sources);
        assert_eq!(text.lines().count(), 2, "{text}");
        let (command, properties, data) = read(text.lines().next().unwrap());
        assert_eq!(command, "warning");
        let expected =
            [("file", path), ("line", "1"), ("endLine", "2"), ("title", "rowlock: parent-update")];
        let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(properties, expected);
        let lines: Vec<&str> = data.lines().collect();
        let first = "a%2C,b::c=d%0A.cls:1:1: 100% of `a` ::error::not a command, %0A";
        assert_eq!(lines, [first, "help: do  this"]);
    }
}
