//! Marks: what a source itself claims that rowlock finds in it. Examples and samples are tests by their marks.
//!
//! `//~ rule-id` in Apex and `<!--~ rule-id -->` in metadata claim a finding of that rule whose place starts on
//! the line of the mark; each `^` right after the `~` means one line further up. A severity, and a text that must
//! occur in the message, may follow: `//~^ rule-id warning "text"`.

use crate::base::{FileId, FileKind, SourceFile, Sources};
use crate::finding::{Finding, Severity};
use std::cmp::Reverse;

/// One claim.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Mark {
    pub(crate) file: FileId,
    /// The line that the claim is about, not that of the mark.
    pub(crate) line: usize,
    pub(crate) rule: String,
    pub(crate) severity: Option<Severity>,
    /// What the message must contain.
    pub(crate) text: Option<String>,
}

/// A comment that is meant as a mark and is none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Malformed {
    pub(crate) file: FileId,
    pub(crate) line: usize,
}

/// All marks in source order.
pub(crate) fn read(sources: &Sources) -> Vec<Result<Mark, Malformed>> {
    let mut marks = Vec::new();
    for (file, source) in sources.iter() {
        for (line, comment) in comments(source) {
            let above = comment.trim_start_matches('^');
            let up = comment.len() - above.len();
            // Without a space it is a ruler (`//~~~~~~`), which nobody means as a claim.
            if above.starts_with(char::is_whitespace) {
                marks.push(parse(file, line, up, above.trim()).ok_or(Malformed { file, line }));
            }
        }
    }
    marks
}

/// What differs between the marks in the sources and the findings: a line for each, in source order.
pub(crate) fn compare(sources: &Sources, findings: &[Finding]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut marks = Vec::new();
    for mark in read(sources) {
        match mark {
            Ok(mark) => marks.push(mark),
            Err(it) => wrong.push((it.file, it.line, "this mark cannot be read".to_owned())),
        }
    }
    // Those that ask for most choose first, so that none is left with a finding that another would have taken too.
    marks.sort_by_key(|mark| {
        Reverse((mark.text.as_ref().map(String::len), mark.severity.is_some()))
    });
    let mut unmarked: Vec<&Finding> = findings.iter().collect();
    for mark in &marks {
        match unmarked.iter().position(|finding| mark.claims(sources, finding)) {
            Some(found) => drop(unmarked.remove(found)),
            None => wrong.push((
                mark.file,
                mark.line,
                format!("marked and not found: {}", mark.describe()),
            )),
        }
    }
    for finding in unmarked {
        let (file, line) = place(sources, finding);
        let (severity, rule, message) =
            (finding.severity.word(), finding.rule.id, &finding.message);
        wrong.push((file, line, format!("found and not marked: {rule} {severity} \"{message}\"")));
    }
    wrong.sort();
    wrong
        .into_iter()
        .map(|(file, line, what)| format!("{}:{line}: {what}", sources.file(file).path))
        .collect()
}

impl Mark {
    fn claims(&self, sources: &Sources, finding: &Finding) -> bool {
        (self.file, self.line) == place(sources, finding)
            && self.rule == finding.rule.id
            && self.severity.is_none_or(|severity| severity == finding.severity)
            && self.text.as_ref().is_none_or(|text| finding.message.contains(text))
    }

    /// The claim as one would write it.
    fn describe(&self) -> String {
        let severity =
            self.severity.map_or(String::new(), |severity| format!(" {}", severity.word()));
        let text = self.text.as_ref().map_or(String::new(), |text| format!(" \"{text}\""));
        format!("{}{severity}{text}", self.rule)
    }
}

fn place(sources: &Sources, finding: &Finding) -> (FileId, usize) {
    let span = finding.at().span;
    (span.file, sources.file(span.file).line_column(span.start).line)
}

/// What follows the `~` of each comment that could be a mark, with its line.
fn comments(source: &SourceFile) -> impl Iterator<Item = (usize, &str)> {
    let is_apex = matches!(source.kind, FileKind::ApexClass | FileKind::ApexTrigger);
    let (open, close) = if is_apex { ("//~", "\n") } else { ("<!--~", "-->") };
    source.text.lines().enumerate().flat_map(move |(index, line)| {
        line.split(open)
            .skip(1)
            .map(move |rest| (index + 1, rest.split(close).next().unwrap_or(rest)))
    })
}

/// `rule-id [severity] ["text"]`
fn parse(file: FileId, line: usize, up: usize, claim: &str) -> Option<Mark> {
    let line = line.checked_sub(up).filter(|line| *line > 0)?;
    let (head, text) = match claim.split_once('"') {
        None => (claim, None),
        Some((head, text)) => (head, Some(text.strip_suffix('"')?.to_owned())),
    };
    let mut words = head.split_whitespace();
    let rule = words
        .next()
        .filter(|word| word.bytes().all(|byte| byte == b'-' || byte.is_ascii_lowercase()))?;
    let severity = match words.next() {
        None => None,
        Some(word) => Some(severity(word)?),
    };
    words.next().is_none().then(|| Mark { file, line, rule: rule.to_owned(), severity, text })
}

