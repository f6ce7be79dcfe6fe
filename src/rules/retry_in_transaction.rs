//! A lock failure is answered by the same statement, in the same transaction.

use super::failures::{any_statements, finding, rows};
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::program::Failure;

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "retry-in-transaction",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "a statement that could not lock its rows is tried again while all other locks are held",
        page: include_str!("retry_in_transaction.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for effect in any_statements(analysis, |effect| effect.failure == Failure::Retried) {
        let rows = rows(effect, &analysis.schema);
        let message = format!("tries again to lock {rows} in the same transaction");
        out.push(
            finding(analysis, &RULE.info, effect, message)
                .facts(&["LK-02", "LK-03", "LK-07"])
                .help("let the transaction end, and try again in a later one: a job with a delay, or a retryable event")
                .remedy("lock-retry", effect.code.as_str()),
        );
    }
}
