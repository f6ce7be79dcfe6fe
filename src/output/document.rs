//! What our JSON documents have in common. These structs are a promise: nothing else is serialised.

use crate::base::{Chain, Issue, LineColumn, Sources, Span, Step};
use crate::locks::Lock;
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct Document<'a, T> {
    version: u32,
    tool: Tool,
    #[serde(flatten)]
    content: T,
    /// What could not be read, and may hide something.
    issues: Vec<IssueEntry<'a>>,
}

/// What wrote a document.
#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct IssueEntry<'a> {
    path: &'a str,
    range: Range,
    kind: &'a str,
    message: &'a str,
}

/// Writes version 1 of a document.
pub(super) fn write<T: Serialize>(
    content: T,
    issues: &[Issue],
    sources: &Sources,
    out: &mut dyn Write,
) -> io::Result<()> {
    let issues = issues.iter().map(|entry| issue(entry, sources)).collect();
    let tool = Tool { name: "rowlock", version: env!("CARGO_PKG_VERSION") };
    serde_json::to_writer_pretty(&mut *out, &Document { version: 1, tool, content, issues })?;
    writeln!(out)
}

fn issue<'a>(issue: &'a Issue, sources: &'a Sources) -> IssueEntry<'a> {
    IssueEntry {
        path: &sources.file(issue.span.file).path,
        range: range(issue.span, sources),
        kind: issue.kind.word(),
        message: &issue.message,
    }
}

#[derive(Serialize)]
pub(super) struct ChainStep<'a> {
    path: &'a str,
    range: Range,
    note: &'a str,
}

/// From a place to the one after its last character.
#[derive(Serialize)]
pub(super) struct Range {
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

pub(super) fn chain<'a>(chain: &'a Chain, sources: &'a Sources) -> Vec<ChainStep<'a>> {
    chain.steps().map(|entry| step(entry, sources)).collect()
}

/// What shows a lock; nothing for what the platform does by itself.
pub(super) fn evidence<'a>(lock: &'a Lock, sources: &'a Sources) -> Vec<ChainStep<'a>> {
    lock.chain.as_ref().map(|steps| chain(steps, sources)).unwrap_or_default()
}

fn step<'a>(step: &'a Step, sources: &'a Sources) -> ChainStep<'a> {
    ChainStep {
        path: &sources.file(step.span.file).path,
        range: range(step.span, sources),
        note: &step.note,
    }
}

pub(super) fn range(span: Span, sources: &Sources) -> Range {
    let file = sources.file(span.file);
    let position = |offset| {
        let LineColumn { line, column } = file.line_column(offset);
        Position { line, column, offset }
    };
    Range { start: position(span.start), end: position(span.end) }
}
