//! Several automations of one save write the same parent.

use super::Rule;
use crate::analysis::Analysis;
use crate::base::Span;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::locks::{SaveEvent, saves_of};
use crate::program::{Automation, Effect, RowPath, Source};
use crate::schema::ObjectId;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "competing-automation",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Warning,
        summary: "two or more automations of the same save write the same parent",
        page: include_str!("competing_automation.md"),
    },
    check,
};

/// A parent of the saved rows: their object, the parent's, and the way there.
type Parent<'a> = (ObjectId, ObjectId, &'a RowPath);

/// The writes of one automation, and the saves in which they happen.
struct Writer<'a> {
    automation: &'a Automation,
    effect: &'a Effect,
    saves: BTreeSet<SaveEvent>,
}

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let mut parents: BTreeMap<Parent<'_>, BTreeMap<(Span, Source), Writer<'_>>> = BTreeMap::new();
    let automations = analysis.program.automations.iter();
    for automation in automations.filter(|automation| !analysis.schema.is_event(automation.object))
    {
        let sure =
            |effect: &&Effect| effect.changes_rows() && effect.certain && effect.row.is_parent();
        for effect in automation.effects.iter().filter(sure) {
            let Some(object) = effect.object else { continue };
            let writers = parents.entry((automation.object, object, &effect.row)).or_default();
            // The first step is the trigger's header, or what stands for it.
            let key = (effect.chain.first().span, automation.source);
            let saves = saves_of(automation, effect);
            writers
                .entry(key)
                .or_insert_with(|| Writer { automation, effect, saves: BTreeSet::new() })
                .saves
                .extend(saves);
        }
    }
    for ((_, parent, row), writers) in parents {
        out.extend(finding(analysis, parent, row, &writers.into_values().collect::<Vec<_>>()));
    }
}

/// At the last of those that meet in some save: the platform comes to it last.
fn finding(
    analysis: &Analysis,
    parent: ObjectId,
    row: &RowPath,
    writers: &[Writer<'_>],
) -> Option<Finding> {
    let schema = &analysis.schema;
    let mut writers: Vec<&Writer<'_>> = writers.iter().collect();
    writers.sort_by_key(|writer| writer.automation.source);
    let meet = |a: &Writer<'_>, b: &Writer<'_>| !a.saves.is_disjoint(&b.saves);
    let (last, before) = writers.split_last()?;
    let others: Vec<&&Writer<'_>> = before.iter().filter(|other| meet(other, last)).collect();
    if others.is_empty() {
        return None;
    }
    let names: Vec<String> = others.iter().map(|other| name(other)).collect();
    let via = row.via(schema).unwrap_or_default();
    let object = schema.name(parent);
    let message = format!(
        "{} and {} write the `{object}` that `{via}` points to in the same save",
        names.join(", "),
        name(last)
    );
    let saves: BTreeSet<SaveEvent> = others
        .iter()
        .flat_map(|other| last.saves.intersection(&other.saves))
        .flat_map(|save| analysis.locks.saves_that_reach(*save))
        .collect();
    let help = format!(
        "let one of them write all values of the `{object}`: each write is a save with all automation of its own, under a lock that the first has taken"
    );
    let anchor = format!("{object} via {via} @ {}", last.automation.name);
    Some(
        Finding::new(&RULE.info, anchor, last.effect.chain.clone(), message)
            .object(object.as_str())
            .via(Some(via))
            .events(saves.into_iter().map(|save| save.name(schema)).collect())
            .facts(&["AU-01", "AU-02", "LK-03"])
            .help(help),
    )
}

fn name(writer: &Writer<'_>) -> String {
    let name = &writer.automation.name;
    match writer.automation.source {
        Source::Trigger => format!("the trigger `{name}`"),
        Source::RollUpTool => format!("the roll-up `{name}`"),
        Source::Workflow => format!("the workflow rule `{name}`"),
        Source::Flow => format!("the flow `{name}`"),
    }
}
