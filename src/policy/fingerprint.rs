//! The stable identity of a finding: what a baseline and an alert in another tool remember it by.

use crate::finding::Finding;
use rustc_hash::FxHashMap;
use std::fmt;

/// Of rule, anchor, and an ordinal for equal anchors. Prints as `v1:` and 16 hex digits.
///
/// Without line and message, it survives moved code and better wording.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Fingerprint(pub(crate) u64);

impl Fingerprint {
    /// As it prints.
    pub(super) fn parse(text: &str) -> Option<Fingerprint> {
        let digits = text.strip_prefix("v1:").filter(|digits| digits.len() == 16)?;
        u64::from_str_radix(digits, 16).ok().map(Fingerprint)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v1:{:016x}", self.0)
    }
}

/// The fingerprints of findings in source order.
pub(super) fn of(findings: &[Finding]) -> Vec<Fingerprint> {
    let mut seen: FxHashMap<(&str, &str), u32> = FxHashMap::default();
    let mut fingerprints = Vec::with_capacity(findings.len());
    for finding in findings {
        let (rule, anchor) = (finding.rule.id, finding.anchor.as_str());
        let ordinal = seen.entry((rule, anchor)).or_default();
        fingerprints.push(Fingerprint(hash(rule, anchor, *ordinal)));
        *ordinal += 1;
    }
    fingerprints
}

/// FNV-1a: its result is specified, unlike that of the standard hasher, and may be stored.
fn hash(rule: &str, anchor: &str, ordinal: u32) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let ordinal = ordinal.to_string();
    // A zero byte between the parts: neither ids nor anchors have one.
    [rule, "\0", anchor, "\0", &ordinal]
        .iter()
        .flat_map(|part| part.bytes())
        .fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::{Fingerprint, hash};

    #[test]
    fn fingerprints_are_for_ever() {
        let of = |rule, anchor, ordinal| Fingerprint(hash(rule, anchor, ordinal)).to_string();
        assert_eq!(of("parent-update", "Line__c:update -> Invoice__c", 0), "v1:e3d9f44d2bc7c85c");
        assert_ne!(hash("a", "b", 0), hash("a", "b", 1));
        assert_ne!(hash("ab", "c", 0), hash("a", "bc", 0));
    }

    #[test]
    fn they_have_sixteen_digits() {
        assert_eq!(Fingerprint(7).to_string(), "v1:0000000000000007");
        assert_eq!(Fingerprint::parse("v1:0000000000000007"), Some(Fingerprint(7)));
        assert_eq!(Fingerprint::parse("v2:0000000000000007"), None);
        assert_eq!(Fingerprint::parse("v1:7"), None);
    }
}
