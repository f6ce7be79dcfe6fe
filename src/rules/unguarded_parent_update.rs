//! Automation of a child writes its parent on every update, changed or not.

use super::parent_update::{is_unguarded, writes_parent};
use super::writes::writes;
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::finding::{Finding, RuleInfo, Severity};

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "unguarded-parent-update",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "every update of a child writes its parent, even when nothing relevant changed",
        page: include_str!("unguarded_parent_update.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for write in writes(analysis).iter().filter(|write| writes_parent(write) && is_unguarded(write))
    {
        let schema = &analysis.schema;
        let (child, parent) = (schema.name(write.saved), schema.name(write.object));
        let via = write.row.via(schema).unwrap_or_default();
        let message = format!(
            "every update of a `{child}` {} the `{parent}` that `{via}` points to",
            write.verbs()
        );
        let help = format!(
            "compare with `Trigger.oldMap`, and write the `{parent}` only for rows in which something relevant changed"
        );
        out.push(
            write
                .finding(&RULE.info, analysis, message)
                .help(help)
                .remedy("parent-write", format!("{}:{parent}", write.code)),
        );
    }
}
