//! An active duplicate rule lengthens every save of its object.

use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::base::{Chain, Confidence, Step};
use crate::finding::{Finding, RuleInfo, Severity};
use crate::locks::{Cause, Lock, SaveEvent};
use crate::metadata::DuplicateRuleFacts;
use crate::program::DmlOp;
use crate::schema::ObjectId;

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "active-duplicate-rule",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Note,
        summary: "an active duplicate rule compares every saved row while its locks are held",
        page: include_str!("active_duplicate_rule.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for (object, declared) in analysis.schema.objects.iter() {
        let active: Vec<&DuplicateRuleFacts> =
            declared.duplicate_rules.iter().filter(|rule| rule.active).collect();
        if active.is_empty() {
            continue;
        }
        let shared = shared_lock(analysis, object);
        out.extend(active.into_iter().map(|rule| finding(analysis, object, rule, shared.as_ref())));
    }
}

fn finding(
    analysis: &Analysis,
    object: ObjectId,
    rule: &DuplicateRuleFacts,
    shared: Option<&Lock>,
) -> Finding {
    let schema = &analysis.schema;
    let name = schema.name(object);
    let parent = shared.and_then(|lock| Some((schema.name(lock.object?), lock.row.via(schema)?)));
    let effect = match &parent {
        Some((parent, via)) => format!(" while the `{parent}` of `{via}` is locked"),
        None => String::new(),
    };
    let message =
        format!("the duplicate rule \"{}\" compares every saved `{name}`{effect}", rule.label);
    let matching: Vec<String> =
        rule.match_rules.iter().map(|matching| format!("\"{}\"", matching.name)).collect();
    let by = match matching.as_slice() {
        [] => String::new(),
        [one] => format!("; it uses the matching rule {one}"),
        several => format!("; it uses the matching rules {}", several.join(", ")),
    };
    let help = format!(
        "in Setup: Duplicate Rules > {}{by}; a load may pass it by `DuplicateRuleHeader.allowSave` where the rule allows to",
        rule.label
    );
    let mut chain = Chain::of(Step::new(
        rule.span,
        format!("the rule is active, and runs in each save of a `{name}`"),
    ));
    if let Some(before) = shared.and_then(|lock| lock.chain.as_ref()) {
        chain = before.then(&chain);
    }
    let severity = if shared.is_some() { Severity::Warning } else { RULE.info.severity };
    Finding::new(&RULE.info, format!("{name}.{}", rule.name), chain, message)
        .severity(severity)
        .confidence(Confidence::Medium)
        .object(name.as_str())
        .via(parent.map(|(_, via)| via))
        .events(vec![format!("{name}:insert"), format!("{name}:update")])
        .facts(&["DU-01", "DU-02"])
        .help(help)
        .remedy("duplicate-rules", format!("{name}.{}", rule.name))
}

/// A row shared with other saves that an insert or update of the object is sure to lock.
fn shared_lock(analysis: &Analysis, object: ObjectId) -> Option<Lock> {
    let saves = [DmlOp::Insert, DmlOp::Update].map(|op| SaveEvent { object, op });
    saves.into_iter().flat_map(|save| analysis.locks.footprint(save)).find(|lock| {
        lock.row.is_shared()
            && lock.cause != Cause::SavedRow
            && lock.confidence >= Confidence::Medium
    })
}
