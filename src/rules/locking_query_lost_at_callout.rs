//! A callout can be reached after a locking query.

use super::locking::{finding, rows};
use super::transactions::{Locking, locking_queries, transactions};
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::base::Span;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::program::{Effect, EffectKind};

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "locking-query-lost-at-callout",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "a callout after `FOR UPDATE` drops the locks without an error",
        page: include_str!("locking_query_lost_at_callout.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let transactions = transactions(analysis);
    for queries in locking_queries(&transactions) {
        let lost = queries.iter().filter_map(|query| Some((query.effect, callout_after(query)?)));
        let Some((query, callout)) = lost.min_by_key(|(query, _)| query.chain.len()) else {
            continue;
        };
        let rows = rows(query, &analysis.schema);
        let message = format!("the lock on {rows} is dropped by a callout that follows");
        let help = format!(
            "make the callout of `{}` first and lock afterwards, or let a job make it",
            callout.code
        );
        out.push(
            finding(analysis, &RULE.info, query, message).facts(&["LK-08", "LK-09"]).help(help),
        );
    }
}

/// A callout after a query that locks, unless the same rows are locked once more after it.
fn callout_after<'a>(query: &Locking<'_, 'a>) -> Option<&'a Effect> {
    let effect = query.effect;
    if effect.query.is_some_and(|query| query.flaw.is_some()) {
        return None;
    }
    let after: Vec<&Effect> = query.transaction.after(effect).collect();
    let at = after.iter().position(|later| later.kind == EffectKind::Callout && later.certain)?;
    let again = after[at..].iter().any(|later| locks_again(later, effect, after[at].site));
    (!again).then_some(after[at])
}

fn locks_again(later: &Effect, query: &Effect, callout: Span) -> bool {
    later.kind == EffectKind::LockingQuery && later.object == query.object && later.site != callout
}
