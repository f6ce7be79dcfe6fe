//! For people: one report a finding, in the style of rustc. Nothing else knows the snippet renderer.

use super::text::{clean, clean_source};
use super::{Detail, GENERATE_EXISTS, Screen, Wanted, command, counted, counts, numbers, unknowns};
use crate::base::{FileId, Issue, LineColumn, SourceFile, Sources, Span, Step};
use crate::error::Flaw;
use crate::finding::{Finding, Severity};
use crate::policy::{Judged, Report, Tally, Verdict};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{
    Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet,
};
use std::io::{self, Write};
use std::ops::Range;

/// Beyond this a line is generated or minified, and nobody reads it.
const LONGEST_LINE: usize = 1_000;

/// Beyond this the places in one file are too far apart for one snippet to be cheap.
const LONGEST_EXCERPT: usize = 1 << 20;

/// Beyond this a list of issues buries the findings. The other formats have all.
const MOST_ISSUES: usize = 50;

pub(super) fn write(
    wanted: Wanted,
    report: &Report,
    sources: &Sources,
    screen: Screen,
    out: &mut dyn Write,
) -> io::Result<()> {
    let renderer = Renderer::styled().term_width(screen.width).decor_style(DecorStyle::Ascii);
    for judged in &report.findings {
        let is_settled = wanted.detail == Detail::Verbose && judged.verdict.is_settled();
        if is_settled || judged.verdict == Verdict::Reported {
            let group = group(&judged.finding, sources).elements(marks(judged, wanted.detail));
            writeln!(out, "{}\n", renderer.render(&[group]))?;
        }
    }
    issues(&report.issues, sources, out)?;
    if wanted.unknowns {
        unknowns::write(&report.unknowns, sources, out)?;
    }
    if wanted.stats {
        numbers::write(&report.stats, screen.elapsed, out)?;
    }
    if wanted.detail == Detail::Quiet {
        return Ok(());
    }
    summary(report, screen, out)?;
    stale(report, wanted.detail, out)
}

fn group<'a>(finding: &'a Finding, sources: &'a Sources) -> Group<'a> {
    let level = match finding.severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let title = level.primary_title(clean(&finding.message)).id(finding.rule.id);
    let basis = match finding.facts.as_slice() {
        [] => format!("confidence: {}", finding.confidence.word()),
        facts => format!("facts {} (confidence: {})", facts.join(", "), finding.confidence.word()),
    };
    let help = finding.help.as_deref().map(|help| Level::HELP.message(clean(help)));
    let remedy = finding.remedy.as_ref().filter(|_| GENERATE_EXISTS);
    let remedy = remedy.map(|remedy| {
        Level::HELP.message(clean(&format!("run `{}`", command(remedy))).into_owned())
    });
    Group::with_title(title)
        .elements(evidence(finding, sources))
        .element(Level::NOTE.message(basis))
        .elements(help)
        .elements(remedy)
}

/// Why a finding does not count, and what names it in allowances.
fn marks(judged: &Judged, detail: Detail) -> Vec<Element<'static>> {
    if detail != Detail::Verbose {
        return Vec::new();
    }
    let why = match &judged.verdict {
        Verdict::Allowed { reason, .. } => Some(format!("allowed: {}", clean(reason))),
        Verdict::Baselined => Some("in the baseline".to_owned()),
        _ => None,
    };
    let anchor = format!("anchor `{}`", clean(&judged.finding.anchor));
    [Some(anchor), why].into_iter().flatten().map(|text| Level::NOTE.message(text).into()).collect()
}

/// A snippet a file, in the order in which the chain comes to them. Steps have numbers, since a chain may come back.
fn evidence<'a>(finding: &'a Finding, sources: &'a Sources) -> Vec<Element<'a>> {
    let count = finding.chain.len();
    let mut files: Vec<(&SourceFile, Vec<Mark>)> = Vec::new();
    for (index, step) in finding.chain.steps().enumerate() {
        let file = sources.file(step.span.file);
        let mark =
            Mark { span: step.span, label: label(step, index, count), is_last: index + 1 == count };
        match files.iter_mut().find(|(known, _)| known.path == file.path) {
            Some((_, marks)) => marks.push(mark),
            None => files.push((file, vec![mark])),
        }
    }
    let away = finding.chain.first().span.file != finding.at().span.file;
    let at = away.then(|| origin(sources.file(finding.at().span.file), finding.at().span).into());
    at.into_iter().chain(files.into_iter().flat_map(|(file, marks)| of_file(file, marks))).collect()
}

