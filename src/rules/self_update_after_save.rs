//! After-automation saves the saved row again.

use super::writes::{Write, events, writes};
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::program::{DmlOp, Mask};
use crate::schema::ObjectId;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "self-update-after-save",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "after-automation updates the saved row again, where a before-trigger could set the values",
        page: include_str!("self_update_after_save.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let writes = writes(analysis);
    // One change mends all that one method or flow does.
    let mut by_code: BTreeMap<(ObjectId, &str), Vec<&Write<'_>>> = BTreeMap::new();
    for write in writes.iter().filter(|write| saves_again(write)) {
        by_code.entry((write.saved, write.code)).or_default().push(write);
    }
    out.extend(by_code.into_values().map(|writes| finding(analysis, &writes)));
}

fn finding(analysis: &Analysis, writes: &[&Write<'_>]) -> Finding {
    let first = writes[0];
    let object = analysis.schema.name(first.object);
    let saves: BTreeSet<&str> =
        writes.iter().flat_map(|write| &write.saves).map(|save| save.op.word()).collect();
    let saves: Vec<&str> =
        DmlOp::ALL.into_iter().map(DmlOp::word).filter(|word| saves.contains(word)).collect();
    let message = format!(
        "{} of a `{object}` updates the same rows again after they were saved",
        saves.join(" or ")
    );
    let help = "assign the fields in a before-trigger or a before-save flow: then they are part of the first save, and no parent is locked for longer";
    first
        .finding(&RULE.info, analysis, message)
        .events(events(writes, analysis))
        .facts(&["AP-12", "LK-06", "RU-11"])
        .help(help)
        .remedy("before-save", format!("{}:{object}", first.code))
}

fn saves_again(write: &Write<'_>) -> bool {
    let after = write.mask.and(Mask::AFTER).without(Mask::DELETE);
    write.row.is_saved() && write.ops.contains(&DmlOp::Update) && !after.is_empty()
}
