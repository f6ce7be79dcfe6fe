//! From findings to a verdict: order, fingerprints, thresholds.

use crate::base::Issue;
use crate::finding::Finding;

/// The stable identity of a finding: rule, anchor, and an ordinal for equal anchors. Prints as `v1:` and 16 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Fingerprint(pub(crate) u64);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    Reported,
}

#[derive(Clone, Debug)]
pub(crate) struct Judged {
    pub(crate) finding: Finding,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) verdict: Verdict,
}

/// What a run says.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    /// In the order of output.
    pub(crate) findings: Vec<Judged>,
    pub(crate) issues: Vec<Issue>,
    /// Files read.
    pub(crate) files: usize,
    /// Places that could not be resolved.
    pub(crate) unresolved: usize,
}