/// The first place that is shown is the one to edit, wherever the chain begins.
fn origin(file: &SourceFile, span: Span) -> Origin<'_> {
    let LineColumn { line, column } = file.line_column(span.start);
    Origin::path(clean(&file.path)).line(line).char_column(column)
}

/// One step of a chain.
struct Mark {
    span: Span,
    label: String,
    /// The place to edit.
    is_last: bool,
}

fn label(step: &Step, index: usize, count: usize) -> String {
    let note = clean(&step.note);
    if count == 1 { note.into_owned() } else { format!("{}. {note}", index + 1) }
}

fn of_file(file: &SourceFile, marks: Vec<Mark>) -> Vec<Element<'_>> {
    match snippet(file, &marks) {
        Some(snippet) => vec![snippet.into()],
        None => marks.into_iter().flat_map(|mark| without_text(file, mark)).collect(),
    }
}

fn without_text(file: &SourceFile, mark: Mark) -> [Element<'_>; 2] {
    [origin(file, mark.span).into(), Level::NOTE.message(mark.label).into()]
}

/// The lines from the first to the last mark; none where they are too long to show.
fn snippet<'a>(file: &'a SourceFile, marks: &[Mark]) -> Option<Snippet<'a, Annotation<'a>>> {
    let text = file.text.as_str();
    let lines: Vec<Range<usize>> =
        marks.iter().map(|mark| file.line_around(mark.span.start)).collect();
    let start = lines.iter().map(|line| line.start).min()?;
    let end = lines.iter().map(|line| line.end).max()?;
    if LONGEST_EXCERPT < end - start || lines.iter().any(|line| LONGEST_LINE < line.len()) {
        return None;
    }
    let annotations = marks.iter().zip(lines).map(|(mark, line)| {
        let kind = if mark.is_last { AnnotationKind::Primary } else { AnnotationKind::Context };
        // What goes on for many lines is marked by its first: the start says what it is.
        let from = file.char_start(mark.span.start).min(line.end);
        let to = file.char_start(mark.span.end).clamp(from, line.end);
        kind.span(from - start..to - start).label(mark.label.clone())
    });
    let snippet = Snippet::source(clean_source(text.get(start..end)?))
        .path(clean(&file.path))
        .line_start(file.line_column(start as u32).line)
        .annotations(annotations);
    Some(snippet)
}

fn issues(issues: &[Issue], sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    for issue in issues.iter().take(MOST_ISSUES) {
        let file = sources.file(issue.span.file);
        let LineColumn { line, column } = file.line_column(issue.span.start);
        let (path, kind, message) = (clean(&file.path), issue.kind.word(), clean(&issue.message));
        writeln!(out, "issue[{kind}]: {path}:{line}:{column}: {message}")?;
    }
    if MOST_ISSUES < issues.len() {
        writeln!(
            out,
            "… and {} more issues, which `--format json` lists",
            issues.len() - MOST_ISSUES
        )?;
    }
    if issues.is_empty() { Ok(()) } else { writeln!(out) }
}

fn summary(report: &Report, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{} ({:.2} s)", counts(report), screen.elapsed.total().as_secs_f64())?;
    if !report.unknowns.is_empty() {
        write!(out, "; {} could not be resolved", counted(report.unknowns.len(), "place"))?;
    }
    writeln!(out)?;
    let Tally { allowed, baselined, unchanged, outside, below_threshold } = report.tally();
    for (count, why) in [
        (allowed, "allowed"),
        (baselined, "in the baseline"),
        (unchanged, "there before, and not touched by the change"),
        (outside, "no part of what is deployed"),
        (below_threshold, "less sure than --confidence asks for"),
    ] {
        if count != 0 {
            writeln!(out, "{} not shown: {why}", counted(count, "finding"))?;
        }
    }
    Ok(())
}

fn stale(report: &Report, detail: Detail, out: &mut dyn Write) -> io::Result<()> {
    if report.stale.is_empty() {
        return Ok(());
    }
    let count = report.stale.len();
    let (entries, are, them) =
        if count == 1 { ("entry", "is", "it") } else { ("entries", "are", "them") };
    writeln!(
        out,
        "{count} {entries} of the baseline {are} stale: `rowlock baseline --prune` takes {them} out"
    )?;
    for entry in report.stale.iter().filter(|_| detail == Detail::Verbose) {
        writeln!(out, "  {}: {}", clean(&entry.rule), clean(&entry.anchor))?;
    }
    Ok(())
}

