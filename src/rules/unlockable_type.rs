//! A query asks for locks on users, groups and the like.

use super::locking::{Fault, each, finding};
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::finding::{Finding, RuleInfo, Severity};

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "unlockable-type",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "`FOR UPDATE` on a type that the platform cannot lock fails when it runs",
        page: include_str!("unlockable_type.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    each(analysis, Fault::Unlockable, |query, _| {
        let schema = &analysis.schema;
        let (message, severity) = match query.object {
            Some(object) => (
                format!("rows of `{}` cannot be locked by `FOR UPDATE`", schema.name(object)),
                RULE.info.severity,
            ),
            None => (
                "locks rows of any type by `FOR UPDATE`, which users and groups reject".to_owned(),
                Severity::Note,
            ),
        };
        out.push(
            finding(analysis, &RULE.info, query, message)
                .severity(severity)
                .facts(&["FU-08"])
                .help("leave the clause out for these types, or lock a row of a custom object that stands for the user"),
        );
    });
}
