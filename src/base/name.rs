//! API names, which Salesforce compares without case.

use smol_str::SmolStr;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// An API name: keeps the spelling it was written with, compares and hashes without ASCII case.
#[derive(Clone, Default)]
pub(crate) struct Name(SmolStr);

impl Name {
    pub(crate) fn new(text: &str) -> Name {
        Name(SmolStr::new(text))
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether this is `other`, whatever the case.
    pub(crate) fn is(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }

    /// Whether the name ends in `suffix` (`__c`, `__e`, …), whatever the case.
    pub(crate) fn has_suffix(&self, suffix: &str) -> bool {
        self.without_suffix(suffix).is_some()
    }

    /// The name up to `suffix`, or nothing if it does not end so.
    pub(crate) fn without_prefix(&self, prefix: &str) -> Option<&str> {
        let (head, tail) = self.as_str().split_at_checked(prefix.len())?;
        head.eq_ignore_ascii_case(prefix).then_some(tail)
    }

    pub(crate) fn without_suffix(&self, suffix: &str) -> Option<&str> {
        let stem = self.as_str().len().checked_sub(suffix.len())?;
        let (head, tail) = self.as_str().split_at_checked(stem)?;
        tail.eq_ignore_ascii_case(suffix).then_some(head)
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        self.is(other.as_str())
    }
}

impl Eq for Name {}

impl Ord for Name {
    fn cmp(&self, other: &Name) -> Ordering {
        let mine = self.0.bytes().map(|byte| byte.to_ascii_lowercase());
        let theirs = other.0.bytes().map(|byte| byte.to_ascii_lowercase());
        mine.cmp(theirs)
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Name) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Eight bytes at a time, as hashers like it.
        for chunk in self.0.as_bytes().chunks(8) {
            let mut bytes = [0; 8];
            for (lower, byte) in bytes.iter_mut().zip(chunk) {
                *lower = byte.to_ascii_lowercase();
            }
            state.write_u64(u64::from_le_bytes(bytes));
        }
        state.write_usize(self.0.len());
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Name {
        Name::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn case_is_kept_and_ignored() {
        let name = Name::new("Invoice__c");
        assert_eq!(name, Name::new("INVOICE__C"));
        assert_eq!(name.to_string(), "Invoice__c");
        assert_eq!(name.without_suffix("__C"), Some("Invoice"));
        assert!(!name.has_suffix("__e"));
        assert!(Name::new("é").without_suffix("__c").is_none());
    }
}
