//! Automation or a loop writes what the group membership lock guards.

use super::failures::{finding, rows};
use super::transactions::{Transaction, transactions};
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::program::{DmlOp, Effect, EffectKind, JobKind, Repeat};
use crate::schema::Schema;
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "group-membership-write",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "a write of roles, groups, queues or territories takes a lock for the whole organisation",
        page: include_str!("group_membership_write.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let transactions = transactions(analysis);
    let mut by_site: BTreeMap<_, &Effect> = BTreeMap::new();
    for transaction in &transactions {
        for &effect in &transaction.effects {
            if takes_lock(effect, &analysis.schema) && is_repeated(transaction, effect) {
                let known = by_site.entry(effect.site).or_insert(effect);
                if effect.chain.len() < known.chain.len() {
                    *known = effect;
                }
            }
        }
    }
    for effect in by_site.into_values() {
        let message = format!(
            "a write of {} takes the group membership lock of the whole organisation",
            rows(effect, &analysis.schema)
        );
        out.push(
            finding(analysis, &RULE.info, effect, message)
                .facts(&["GL-01", "GL-02", "GL-03", "GL-07", "GL-08", "ER-04"])
                .help("collect the changes and let one scheduled job make them, with all rows in one statement"),
        );
    }
}

/// In a save, in a job that a save starts, or in a loop. One job by the clock meets no other of its kind.
fn is_repeated(transaction: &Transaction<'_>, effect: &Effect) -> bool {
    let by_save = transaction.saved.is_some() && transaction.job != Some(JobKind::Scheduled);
    by_save || effect.repeat == Repeat::PerRow
}

fn takes_lock(effect: &Effect, schema: &Schema) -> bool {
    let (EffectKind::Dml(op), Some(object)) = (effect.kind, effect.object) else { return false };
    let object = schema.name(object);
    let among = |names: &[&str]| names.iter().any(|name| object.is(name));
    match op {
        DmlOp::Undelete => false,
        _ if among(&["Group", "UserRole", "Territory2", "UserTerritory2Association"]) => true,
        DmlOp::Insert | DmlOp::Delete if among(&["GroupMember", "QueueSObject"]) => true,
        DmlOp::Insert if object.is("User") => sets(effect, "UserRoleId"),
        DmlOp::Update if object.is("User") => {
            sets(effect, "UserRoleId") || sets(effect, "IsActive")
        }
        _ => false,
    }
}

fn sets(effect: &Effect, field: &str) -> bool {
    effect.assigned.iter().any(|name| name.is(field))
}