/// Writes what is wrong in a file that people write for rowlock, with its place.
pub(crate) fn write_flaw(flaw: &Flaw, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let Flaw { file, place, reason, help } = flaw;
    let mark = Mark {
        span: Span { file: FileId(0), start: place.start as u32, end: place.end as u32 },
        label: String::new(),
        is_last: true,
    };
    let shown = match snippet(file, std::slice::from_ref(&mark)) {
        Some(snippet) => Element::from(snippet),
        None => origin(file, mark.span).into(),
    };
    let group = Group::with_title(Level::ERROR.primary_title(clean(reason)))
        .element(shown)
        .elements(help.map(|help| Level::HELP.message(help)));
    let renderer = Renderer::styled().term_width(width).decor_style(DecorStyle::Ascii);
    writeln!(out, "{}", renderer.render(&[group]))
}

#[cfg(test)]
mod tests {
    use super::{write, write_flaw};
    use crate::base::{Chain, FileId, FileKind, SourceFile, Sources, Span, Step};
    use crate::error::Flaw;
    use crate::finding::Finding;
    use crate::output::samples::{self, RULE, SCREEN};
    use crate::output::{Format, Wanted};
    use crate::policy::Report;
    use snapbox::{assert_data_eq, str};

    fn plain(report: &Report, sources: &Sources) -> String {
        plain_of(samples::in_format(Format::Terminal), report, sources)
    }

    fn plain_of(wanted: Wanted, report: &Report, sources: &Sources) -> String {
        let mut out = anstream::StripStream::new(Vec::new());
        write(wanted, report, sources, SCREEN, &mut out).unwrap();
        String::from_utf8(out.into_inner()).unwrap()
    }

    fn one_file(text: impl Into<String>) -> Sources {
        Sources::new(vec![SourceFile::new("A.cls".into(), FileKind::ApexClass, text.into())])
    }

    fn one_step(start: u32, end: u32, note: &str) -> Finding {
        let span = Span { file: FileId(0), start, end };
        Finding::new(&RULE, "anchor".into(), Chain::of(Step::new(span, note)), "found".into())
    }

