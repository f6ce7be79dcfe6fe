//! What is new since an earlier state of the project: decided by what findings say and show, not by their lines.

use super::fingerprint::{self, Fingerprint};
use crate::base::{Sources, Span};
use crate::finding::Finding;
use rustc_hash::{FxHashMap, FxHashSet};

/// An earlier state: what was found then, and all its lines of text.
pub(crate) struct Earlier {
    /// What was found, with the saves that each finding names.
    found: FxHashMap<Fingerprint, Vec<String>>,
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
        Earlier { found: FxHashMap::default(), lines: FxHashSet::default() }
    }

    pub(crate) fn of(mut findings: Vec<Finding>, sources: &Sources) -> Earlier {
        findings.sort_by(|a, b| super::order(a).cmp(&super::order(b)));
        let fingerprints = fingerprint::of(&findings);
        let events = findings.into_iter().map(|finding| finding.events);
        let found = fingerprints.into_iter().zip(events).collect();
        let lines = sources.files().iter().flat_map(|file| file.text.lines());
        Earlier { found, lines: lines.map(bare).collect() }
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
        // A save that comes to it for the first time is as new as a place.
        let names_all =
            |known: &Vec<String>| finding.events.iter().all(|event| known.contains(event));
        !self.earlier.found.get(&fingerprint).is_some_and(names_all)
            || !finding.chain.steps().all(|step| was_there(step.span))
    }
}

/// A line without its white space.
fn bare(line: &str) -> String {
    line.split_whitespace().collect()
}
