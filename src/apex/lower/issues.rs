//! What a file's syntax leaves out, in sentences.

use super::super::ir::Unit;
use super::super::syntax::Node;
use crate::base::{FileId, Issue, IssueKind, Span};

/// How many places of one file are named: more say no more.
const MAX_PLACES: usize = 5;

/// Adds the issues of a file.
pub(super) fn report(
    file: FileId,
    text: &str,
    root: Node,
    unit: &Unit,
    too_deep: Option<Span>,
    issues: &mut Vec<Issue>,
) {
    if let Some(span) = too_deep {
        issues.push(Issue::new(
            span,
            IssueKind::Bound,
            "this is nested too deeply; the inner part is left out",
        ));
    }
    let start = Span::start_of(file);
    if root.children().is_empty() && !root.has_error() {
        issues.push(Issue::new(start, IssueKind::Parse, "this file is empty"));
    } else if let Some(at) = conflict_marker(text).filter(|_| root.has_error()) {
        let span = Span { file, start: at as u32, end: (at + MARKER.len()) as u32 };
        let message =
            "this file has merge conflict markers; what stands between them may be left out";
        issues.push(Issue::new(span, IssueKind::Parse, message));
    } else if let Some(at) = text.find(PLACEHOLDER).filter(|_| root.has_error()) {
        let span = Span { file, start: at as u32, end: (at + PLACEHOLDER.len()) as u32 };
        let message = "this file is a template: it has placeholders for a namespace, and is no Apex before they are filled";
        issues.push(Issue::new(span, IssueKind::Parse, message));
    } else if unit.types.is_empty() && unit.trigger.is_none() {
        let message = "this file declares no class, interface, enum or trigger that can be read; it is left out";
        let first = root.errors().first().map_or(start, |error| span_of(file, *error));
        issues.push(Issue::new(first, IssueKind::Parse, message));
    } else if root.has_error() {
        report_errors(file, root, issues);
    }
}

fn report_errors(file: FileId, root: Node, issues: &mut Vec<Issue>) {
    let errors = root.errors();
    for (index, error) in errors.iter().enumerate().take(MAX_PLACES) {
        let span = span_of(file, *error);
        let mut message = match error.is_missing() {
            true => format!("this is not valid Apex: `{}` is missing here", error.grammar_name()),
            false => "this part is not valid Apex; it is left out".to_owned(),
        };
        let more = errors.len() - MAX_PLACES.min(errors.len());
        if index + 1 == MAX_PLACES && more > 0 {
            message.push_str(&format!(" (and {more} more in this file)"));
        }
        issues.push(Issue::new(span, IssueKind::Parse, message));
    }
}

fn span_of(file: FileId, node: Node) -> Span {
    let range = node.range();
    Span { file, start: range.start as u32, end: range.end as u32 }
}

const MARKER: &str = "<<<<<<<";
/// Begins `%%%NAMESPACE%%%` and its like, which CumulusCI fills.
const PLACEHOLDER: &str = "%%%";

/// The offset of the first marker that git left at the start of a line.
fn conflict_marker(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with(MARKER) {
            return Some(at);
        }
        at += line.len();
    }
    None
}
