//! What is new since an earlier state of the project: decided by what findings say and show, not by their lines.

use super::fingerprint::{self, Fingerprint};
use crate::base::{Sources, Span};
use crate::finding::Finding;
use rustc_hash::FxHashSet;

/// An earlier state: what was found then, and all its lines of text.
pub(crate) struct Earlier {
    fingerprints: FxHashSet<Fingerprint>,
    lines: FxHashSet<String>,
}

/// An earlier state, and the files as they are.
pub(crate) struct Since<'a> {
    pub(crate) earlier: Earlier,
    pub(crate) sources: &'a Sources,
}

impl Earlier {
    /// Nothing was found where there was no project.
    pub(crate) fn nothing() -> Earlier {
        Earlier { fingerprints: FxHashSet::default(), lines: FxHashSet::default() }
    }

    pub(crate) fn of(mut findings: Vec<Finding>, sources: &Sources) -> Earlier {
        findings.sort_by(|a, b| super::order(a).cmp(&super::order(b)));
        let fingerprints = fingerprint::of(&findings).into_iter().collect();
        let lines = sources.files().iter().flat_map(|file| file.text.lines());
        Earlier { fingerprints, lines: lines.map(bare).collect() }
    }
}

impl Since<'_> {
    /// Whether something was not found then, or a place that it rests on was not there: code that is moved, renamed or
    /// indented otherwise is no change.
    pub(super) fn is_new(&self, finding: &Finding, fingerprint: Fingerprint) -> bool {
        let was_there = |span: Span| {
            let file = self.sources.file(span.file);
            let lines = file.line_around(span.start).start..file.line_around(span.end).end;
            let text = file.text.get(lines).unwrap_or_default();
            text.lines().all(|line| self.earlier.lines.contains(&bare(line)))
        };
        !self.earlier.fingerprints.contains(&fingerprint)
            || !finding.chain.steps().all(|step| was_there(step.span))
    }
}

/// A line without its white space.
fn bare(line: &str) -> String {
    line.split_whitespace().collect()
}
