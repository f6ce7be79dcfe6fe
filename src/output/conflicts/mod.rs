//! `rowlock conflicts`, for people and for programs.

mod json;
mod text;

use super::Format;
use crate::analysis::Analysis;
use crate::locks::Conflict;
use std::io::{self, Write};

/// Writes pairs of saves. Whatever is not JSON is text: no other format has a form for it.
pub(crate) fn write_conflicts(
    format: Format,
    analysis: &Analysis,
    conflicts: &[Conflict],
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Json => json::write(analysis, conflicts, out),
        _ => text::write(analysis, conflicts, out),
    }
}
