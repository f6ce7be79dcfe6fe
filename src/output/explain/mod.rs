//! `rowlock explain`, for people and for programs.

mod json;
mod text;

use super::Format;
use crate::analysis::Analysis;
use crate::program::DmlOp;
use crate::query::Explanation;
use std::io::{self, Write};

/// Writes what saves of one object do. Whatever is not JSON is text: no other format has a form for it.
pub(crate) fn write_explanations(
    format: Format,
    analysis: &Analysis,
    explanations: &[Explanation<'_>],
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Json => json::write(analysis, explanations, out),
        _ => text::write(analysis, explanations, out),
    }
}

/// `inserting a`, `deleting an`
fn doing(op: DmlOp) -> &'static str {
    match op {
        DmlOp::Insert => "inserting",
        DmlOp::Update => "updating",
        DmlOp::Delete => "deleting",
        DmlOp::Undelete => "undeleting",
    }
}
