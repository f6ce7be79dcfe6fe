//! For people: the places that could not be resolved, and what each kind of them means.

use super::{clean, counted};
use crate::base::{LineColumn, Sources, Span};
use crate::program::{Unknown, UnknownReason};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// A line of code that is longer says no more about where to look.
const LONGEST_CODE: usize = 60;

pub(super) fn write(
    unknowns: &[Unknown],
    sources: &Sources,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut counts: BTreeMap<UnknownReason, usize> = BTreeMap::new();
    for Unknown { span, reason } in unknowns {
        *counts.entry(*reason).or_default() += 1;
        let file = sources.file(span.file);
        let LineColumn { line, column } = file.line_column(span.start);
        let (id, path, code) = (reason.words().id, clean(&file.path), code(*span, sources));
        writeln!(out, "unresolved[{id}]: {path}:{line}:{column}: {code}")?;
    }
    for (reason, count) in counts {
        let words = reason.words();
        writeln!(out, "\n{} [{}]: {}", counted(count, "place"), words.id, words.what)?;
        writeln!(out, "  = note: {}", words.effect)?;
        writeln!(out, "  = help: {}", words.help)?;
    }
    if unknowns.is_empty() { Ok(()) } else { writeln!(out) }
}

/// What stands at a place, on one line.
fn code(span: Span, sources: &Sources) -> String {
    let file = sources.file(span.file);
    let (start, end) = (file.char_start(span.start), file.char_start(span.end));
    let text = file.text.get(start..end).unwrap_or_default();
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: Cow<'_, str> = match line.char_indices().nth(LONGEST_CODE) {
        Some((cut, _)) => format!("{}…", line.get(..cut).unwrap_or_default()).into(),
        None => line.as_str().into(),
    };
    format!("`{}`", clean(&shown))
}
