//! A roll-up above a roll-up: one save locks the master and the master's master.

use super::relationship::declared_fields;
use super::rollup_contention::steps;
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::base::{Chain, Confidence, Span, Step};
use crate::finding::{Finding, RuleInfo, Severity};
use crate::schema::{FieldId, FieldKind, RollUp, Schema};

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "rollup-chain",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "a roll-up above a roll-up: one save locks the master and the master's master",
        page: include_str!("rollup_chain.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let schema = &analysis.schema;
    let mut found: Vec<(Option<FieldId>, Finding)> = Vec::new();
    for id in declared_fields(schema) {
        if let FieldKind::RollUp(roll_up) = &schema.fields[id].kind {
            let via = roll_up.via.map(|(via, _)| via);
            found.extend(finding(schema, id, roll_up).map(|finding| (via, finding)));
        }
    }
    // Where one roll-up is sure to lock a master, that another may lock it as well is no news.
    let is_sure = |finding: &Finding| finding.confidence == Confidence::High;
    let sure: Vec<Option<FieldId>> =
        found.iter().filter(|(_, finding)| is_sure(finding)).map(|(via, _)| *via).collect();
    let kept = found.into_iter().filter(|(via, finding)| is_sure(finding) || !sure.contains(via));
    out.extend(kept.map(|(_, finding)| finding));
}

fn finding(schema: &Schema, id: FieldId, upper: &RollUp) -> Option<Finding> {
    let (via, _) = upper.via?;
    let middle = schema.fields[via].object;
    let (lower, place, confidence) = lower(schema, upper, middle)?;
    let FieldKind::RollUp(below) = &schema.fields[lower].kind else { return None };
    let (detail_field, _) = below.via?;
    let detail = schema.name(schema.fields[detail_field].object);
    let (middle, top) = (schema.name(middle), schema.name(schema.fields[id].object));
    let certain = confidence == Confidence::High;
    let message = match certain {
        true => format!(
            "saving a `{detail}` locks its `{middle}` and that row's `{top}`: `{}` reads the roll-up `{}`",
            schema.path(id),
            schema.path(lower)
        ),
        false => format!(
            "saving a `{detail}` locks its `{middle}`, and may lock that row's `{top}`: `{}` is a roll-up over an object with the roll-up `{}`",
            schema.path(id),
            schema.path(lower)
        ),
    };
    let mut steps = steps(schema, id, upper)?;
    let reads = place.map(|span| Step::new(span, format!("reads `{}`", schema.path(lower))));
    let note = format!("`{}` is a roll-up over `{detail}`", schema.path(lower));
    let below = schema.fields[lower].place.map(|place| Step::new(place.kind, note));
    steps.splice(0..0, below.into_iter().chain(reads));
    let chain = Chain::of_steps(steps)?;
    let events =
        ["insert", "update", "delete", "undelete"].map(|op| format!("{detail}:{op}")).to_vec();
    let via = format!("{} -> {}", schema.path(detail_field), schema.path(via));
    Some(
        Finding::new(&RULE.info, schema.path(id), chain, message)
            .confidence(confidence)
            .object(top.as_str())
            .via(Some(via))
            .events(events)
            .facts(&["AU-01", "RU-09", "RU-10"])
            .help("break the chain in the middle: keep the lower roll-up, and compute the upper one outside the save")
            .remedy("rollup-async", schema.path(id)),
    )
}

/// The roll-up below, with the place that reads it. One that is read is certain to matter; one that only exists may (RU-10).
fn lower(
    schema: &Schema,
    upper: &RollUp,
    middle: crate::schema::ObjectId,
) -> Option<(FieldId, Option<Span>, Confidence)> {
    let inputs = upper.summarized.iter().chain(&upper.filters);
    let read = inputs
        .filter_map(|input| Some((input.field?, input.span)))
        .find(|(field, _)| matches!(schema.fields[*field].kind, FieldKind::RollUp(_)));
    if let Some((field, span)) = read {
        return Some((field, Some(span), Confidence::High));
    }
    let (field, _) = schema.roll_ups_of(middle).find(|(_, roll_up)| roll_up.via.is_some())?;
    Some((field, None, Confidence::Medium))
}
