//! Chunks of a batch lock parents in no order.

use super::{Check, Rule};
use crate::analysis::Analysis;
use crate::base::{Chain, Confidence, Name, Step};
use crate::finding::{Finding, RuleInfo, Severity};
use crate::locks::{Lock, SaveEvent, locks_of_save};
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
    check: Check::Project(check),
};

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    for batch in &analysis.program.batches {
        let parents = parents(analysis, batch);
        // One order is enough: no query can have that of two parents.
        if !parents.keys().any(|field| is_ordered_by(analysis, batch, field)) {
            let first = parents.iter().next();
            out.extend(first.map(|(field, parent)| finding(analysis, batch, field, parent)));
        }
    }
}

/// A row that a chunk locks and that the rows of the scope point to.
struct Parent {
    object: ObjectId,
    confidence: Confidence,
    /// From the chunk to the lock.
    chain: Chain,
}

fn finding(analysis: &Analysis, batch: &Batch, field: &Name, parent: &Parent) -> Finding {
    let schema = &analysis.schema;
    let (scope, object) = (schema.name(batch.scope), schema.name(parent.object));
    let other = other_writer(analysis, batch, parent.object);
    let meets = match &other {
        Some(other) => format!("; `{other}` writes them as well"),
        None => String::new(),
    };
    let message = format!(
        "`{}` locks the `{object}` of its rows, which come in no order of `{scope}.{field}`{meets}",
        batch.name
    );
    let anchor = format!("{} -> {object} via {scope}.{field}", batch.name);
    // The query is what one would edit.
    let query = Step::new(batch.query.span, "the rows come in the order of this query");
    let severity = if other.is_some() { Severity::Warning } else { RULE.info.severity };
    Finding::new(&RULE.info, anchor, parent.chain.then(&Chain::of(query)), message)
        .severity(severity)
        .confidence(parent.confidence)
        .object(object.as_str())
        .via(Some(format!("{scope}.{field}")))
        .facts(&["PA-04", "BK-09", "BK-12"])
        .help(format!("add `ORDER BY {field}` to the query, or let the batch run over the parents"))
}

/// The parents that a chunk locks, by the field of the scope's rows that points to them.
fn parents(analysis: &Analysis, batch: &Batch) -> BTreeMap<Name, Parent> {
    let mut parents = BTreeMap::new();
    for effect in batch.effects.iter().filter(|effect| effect.certain) {
        for (row, parent) in locked_rows(analysis, effect) {
            if let RowPath::Hops(hops) = &row
                && let [Hop::Up { field, .. }] = hops.as_slice()
            {
                parents.entry(field.clone()).or_insert(parent);
            }
        }
    }
    parents
}

/// The rows that an effect writes or locks, and those that its save locks by the schema.
fn locked_rows(analysis: &Analysis, effect: &Effect) -> Vec<(RowPath, Parent)> {
    let Some(object) = effect.object else { return Vec::new() };
    let own = Parent { object, confidence: Confidence::High, chain: effect.chain.clone() };
    match effect.kind {
        EffectKind::LockingQuery => vec![(effect.row.clone(), own)],
        EffectKind::Dml(op) => {
            let own = (op != DmlOp::Insert).then(|| (effect.row.clone(), own));
            let locks = locks_of_save(&analysis.schema, SaveEvent { object, op });
            let by_schema = locks.into_iter().filter_map(|lock| {
                let parent = Parent {
                    object: lock.object.filter(|_| lock.confidence > Confidence::Low)?,
                    confidence: lock.confidence,
                    chain: match &lock.chain {
                        Some(declared) => effect.chain.then(declared),
                        None => effect.chain.clone(),
                    },
                };
                Some((parent_row(effect, &lock), parent))
            });
            own.into_iter().chain(by_schema).collect()
        }
        _ => Vec::new(),
    }
}

/// The parent that the code has given to a new row, or else that of the written row.
fn parent_row(effect: &Effect, lock: &Lock) -> RowPath {
    let field = match &lock.row {
        RowPath::Hops(hops) => hops.last(),
        _ => None,
    };
    let given = effect
        .parents
        .iter()
        .find(|(name, _)| matches!(field, Some(Hop::Up { field, .. }) if field == name));
    given.map_or_else(|| effect.row.then(&lock.row), |(_, row)| row.clone())
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
fn other_writer<'a>(analysis: &'a Analysis, batch: &Batch, object: ObjectId) -> Option<&'a str> {
    let others = analysis.program.batches.iter().filter(|other| other.name != batch.name);
    let writes = |other: &&Batch| {
        other
            .effects
            .iter()
            .any(|effect| effect.changes_rows() && effect.certain && effect.object == Some(object))
    };
    let mut others = others.filter(writes);
    others.next().map(|other| other.name.as_str())
}
