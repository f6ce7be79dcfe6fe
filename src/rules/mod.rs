//! The rules: each asks the lock model one question.

mod active_duplicate_rule;
mod async_fan_out;
mod batch_scope_unordered;
mod broad_locking_query;
mod cascading_lookup;
mod competing_automation;
mod contended;
mod cron;
mod cross_record_write;
mod dml_in_loop;
mod event_partition_key;
mod failures;
mod group_membership_write;
mod hot_row_write;
mod illegal_locking_query;
mod lock_order_inversion;
mod locking;
mod locking_query_in_loop;
mod locking_query_lost_at_callout;
mod master_detail_lock;
mod overlapping_schedules;
mod parent_update;
mod realtime_rollup_tool;
mod relationship;
mod restricting_lookup;
mod retry_in_transaction;
mod rollup_chain;
mod rollup_contention;
mod self_update_after_save;
mod shared_parent_insert;
mod split_parent_update;
mod swallowed_lock_failure;
pub(crate) mod tightened_relationship;
mod transactions;
mod unguarded_parent_update;
mod unhandled_lock_failure;
pub(crate) mod unknown_rule;
mod unlockable_type;
mod unsafe_delete_guard;
pub(crate) mod unused_allow;
mod writes;

use crate::analysis::Analysis;
use crate::base::{FileId, Issue, IssueKind, Span};
use crate::finding::{Finding, RuleInfo};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A rule: what is known of it, and what it asks.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) info: RuleInfo,
    check: Check,
}

impl Rule {
    /// Whether it speaks of changes only.
    pub(crate) fn is_of_change(&self) -> bool {
        matches!(self.check, Check::Change(_))
    }
}

/// What a rule asks.
#[derive(Debug)]
enum Check {
    /// Of a project as it is.
    Project(fn(&Analysis, &mut Vec<Finding>)),
    /// Of a change: the project before, and as it is.
    Change(fn(&Analysis, &Analysis, &mut Vec<Finding>)),
    /// Of what people wrote about findings, which `policy` knows.
    Allowances,
}

/// Every rule, in the order of ids.
pub(crate) static ALL: &[&Rule] = &[
    &active_duplicate_rule::RULE,
    &async_fan_out::RULE,
    &batch_scope_unordered::RULE,
    &broad_locking_query::RULE,
    &cascading_lookup::RULE,
    &competing_automation::RULE,
    &cross_record_write::RULE,
    &dml_in_loop::RULE,
    &event_partition_key::RULE,
    &group_membership_write::RULE,
    &hot_row_write::RULE,
    &illegal_locking_query::RULE,
    &lock_order_inversion::RULE,
    &locking_query_in_loop::RULE,
    &locking_query_lost_at_callout::RULE,
    &master_detail_lock::RULE,
    &overlapping_schedules::RULE,
    &parent_update::RULE,
    &realtime_rollup_tool::RULE,
    &restricting_lookup::RULE,
    &retry_in_transaction::RULE,
    &rollup_chain::RULE,
    &rollup_contention::RULE,
    &self_update_after_save::RULE,
    &shared_parent_insert::RULE,
    &split_parent_update::RULE,
    &swallowed_lock_failure::RULE,
    &tightened_relationship::RULE,
    &unguarded_parent_update::RULE,
    &unhandled_lock_failure::RULE,
    &unknown_rule::RULE,
    &unlockable_type::RULE,
    &unsafe_delete_guard::RULE,
    &unused_allow::RULE,
];

/// Runs rules; those that ask of changes, where the project before is known.
///
/// A panic of one rule is an issue that names it; the other rules are run.
pub(crate) fn run(
    rules: &[&Rule],
    analysis: &Analysis,
    before: Option<&Analysis>,
) -> (Vec<Finding>, Vec<Issue>) {
    let mut findings = Vec::new();
    let mut issues = Vec::new();
    for rule in rules {
        // What a rule leaves behind when it panics is dropped, so nobody sees it half done.
        let checked = catch_unwind(AssertUnwindSafe(|| {
            let mut found = Vec::new();
            match (&rule.check, before) {
                (Check::Project(check), _) => check(analysis, &mut found),
                (Check::Change(check), Some(before)) => check(before, analysis, &mut found),
                (Check::Change(_), None) | (Check::Allowances, _) => {}
            }
            found
        }));
        match checked {
            Ok(mut found) => findings.append(&mut found),
            Err(_) => issues.push(failed(rule)),
        }
    }
    (findings, issues)
}

/// No file is to blame, but every issue has a place: the start of the first one.
fn failed(rule: &Rule) -> Issue {
    let message =
        format!("rowlock failed in the rule `{}`; the other rules are reported", rule.info.id);
    Issue::new(Span::start_of(FileId(0)), IssueKind::Internal, message)
}

/// The rule of an id or alias.
pub(crate) fn by_id(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.info.id == id || rule.info.aliases.contains(&id))
}

/// The ids most like one that does not exist, the nearest first: at most three.
pub(crate) fn nearest(id: &str) -> Vec<&'static str> {
    nearest_of(id, ALL.iter().map(|rule| rule.info.id))
}

/// The names most like one that does not exist, the nearest first: at most three.
pub(crate) fn nearest_of<'a>(id: &str, ids: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    // What clap takes for its own suggestions.
    const ALIKE: f64 = 0.7;
    let mut alike: Vec<(f64, &str)> = ids.map(|other| (strsim::jaro(id, other), other)).collect();
    alike.retain(|(likeness, _)| ALIKE < *likeness);
    alike.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    alike.into_iter().map(|(_, other)| other).take(3).collect()
}

#[cfg(test)]
pub(crate) mod tests;

#[cfg(test)]
mod run_tests {
    use super::{Check, Rule, nearest_of, run};
    use crate::analysis;
    use crate::base::{Chain, FileId, FileKind, IssueKind, SourceFile, Sources, Span, Step};
    use crate::finding::{Finding, RuleInfo, Severity};

    static FAILS: Rule =
        Rule { info: info("fails"), check: Check::Project(|_, _| panic!("a test of panics")) };
    static FINDS: Rule = Rule {
        info: info("finds"),
        check: Check::Project(|_, out| {
            let chain = Chain::of(Step::new(Span::start_of(FileId(0)), "here"));
            out.push(Finding::new(&FINDS.info, "anchor".into(), chain, "found".into()));
        }),
    };

    const fn info(id: &'static str) -> RuleInfo {
        RuleInfo {
            id,
            aliases: &[],
            since: "0.1.0",
            severity: Severity::Note,
            summary: "",
            page: "",
        }
    }

    #[test]
    fn a_rule_that_panics_is_named_and_the_others_run() {
        let file = SourceFile::new("A.cls".into(), FileKind::ApexClass, "class A {}".into());
        let analysis = analysis::of(Sources::new(vec![file]));
        let (findings, issues) = run(&[&FAILS, &FINDS], &analysis, None);
        assert_eq!(findings.len(), 1);
        assert_eq!(issues[0].kind, IssueKind::Internal);
        assert!(issues[0].message.contains("`fails`"), "{}", issues[0].message);
    }

    #[test]
    fn near_names_are_offered() {
        let ids = ["dml-in-loop", "locking-query-in-loop", "parent-update"];
        assert_eq!(nearest_of("dml-loop", ids.into_iter()), ["dml-in-loop"]);
        assert!(nearest_of("xyz", ids.into_iter()).is_empty());
    }
}
