//! Automation of a child writes its parent, after a test of a change or where there is nothing to compare.
//!
//! Without such a test it is `unguarded-parent-update`.

use super::writes::{Write, writes};
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::program::Mask;

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "parent-update",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "automation of a child writes its parent in the same transaction",
        page: include_str!("parent_update.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for write in
        writes(analysis).iter().filter(|write| writes_parent(write) && !is_unguarded(write))
    {
        let schema = &analysis.schema;
        let via = write.row.via(schema).unwrap_or_default();
        let message = format!(
            "{} of a `{}` {} the `{}` that `{via}` points to",
            write.saves_in_words(),
            schema.name(write.saved),
            write.verbs(),
            schema.name(write.object),
        );
        let help = format!(
            "write each `{}` once, in a transaction of its own, or let the value be computed when it is read",
            schema.name(write.object)
        );
        out.push(
            write
                .finding(&RULE.info, analysis, message)
                .help(help)
                .remedy("parent-write", format!("{}:{}", write.code, schema.name(write.object))),
        );
    }
}

/// Whether the saved row's parent, or its parent's parent, is written.
pub(super) fn writes_parent(write: &Write<'_>) -> bool {
    write.row.is_parent() && write.changes_rows()
}

/// Whether an update reaches the write without any test that something changed. Other saves have nothing to compare.
pub(super) fn is_unguarded(write: &Write<'_>) -> bool {
    write.unchecked.meets(Mask::UPDATE)
}
