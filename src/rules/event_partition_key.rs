//! A parallel subscription is partitioned by something else than the parent that its handler locks.

use super::failures::rows;
use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::base::{Chain, Step};
use crate::base::{Confidence, Name};
use crate::finding::{Finding, RuleInfo, Severity};
use crate::locks::{SaveEvent, locks_of_save};
use crate::metadata::SubscriberConfigFacts;
use crate::program::{Automation, DmlOp, Effect, EffectKind, Hop, RowPath};

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "event-partition-key",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Note,
        summary: "events of one parent come to several partitions, which wait for each other",
        page: include_str!("event_partition_key.md"),
    },
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for config in &analysis.program.subscriptions {
        let parallel = config.partitions.is_some_and(|(count, _)| count > 1);
        let trigger = Name::new(
            config.platform_event_consumer.as_str().rsplit("__").next().unwrap_or_default(),
        );
        let automation =
            analysis.program.automations.iter().find(|automation| automation.name == trigger);
        if let Some(automation) = automation.filter(|_| parallel) {
            out.extend(finding(analysis, config, automation));
        }
    }
}

fn finding(
    analysis: &Analysis,
    config: &SubscriberConfigFacts,
    automation: &Automation,
) -> Option<Finding> {
    let key = config.partition_key.as_ref().map(|(key, _)| key.rsplit('.').next().unwrap_or(key));
    let parents: Vec<(Name, &Effect)> =
        automation.effects.iter().flat_map(|effect| parents(analysis, effect)).collect();
    let is_key = |(field, _): &(Name, &Effect)| key.is_some_and(|key| field.is(key));
    if parents.iter().any(is_key) {
        return None;
    }
    let (field, effect) = parents.into_iter().next()?;
    let schema = &analysis.schema;
    let event = schema.name(automation.object);
    let key = key.unwrap_or("EventUuid");
    let message = format!(
        "events are parted by `{key}`, while their handler locks {} by `{event}.{field}`",
        rows(effect, schema)
    );
    let step = Step::new(config.key_place(), format!("parts the events by `{key}`"));
    let anchor = format!("{} by {key}", config.name);
    Some(
        Finding::new(&RULE.info, anchor, effect.chain.then(&Chain::of(step)), message)
            .object(effect.object.map_or("", |object| schema.name(object).as_str()))
            .via(Some(format!("{event}.{field}")))
            .facts(&["PA-06", "LK-01", "LK-02"])
            .help(format!("use `{event}.{field}` as the partition key")),
    )
}

/// The fields of the event that name the rows which an effect locks.
fn parents<'a>(analysis: &Analysis, effect: &'a Effect) -> Vec<(Name, &'a Effect)> {
    let EffectKind::Dml(op) = effect.kind else { return Vec::new() };
    if op != DmlOp::Insert {
        return first_field(&effect.row).map(|field| (field, effect)).into_iter().collect();
    }
    let Some(object) = effect.object else { return Vec::new() };
    let locks = locks_of_save(&analysis.schema, SaveEvent { object, op });
    let locked: Vec<Name> = locks
        .into_iter()
        .filter(|lock| lock.confidence == Confidence::High)
        .filter_map(|lock| first_field(&lock.row))
        .collect();
    let parents = effect.parents.iter().filter(|(field, _)| locked.contains(field));
    parents.filter_map(|(_, row)| Some((first_field(row)?, effect))).collect()
}

fn first_field(row: &RowPath) -> Option<Name> {
    match row {
        RowPath::Hops(hops) => match hops.first() {
            Some(Hop::Up { field, .. }) => Some(field.clone()),
            _ => None,
        },
        _ => None,
    }
}
