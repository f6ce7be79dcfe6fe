//! Syntax tree to intermediate representation.

use super::ir::Unit;
use crate::base::{FileId, Issue, SourceFile};

/// Parses and lowers one class or trigger file. What cannot be parsed is an issue; the rest counts.
pub(crate) fn read_apex(_file: FileId, _source: &SourceFile, _issues: &mut Vec<Issue>) -> Unit {
    Unit::default()
}
