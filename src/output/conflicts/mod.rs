//! `rowlock conflicts`, for people and for programs.

mod json;
mod text;

use super::Format;
use crate::analysis::Analysis;
use crate::locks::Conflict;
use std::io::{self, Write};

/// Writes pairs of saves. SARIF has no form for it: whatever is not JSON is text.
pub(crate) fn write_conflicts(
    format: Format,
    analysis: &Analysis,
    conflicts: &[Conflict],
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Json => json::write(analysis, conflicts, out),
        Format::Terminal | Format::Sarif => text::write(analysis, conflicts, out),
    }
}
