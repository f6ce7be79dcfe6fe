//! After-automation saves the saved row again.

use super::Rule;
use super::writes::{Write, writes};
use crate::analysis::Analysis;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::program::{DmlOp, Mask};

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "self-update-after-save",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "after-automation updates the saved row again, where a before-trigger could set the values",
        page: include_str!("self_update_after_save.md"),
    },
    check,
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for write in writes(analysis).iter().filter(|write| saves_again(write)) {
        let schema = &analysis.schema;
        let object = schema.name(write.object);
        let message = format!(
            "{} of a `{object}` updates the same rows again after they were saved",
            write.saves_in_words()
        );
        let help = "assign the fields in a before-trigger: then they are part of the first save, and no parent is locked for longer";
        let finding =
            write.finding(&RULE.info, analysis, message).facts(&["AP-12", "LK-06", "RU-11"]);
        out.push(finding.help(help).remedy("before-save", format!("{}:{object}", write.code)));
    }
}

fn saves_again(write: &Write<'_>) -> bool {
    let after = write.mask.and(Mask::AFTER).without(Mask::DELETE);
    write.row.is_saved() && write.ops.contains(&DmlOp::Update) && !after.is_empty()
}
