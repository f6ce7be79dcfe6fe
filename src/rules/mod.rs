//! The rules: each asks the lock model one question.

use crate::analysis::Analysis;
use crate::finding::{Finding, RuleInfo};

/// A rule: what is known of it, and what it asks.
pub(crate) struct Rule {
    pub(crate) info: RuleInfo,
    check: fn(&Analysis, &mut Vec<Finding>),
}

/// Every rule, in the order of ids.
pub(crate) static ALL: &[&Rule] = &[];

/// Runs every rule.
pub(crate) fn run(analysis: &Analysis) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in ALL {
        (rule.check)(analysis, &mut findings);
    }
    findings
}

/// The rule of an id or alias.
pub(crate) fn by_id(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.info.id == id || rule.info.aliases.contains(&id))
}

#[cfg(test)]
mod tests;
