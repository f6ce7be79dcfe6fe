//! What leaves the process: one file a format. No format changes a verdict or an exit code.

mod json;
mod conflicts;
mod diff;
mod document;
mod explain;
mod graph;
mod numbers;
mod sarif;
mod terminal;
mod text;
mod unknowns;
mod words;

use crate::analysis::Analysis;
use crate::base::Sources;
use crate::finding::Remedy;
use crate::policy::Report;
use std::io::{self, Write};
use std::time::Duration;

pub(crate) use conflicts::write_conflicts;
pub(crate) use diff::write_diff;
pub(crate) use explain::write_explanations;
pub(crate) use graph::{GraphFormat, write_graph};
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
    }
}

#[cfg(test)]
mod samples;