    #[test]
    fn the_chain_goes_through_files() {
        let sources = samples::sources();
        assert_data_eq!(
            plain(&samples::report(&sources), &sources),
            str![[r#"
warning[parent-update]: every update of a `Line__c` updates its `Invoice__c`
 --> main/Läufer 1.cls:3:15
  |
 ::: main/Zeile.trigger:1:18
  |
1 | trigger Zeile on Line__c (after update) {
  |                  ------- 1. every save of `Line__c` runs it
2 |   new Läufer().übertrage();
  |   ------------------------ 2. calls `übertrage`
  |
 ::: main/Läufer 1.cls:3:15
  |
3 |     /* für */ update eltern;
  |               ^^^^^^^^^^^^^ 3. updates `Invoice__c`
  |
  = note: facts AU-02, LK-04 (confidence: medium)
  = help: update only where `Amount__c` changed

issue[parse]: main/Zeile.trigger:3:1: no valid Apex; the rest of the file counts

1 warning in 2 files (0.12 s); 3 places could not be resolved

"#]]
        );
    }

    #[test]
    fn nothing_found_is_said() {
        let sources = samples::sources();
        let report = samples::report_of(&sources, Vec::new(), Vec::new());
        assert_data_eq!(
            plain(&report, &sources),
            str![[r#"
no findings in 2 files (0.12 s); 3 places could not be resolved

"#]]
        );
    }

    #[test]
    fn what_goes_on_for_lines_is_marked_by_its_first() {
        let sources = one_file("class A {\n  void a() {\n  }\n}\n");
        let report =
            samples::report_of(&sources, vec![one_step(12, 25, "this method")], Vec::new());
        assert_data_eq!(
            plain(&report, &sources),
            str![[r#"
warning[parent-update]: found
 --> A.cls:2:3
  |
2 |   void a() {
  |   ^^^^^^^^^^ this method
  |
  = note: confidence: high

1 warning in 1 file (0.12 s); 3 places could not be resolved

"#]]
        );
    }

    #[test]
    fn a_minified_line_is_not_printed() {
        let sources = one_file("x".repeat(100_000));
        let report =
            samples::report_of(&sources, vec![one_step(50_000, 99_999, "somewhere")], Vec::new());
        assert_data_eq!(
            plain(&report, &sources),
            str![[r#"
warning[parent-update]: found
--> A.cls:1:50001
 = note: somewhere
 = note: confidence: high

1 warning in 1 file (0.12 s); 3 places could not be resolved

"#]]
        );
    }

    #[test]
    fn places_that_do_not_fit_the_text_are_harmless() {
        for text in ["", "\n", "é", "a\r\n"] {
            let sources = one_file(text);
            for (start, end) in [(0, 0), (1, 1), (0, 9), (8, 9)] {
                let report =
                    samples::report_of(&sources, vec![one_step(start, end, "here")], Vec::new());
                assert!(plain(&report, &sources).contains("A.cls"), "{text:?} {start}..{end}");
            }
        }
    }

    #[test]
    fn files_cannot_command_the_terminal() {
        let sources = one_file("x = '\u{1b}[31m\u{9b}2J\u{7}';\n");
        let finding = one_step(0, 1, "\u{1b}]0;title\u{7}").help("\u{9b}2J");
        let report = samples::report_of(&sources, vec![finding], Vec::new());
        let mut out = Vec::new();
        let wanted = samples::all_in_format(Format::Terminal);
        write(wanted, &report, &sources, SCREEN, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        // The styles are ours: `ESC [` digits `m`. Nothing else may be left.
        let foreign = text.split('\u{1b}').skip(1).find(|rest| {
            let code = rest.strip_prefix('[').unwrap_or("?");
            !code.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').starts_with('m')
        });
        assert_eq!(foreign, None);
        assert!(!text.contains(['\u{9b}', '\u{7}']), "{text:?}");
    }

    #[test]
    fn flaws_have_places_and_are_harmless() {
        let shown = |text: &str, place: std::ops::Range<usize>| {
            let file = SourceFile::new("a.toml".into(), FileKind::Config, text.to_owned());
            let reason = "no \u{9b}2J".to_owned();
            let flaw = Flaw { file, place, reason, help: Some("correct it") };
            let mut out = anstream::StripStream::new(Vec::new());
            write_flaw(&flaw, 80, &mut out).unwrap();
            String::from_utf8(out.into_inner()).unwrap()
        };
        assert_data_eq!(
            shown("a = 1\n\u{9b}b = 2\n", 8..9),
            str![[r#"
error: no �2J
 --> a.toml:2:2
  |
2 | ·b = 2
  |  ^
  |
  = help: correct it

"#]]
        );
        assert_data_eq!(
            shown(&"x".repeat(5_000), 4_000..4_001),
            str![[r#"
error: no �2J
--> a.toml:1:4001
 = help: correct it

"#]]
        );
        assert!(shown("", 0..0).contains("a.toml"));
        assert!(shown("é", 1..9).contains("a.toml"));
    }

    #[test]
    fn more_is_written_on_request() {
        let sources = samples::sources();
        let report = samples::report_of(&sources, Vec::new(), Vec::new());
        let wanted = samples::all_in_format(Format::Terminal);
        assert_data_eq!(
            plain_of(wanted, &report, &sources),
            str![[r#"
unresolved[unknown-object]: main/Läufer 1.cls:1:3: `ass Lä`
unresolved[missing-class]: main/Läufer 1.cls:1:11: `e`
unresolved[unknown-object]: main/Läufer 1.cls:2:4: `oid übertrage() { /* für */ updat`

2 places [unknown-object]: it is not known which object the written rows have
  = note: what their save locks is not reported
  = help: give the rows a type where they come from: `List<Account>` instead of `List<SObject>`

1 place [missing-class]: the class that is called is not in the project
  = note: what it locks is not reported, and what it returns is not known
  = help: if you have its source, check it together with the project

triggers followed                          2     of 3
classes                                  120
DML statements that saves reach            9
  of known object                          9  100.0 %
  related to the saved rows                8   88.8 %
    parents                                7
    new rows                               2
    not known                              1
places that could not be resolved          3
  unknown-object                           2
  missing-class                            1
reading                                 0.01 s
analysis                                0.09 s
rules                                   0.02 s

no findings in 2 files (0.12 s); 3 places could not be resolved

"#]]
        );
    }
}
