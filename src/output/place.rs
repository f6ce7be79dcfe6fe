//! Places and tools in our JSON: what its documents have in common.

use crate::base::{Chain, LineColumn, Sources, Span, Step};
use crate::locks::Lock;
use serde::Serialize;

/// What wrote a document.
#[derive(Serialize)]
pub(super) struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Tool {
    pub(super) const THIS: Tool = Tool { name: "rowlock", version: env!("CARGO_PKG_VERSION") };
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
