//! `rowlock diff`, for people and for programs.

mod json;
mod text;

use super::Format;
use crate::analysis::Analysis;
use crate::query::ModelDiff;
use std::io::{self, Write};

/// Writes what saves lock more, or less, than before. Whatever is not JSON is text: no other format has a form for it.
pub(crate) fn write_diff(
    format: Format,
    before: &Analysis,
    after: &Analysis,
    diff: &ModelDiff,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Json => json::write(before, after, diff, out),
        _ => text::write(before, after, diff, out),
    }
}
