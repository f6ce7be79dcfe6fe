//! A query asks for locks that it cannot have.

use super::locking::{Fault, each, finding};
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::program::Flaw;

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "illegal-locking-query",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Error,
        summary: "`FOR UPDATE` stands where the platform refuses it, or where it does nothing",
        page: include_str!("illegal_locking_query.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    each(analysis, Fault::Illegal, |query, _| {
        let Some(flaw) = query.query.and_then(|query| query.flaw) else { return };
        let (message, facts, help) = words(flaw);
        let severity =
            if flaw == Flaw::BatchStart { Severity::Warning } else { RULE.info.severity };
        out.push(
            finding(analysis, &RULE.info, query, message.to_owned())
                .severity(severity)
                .facts(facts)
                .help(help),
        );
    });
}

fn words(flaw: Flaw) -> (&'static str, &'static [&'static str], &'static str) {
    match flaw {
        Flaw::OrderBy => (
            "`FOR UPDATE` with `ORDER BY` is refused when the query runs",
            &["FU-02", "FU-11"],
            "find the rows first, ordered and without a lock, then lock them by their ids",
        ),
        Flaw::AllRows => (
            "`FOR UPDATE` with `ALL ROWS` is refused when the query runs",
            &["FU-03", "FU-11"],
            "lock only rows that are not deleted",
        ),
        Flaw::Aggregate => (
            "`FOR UPDATE` with an aggregate is refused when the query runs: there is no row to lock",
            &["FU-09", "FU-11"],
            "lock the row that holds the result, or leave the clause out",
        ),
        Flaw::SubSelect => (
            "`FOR UPDATE` in a sub-select is refused when the query runs",
            &["FU-04", "FU-11"],
            "lock the inner rows by a query of their own",
        ),
        Flaw::BatchStart => (
            "`FOR UPDATE` in `start` of a batch locks nothing in `execute`",
            &["FU-06"],
            "lock the rows of the scope again in `execute`, by `Id IN :scope`",
        ),
    }
}
