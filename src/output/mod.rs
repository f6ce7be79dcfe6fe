//! What leaves the process: one file a format. No format changes a verdict or an exit code.

mod json;
mod conflicts;
mod diff;
mod document;
mod excerpt;
mod explain;
mod github;
mod gitlab;
mod graph;
mod html;
mod junit;
mod markdown;
mod markup;
mod numbers;
mod page;
mod sarif;
mod terminal;
mod text;
mod unknowns;
mod words;

use crate::analysis::Analysis;
use crate::base::{LineColumn, Sources, Span};
use crate::finding::{Remedy, Severity};
use crate::policy::{Judged, Report};
use std::cmp::Reverse;
use std::io::{self, Write};
use std::time::Duration;

pub(crate) use conflicts::write_conflicts;
pub(crate) use diff::write_diff;
pub(crate) use explain::write_explanations;
pub(crate) use graph::{GraphFormat, write_graph};
pub(crate) use page::write_page;
pub(crate) use terminal::write_flaw;
pub(crate) use text::clean;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    /// For people.
    Terminal,
    /// Version 1 of our own.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// Test results, for Jenkins and others.
    Junit,
    /// For a job's summary, or a comment.
    Markdown,
    /// One page that needs nothing else.
    Html,
}

impl Format {
    pub(crate) const ALL: [Format; 8] = [
        Format::Terminal,
        Format::Json,
        Format::Sarif,
        Format::Github,
        Format::Gitlab,
        Format::Junit,
        Format::Markdown,
        Format::Html,
    ];

    /// The word that options use.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Format::Terminal => "terminal",
            Format::Json => "json",
            Format::Sarif => "sarif",
            Format::Github => "github",
            Format::Gitlab => "gitlab",
            Format::Junit => "junit",
            Format::Markdown => "markdown",
            Format::Html => "html",
        }
    }
}

/// A line for people about what could not be read: it may hide locks.
pub(crate) fn unread(analysis: &Analysis) -> Option<String> {
    match analysis.issues.len() {
        0 => None,
        1 => {
            Some("One place of the project could not be read: `rowlock check` tells it.".to_owned())
        }
        count => Some(format!(
            "{count} places of the project could not be read: `rowlock check` lists them."
        )),
    }
}

/// Whether people are told of `rowlock generate`: a command that is not there yet is no advice. JSON has it as data.
const GENERATE_EXISTS: bool = false;

/// The command that carries out a remedy.
fn command(remedy: &Remedy) -> String {
    format!("rowlock generate {} {}", remedy.generator, remedy.target)
}

/// What is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    pub(crate) format: Format,
    /// Each place that could not be resolved, besides their number.
    pub(crate) unknowns: bool,
    pub(crate) stats: bool,
    pub(crate) detail: Detail,
    /// The least severity that fails the run, for formats that tell failures from remarks.
    pub(crate) fail_on: Option<Severity>,
}

/// How much people are told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Detail {
    /// Findings only.
    Quiet,
    Usual,
    /// What is allowed or in the baseline as well, and the anchors by which findings are allowed.
    Verbose,
}

/// What people see and machines do not ask for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    /// In columns.
    pub(crate) width: usize,
    pub(crate) elapsed: Elapsed,
}

/// How long a run took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elapsed {
    pub(crate) reading: Duration,
    pub(crate) analysis: Duration,
    pub(crate) rules: Duration,
}

impl Elapsed {
    fn total(self) -> Duration {
        self.reading + self.analysis + self.rules
    }
}

/// Writes a report with its styles, which the stream strips where it has none.
pub(crate) fn write(
    wanted: Wanted,
    report: &Report,
    sources: &Sources,
    screen: Screen,
    out: &mut dyn Write,
) -> io::Result<()> {
    match wanted.format {
        Format::Terminal => terminal::write(wanted, report, sources, screen, out),
        Format::Json => json::write(wanted, report, sources, out),
        Format::Sarif => sarif::write(wanted, report, sources, out),
        Format::Github => github::write(report, sources, out),
        Format::Gitlab => gitlab::write(report, sources, out),
        Format::Junit => junit::write(wanted, report, sources, out),
        Format::Markdown => markdown::write(report, sources, out),
        Format::Html => html::write(wanted, report, sources, out),
    }
}

/// The findings that are shown, by severity, then in their order: where only some are read, these matter most.
fn worst_first(report: &Report) -> Vec<&Judged> {
    let mut findings: Vec<&Judged> = report.reported().collect();
    findings.sort_by_key(|judged| Reverse(judged.finding.severity));
    findings
}

/// Where something begins, as servers know it: `force-app/A.cls:3:15`
fn place(span: Span, sources: &Sources) -> String {
    let LineColumn { line, column } = sources.file(span.file).line_column(span.start);
    format!("{}:{line}:{column}", sources.path_in_repository(span.file))
}

/// `1 error, 2 notes in 9 files`
fn counts(report: &Report) -> String {
    let counts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .map(|severity| (report.count(severity), severity.word()))
        .filter(|(count, _)| *count != 0)
        .map(|(count, word)| counted(count, word))
        .collect();
    let found = if counts.is_empty() { "no findings".to_owned() } else { counts.join(", ") };
    format!("{found} in {}", counted(report.files, "file"))
}

/// `1 file`, `2 files`
fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

#[cfg(test)]
mod samples;
