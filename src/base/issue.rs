//! What could not be read or resolved, with its place: never a failure of the run.

use super::Span;

/// One thing that the analysis had to leave out.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Issue {
    pub(crate) span: Span,
    pub(crate) kind: IssueKind,
    /// A sentence: what, and what it means for the findings.
    pub(crate) message: String,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum IssueKind {
    /// The file could not be opened or read.
    Unreadable,
    /// Bytes that are no UTF-8 were replaced.
    Encoding,
    /// Text that is no valid Apex or XML; the rest of the file counts.
    Parse,
    /// A name declared twice.
    Duplicate,
    /// The configuration names what is not there.
    Configuration,
    /// A bound of the analysis was reached.
    Bound,
    /// rowlock itself failed on a file or in a rule.
    Internal,
}

impl IssueKind {
    /// The word that output uses.
    pub(crate) fn word(self) -> &'static str {
        match self {
            IssueKind::Unreadable => "unreadable",
            IssueKind::Encoding => "encoding",
            IssueKind::Parse => "parse",
            IssueKind::Duplicate => "duplicate",
            IssueKind::Configuration => "configuration",
            IssueKind::Bound => "bound",
            IssueKind::Internal => "internal",
        }
    }
}

impl Issue {
    pub(crate) fn new(span: Span, kind: IssueKind, message: impl Into<String>) -> Issue {
        Issue { span, kind, message: message.into() }
    }
}
