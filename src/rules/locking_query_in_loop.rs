//! A query with `FOR UPDATE` inside a loop, also through calls.

use super::locking::{Fault, each, finding, rows};
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::finding::{Finding, RuleInfo, Severity};

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "locking-query-in-loop",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "`FOR UPDATE` inside a loop locks one portion after the other, in the order of the loop",
        page: include_str!("locking_query_in_loop.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    each(analysis, Fault::InLoop, |query, _| {
        let rows = rows(query, &analysis.schema);
        let message = format!("locks {rows} by a query in a loop, one portion after the other");
        out.push(
            finding(analysis, &RULE.info, query, message)
                .facts(&["FU-01", "LK-03", "LK-05"])
                .help("collect the ids in the loop and lock all rows by one query after it"),
        );
    });
}
