//! Chunks of a batch lock parents in no order.

use super::Rule;
use crate::analysis::Analysis;
use crate::base::{Confidence, Name};
use crate::finding::{Finding, RuleInfo, Severity};
use crate::locks::SaveEvent;
use crate::program::{Batch, DmlOp, Effect, EffectKind, Hop, RowPath};
use crate::schema::ObjectId;
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        id: "batch-scope-unordered",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Note,
        summary: "a batch that locks the parents of its rows does not read the rows in the order of the parents",
        page: include_str!("batch_scope_unordered.md"),
    },
    check,
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for batch in &analysis.program.batches {
        let parents = parents(analysis, batch);
        let Some((field, effect, object)) =
            parents.iter().find(|(field, ..)| !is_ordered_by(analysis, batch, field))
        else {
            continue;
        };
        if parents.iter().any(|(field, ..)| is_ordered_by(analysis, batch, field)) {
            continue;
        }
        out.push(finding(analysis, batch, field, effect, *object));
    }
}

fn finding(
    analysis: &Analysis,
    batch: &Batch,
    field: &Name,
    effect: &Effect,
    object: ObjectId,
) -> Finding {
    let schema = &analysis.schema;
    let (scope, parent) = (schema.name(batch.scope), schema.name(object));
    let other = others(analysis, batch, object);
    let meets = match &other {
        Some(other) => format!("; `{other}` writes them as well"),
        None => String::new(),
    };
    let message = format!(
        "`{}` locks the `{parent}` of its rows, which come in no order of `{scope}.{field}`{meets}",
        batch.name
    );
    let anchor = format!("{} -> {parent} via {scope}.{field}", batch.name);
    // The query is what one would edit.
    let step = effect.chain.first().clone();
    let finding = Finding::new(&RULE.info, anchor, crate::base::Chain::of(step), message)
        .object(parent.as_str())
        .via(Some(format!("{scope}.{field}")))
        .facts(&["PA-04", "BK-09", "BK-12"])
        .help(format!(
            "add `ORDER BY {field}` to the query, or let the batch run over the parents"
        ));
    match other {
        Some(_) => finding.severity(Severity::Warning),
        None => finding,
    }
}

/// The fields of the scope's rows whose targets a chunk locks, each with the effect that does, and the parent's object.
fn parents<'a>(analysis: &Analysis, batch: &'a Batch) -> Vec<(Name, &'a Effect, ObjectId)> {
    let mut parents: BTreeMap<Name, (&Effect, ObjectId)> = BTreeMap::new();
    for effect in batch.effects.iter().filter(|effect| effect.certain) {
        for (row, object) in locked_rows(analysis, effect) {
            if let RowPath::Hops(hops) = &row
                && let [Hop::Up { field, .. }] = hops.as_slice()
                && let Some(object) = object
            {
                parents.entry(field.clone()).or_insert((effect, object));
            }
        }
    }
    parents.into_iter().map(|(field, (effect, object))| (field, effect, object)).collect()
}

/// The rows that an effect writes or locks, and those that its save locks by the schema.
fn locked_rows(analysis: &Analysis, effect: &Effect) -> Vec<(RowPath, Option<ObjectId>)> {
    let mut rows = Vec::new();
    match effect.kind {
        EffectKind::Dml(op) => {
            if op != DmlOp::Insert {
                rows.push((effect.row.clone(), effect.object));
            }
            let save = effect.object.map(|object| SaveEvent { object, op });
            for lock in save
                .into_iter()
                .flat_map(|save| crate::locks::locks_of_save(&analysis.schema, save))
            {
                let by_field = effect
                    .parents
                    .iter()
                    .find(|(field, _)| lock_field(analysis, &lock.cause).as_ref() == Some(field));
                let row =
                    by_field.map_or_else(|| effect.row.then(&lock.row), |(_, row)| row.clone());
                if lock.confidence >= Confidence::Medium {
                    rows.push((row, lock.object));
                }
            }
        }
        EffectKind::LockingQuery => rows.push((effect.row.clone(), effect.object)),
        _ => {}
    }
    rows
}

fn lock_field(analysis: &Analysis, cause: &crate::locks::Cause) -> Option<Name> {
    use crate::locks::Cause::{CascadingLookup, MasterDetail, RestrictingLookup, RollUp, Standard};
    match cause {
        MasterDetail(field)
        | RollUp(field)
        | RestrictingLookup(field)
        | CascadingLookup(field)
        | Standard(field) => Some(analysis.schema.fields[*field].name.clone()),
        _ => None,
    }
}

/// `ORDER BY Invoice__c`, `ORDER BY Invoice__r.Number__c`
fn is_ordered_by(analysis: &Analysis, batch: &Batch, field: &Name) -> bool {
    let Some(first) = batch.query.order_by.first() else { return false };
    let (head, rest) = match first.as_str().split_once('.') {
        Some((head, _)) => (head, true),
        None => (first.as_str(), false),
    };
    let head = Name::new(head);
    if !rest {
        return head == *field;
    }
    analysis.schema.parent_field_name(batch.scope, &head).as_ref() == Some(field)
}

/// Another batch that writes rows of the parent's object.
fn others<'a>(analysis: &'a Analysis, batch: &Batch, object: ObjectId) -> Option<&'a str> {
    let others = analysis.program.batches.iter().filter(|other| other.name != batch.name);
    let writes = |other: &&Batch| {
        other.effects.iter().any(|effect| {
            let is_write = matches!(effect.kind, EffectKind::Dml(op) if op != DmlOp::Insert);
            is_write && effect.certain && effect.object == Some(object)
        })
    };
    let mut others = others.filter(writes);
    others.next().map(|other| other.name.as_str())
}
