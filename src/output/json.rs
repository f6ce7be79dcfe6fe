//! Version 1 of our JSON: these structs are a promise, so nothing else is serialised.

use super::command;
use crate::base::{Issue, LineColumn, Sources, Span, Step};
use crate::finding::{Remedy, Severity};
use crate::policy::{Judged, Report};
use serde::Serialize;
use std::io::{self, Write};

pub(super) fn write(report: &Report, sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &document(report, sources))?;
    writeln!(out)
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: Tool,
    summary: Summary,
    findings: Vec<Finding<'a>>,
    issues: Vec<IssueEntry<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Summary {
    error: usize,
    warning: usize,
    note: usize,
    allowed: usize,
    baselined: usize,
    files: usize,
    unresolved: usize,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'a str,
    severity: &'a str,
    confidence: &'a str,
    message: &'a str,
    help: Option<&'a str>,
    path: &'a str,
    range: Range,
    object: Option<&'a str>,
    via: Option<&'a str>,
    events: &'a [String],
    facts: &'a [&'static str],
    anchor: &'a str,
    fingerprint: String,
    verdict: &'a str,
    chain: Vec<ChainStep<'a>>,
    remedy: Option<RemedyEntry<'a>>,
}

#[derive(Serialize)]
struct ChainStep<'a> {
    path: &'a str,
    range: Range,
    note: &'a str,
}

#[derive(Serialize)]
struct RemedyEntry<'a> {
    generator: &'a str,
    target: &'a str,
    command: String,
}

#[derive(Serialize)]
struct IssueEntry<'a> {
    path: &'a str,
    range: Range,
    kind: &'a str,
    message: &'a str,
}

/// From a place to the one after its last character.
#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

/// Line and column count from 1, columns count code points; the offset counts bytes from 0.
#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
    offset: u32,
}

fn document<'a>(report: &'a Report, sources: &'a Sources) -> Document<'a> {
    Document {
        version: 1,
        tool: Tool { name: "rowlock", version: env!("CARGO_PKG_VERSION") },
        summary: Summary {
            error: report.count(Severity::Error),
            warning: report.count(Severity::Warning),
            note: report.count(Severity::Note),
            allowed: 0,
            baselined: 0,
            files: report.files,
            unresolved: report.unresolved,
        },
        findings: report.reported().map(|judged| finding(judged, sources)).collect(),
        issues: report.issues.iter().map(|entry| issue(entry, sources)).collect(),
    }
}

fn finding<'a>(judged: &'a Judged, sources: &'a Sources) -> Finding<'a> {
    let finding = &judged.finding;
    let at = finding.at().span;
    Finding {
        rule: finding.rule.id,
        severity: finding.severity.word(),
        confidence: finding.confidence.word(),
        message: &finding.message,
        help: finding.help.as_deref(),
        path: &sources.file(at.file).path,
        range: range(at, sources),
        object: finding.object.as_deref(),
        via: finding.via.as_deref(),
        events: &finding.events,
        facts: &finding.facts,
        anchor: &finding.anchor,
        fingerprint: judged.fingerprint.to_string(),
        verdict: judged.verdict.word(),
        chain: finding.chain.steps().map(|entry| step(entry, sources)).collect(),
        remedy: finding.remedy.as_ref().map(remedy),
    }
}

fn step<'a>(step: &'a Step, sources: &'a Sources) -> ChainStep<'a> {
    ChainStep {
        path: &sources.file(step.span.file).path,
        range: range(step.span, sources),
        note: &step.note,
    }
}

fn remedy(remedy: &Remedy) -> RemedyEntry<'_> {
    RemedyEntry { generator: remedy.generator, target: &remedy.target, command: command(remedy) }
}

fn issue<'a>(issue: &'a Issue, sources: &'a Sources) -> IssueEntry<'a> {
    IssueEntry {
        path: &sources.file(issue.span.file).path,
        range: range(issue.span, sources),
        kind: issue.kind.word(),
        message: &issue.message,
    }
}

fn range(span: Span, sources: &Sources) -> Range {
    let file = sources.file(span.file);
    let position = |offset| {
        let LineColumn { line, column } = file.line_column(offset);
        Position { line, column, offset }
    };
    Range { start: position(span.start), end: position(span.end) }
}
