//! The rules: each asks the lock model one question.

mod active_duplicate_rule;
mod cascading_lookup;
mod cross_record_write;
mod dml_in_loop;
mod hot_row_write;
mod master_detail_lock;
mod parent_update;
mod relationship;
mod restricting_lookup;
mod rollup_chain;
mod rollup_contention;
mod self_update_after_save;
mod shared_parent_insert;
mod unguarded_parent_update;
mod writes;

use crate::analysis::Analysis;
use crate::finding::{Finding, RuleInfo};

/// A rule: what is known of it, and what it asks.
pub(crate) struct Rule {
    pub(crate) info: RuleInfo,
    check: fn(&Analysis, &mut Vec<Finding>),
}

/// Every rule, in the order of ids.
pub(crate) static ALL: &[&Rule] = &[
    &active_duplicate_rule::RULE,
    &cascading_lookup::RULE,
    &cross_record_write::RULE,
    &dml_in_loop::RULE,
    &hot_row_write::RULE,
    &master_detail_lock::RULE,
    &parent_update::RULE,
    &restricting_lookup::RULE,
    &rollup_chain::RULE,
    &rollup_contention::RULE,
    &self_update_after_save::RULE,
    &shared_parent_insert::RULE,
    &unguarded_parent_update::RULE,
];

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
