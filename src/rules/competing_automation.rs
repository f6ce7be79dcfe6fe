//! Several automations of one save write the same parent.

use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::base::Span;
use crate::finding::{Finding, RuleInfo, Severity};
use crate::locks::{SaveEvent, saves_of};
use crate::program::{Automation, Effect, Fields, RowPath, Source};
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
    check: Check::Project(check),
};

/// In the order in which the platform comes to them.
type Key = (Source, Option<Span>);

/// A parent of the saved rows: their object, the parent's, and the way there.
type Parent<'a> = (ObjectId, ObjectId, &'a RowPath);

/// The writes of one automation, and the saves in which they happen.
struct Writer<'a> {
    automation: &'a Automation,
    effects: Vec<&'a Effect>,
    saves: BTreeSet<SaveEvent>,
}

impl Writer<'_> {
    /// Whether one save of one row comes to both.
    fn meets(&self, other: &Writer<'_>) -> bool {
        let excludes = |a: &Effect| other.effects.iter().all(|b| a.branches.exclude(&b.branches));
        let is_never = self.effects.iter().all(|effect| excludes(effect));
        !is_never && !self.saves.is_disjoint(&other.saves)
    }
}

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let mut parents: BTreeMap<Parent<'_>, BTreeMap<Key, Writer<'_>>> = BTreeMap::new();
    let automations = analysis.program.automations.iter();
    for automation in automations.filter(|automation| !analysis.schema.is_event(automation.object))
    {
        let sure =
            |effect: &&Effect| effect.changes_rows() && effect.certain && effect.row.is_parent();
        for effect in automation.effects.iter().filter(sure) {
            let Some(object) = effect.object else { continue };
            let writers = parents.entry((automation.object, object, &effect.row)).or_default();
            let header = Automation::header(effect);
            // All workflow rules of a save are done before the parents are written.
            let key =
                (automation.source, Some(header).filter(|_| automation.source != Source::Workflow));
            let new = || Writer { automation, effects: Vec::new(), saves: BTreeSet::new() };
            let writer = writers.entry(key).or_insert_with(new);
            writer.saves.extend(saves_of(automation, effect));
            writer.effects.push(effect);
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
    let (last, others) = (0..writers.len()).rev().find_map(|at| {
        let meets = |other: &&Writer<'_>| other.meets(&writers[at]);
        let others: Vec<&Writer<'_>> = writers[..at].iter().filter(meets).collect();
        (!others.is_empty()).then_some((&writers[at], others))
    })?;
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
        .flat_map(|save| analysis.locks.saves_that_reach(*save, Fields::ANY))
        .collect();
    let help = format!(
        "let one of them write all values of the `{object}`: each write is a save with all automation of its own, under a lock that the first has taken"
    );
    let anchor = format!("{object} via {via} @ {}", last.automation.name);
    Some(
        Finding::new(&RULE.info, anchor, last.effects.first()?.chain.clone(), message)
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
        Source::Flow(_) => format!("the flow `{name}`"),
    }
}