fn severity(word: &str) -> Option<Severity> {
    [Severity::Note, Severity::Warning, Severity::Error]
        .into_iter()
        .find(|severity| severity.word() == word)
}

#[cfg(test)]
mod tests {
    use super::{compare, read};
    use crate::base::{Chain, FileId, FileKind, SourceFile, Sources, Span, Step};
    use crate::finding::{Finding, RuleInfo, Severity};

    static LOOP: RuleInfo = rule("dml-in-loop");
    static HOT: RuleInfo = rule("hot-row-write");

    const fn rule(id: &'static str) -> RuleInfo {
        RuleInfo {
            id,
            aliases: &[],
            since: "0.1.0",
            severity: Severity::Warning,
            summary: "",
            page: "",
        }
    }

    /// The differences between the marks of one file and findings at the first places where texts occur.
    fn differences(
        kind: FileKind,
        text: &str,
        found: &[(&'static RuleInfo, &str, &str)],
    ) -> Vec<String> {
        let sources = Sources::new(vec![SourceFile::new("a/F".into(), kind, text.into())]);
        let findings: Vec<Finding> = found
            .iter()
            .map(|(rule, at, message)| {
                let start = text.find(at).unwrap() as u32;
                let span = Span { file: FileId(0), start, end: start + at.len() as u32 };
                Finding::new(rule, String::new(), Chain::of(Step::new(span, "")), (*message).into())
            })
            .collect();
        compare(&sources, &findings)
    }

    #[test]
    fn a_mark_claims_its_line_or_one_above() {
        let text = "update a; //~ dml-in-loop\nupdate b;\n  //~^ dml-in-loop \"writes `B`\"\n//~^^ hot-row-write\n";
        let found = [
            (&LOOP, "update a", "writes `A`"),
            (&LOOP, "update b", "writes `B`"),
            (&HOT, "update b", "writes `B`"),
        ];
        assert_eq!(differences(FileKind::ApexClass, text, &found), [""; 0]);
    }

    #[test]
    fn metadata_is_marked_by_xml_comments() {
        let text = "<type>Summary</type> <!--~ dml-in-loop --> <!--~ hot-row-write \"x\" -->\r\n<a/>\r\n<!--~^ dml-in-loop -->";
        let found = [(&LOOP, "<type>", ""), (&HOT, "<type>", "an x"), (&LOOP, "<a/>", "")];
        assert_eq!(differences(FileKind::Field, text, &found), [""; 0]);
    }

    #[test]
    fn what_differs_is_listed_in_source_order() {
        let text = "update a; //~ dml-in-loop error\nupdate b; //~ dml-in-loop \"C\"\nupdate c;\n";
        let found = [(&LOOP, "update c", "writes C"), (&LOOP, "update a", "writes A")];
        assert_eq!(
            differences(FileKind::ApexTrigger, text, &found),
            [
                "a/F:1: found and not marked: dml-in-loop warning \"writes A\"",
                "a/F:1: marked and not found: dml-in-loop error",
                "a/F:2: marked and not found: dml-in-loop \"C\"",
                "a/F:3: found and not marked: dml-in-loop warning \"writes C\"",
            ]
        );
    }

    #[test]
    fn one_mark_is_one_finding() {
        let found = [(&LOOP, "update a", "one"), (&LOOP, "update a", "two")];
        let one = differences(FileKind::ApexClass, "update a; //~ dml-in-loop", &found);
        assert_eq!(one, ["a/F:1: found and not marked: dml-in-loop warning \"two\""]);
        // The mark that does not care takes what the other leaves.
        let text = "update a; //~ dml-in-loop //~ dml-in-loop \"one\"";
        assert_eq!(differences(FileKind::ApexClass, text, &found), [""; 0]);
    }

    #[test]
    fn mistakes_in_marks_are_told_and_rulers_are_none() {
        for text in [
            "//~ Dml-In-Loop",
            "//~ dml-in-loop \"open",
            "//~ dml-in-loop fatal",
            "//~^ dml-in-loop",
            "//~ ",
        ] {
            assert_eq!(
                differences(FileKind::ApexClass, text, &[]),
                ["a/F:1: this mark cannot be read"],
                "{text}"
            );
        }
        for text in ["//~~~~ dml-in-loop", "// ~ dml-in-loop", "//~", "<!--~ dml-in-loop -->"] {
            let sources =
                Sources::new(vec![SourceFile::new("F".into(), FileKind::ApexClass, text.into())]);
            assert_eq!(read(&sources), [], "{text}");
        }
    }
}
