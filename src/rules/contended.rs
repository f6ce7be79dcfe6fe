//! Objects whose rows several saves want.

use super::transactions::transactions;
use crate::analysis::Analysis;
use crate::base::Confidence;
use crate::locks::{Cause, SaveEvent};
use crate::program::{Automation, Effect, EffectKind, Extent, RowPath};
use crate::schema::ObjectId;
use std::collections::BTreeSet;

/// The objects of which the project shows that saves of other rows lock their rows: masters, targets that restrict, parents
/// that triggers write, rows that all saves write, and what people know to be loaded in parallel.
pub(super) fn contended(analysis: &Analysis) -> BTreeSet<ObjectId> {
    let mut objects = BTreeSet::new();
    let saves = |event: &SaveEvent| !analysis.schema.is_event(event.object);
    for event in analysis.locks.events().filter(saves) {
        for lock in analysis.locks.direct(event).into_iter().flat_map(|direct| &direct.locks) {
            let is_own = !matches!(lock.cause, Cause::Standard(_));
            if is_own && lock.row.is_parent() && lock.confidence == Confidence::High {
                objects.extend(lock.object);
            }
        }
    }
    let saves = |automation: &&Automation| !analysis.schema.is_event(automation.object);
    for automation in analysis.program.automations.iter().filter(saves) {
        for effect in &automation.effects {
            if effect.changes_rows() && effect.row.is_parent() && effect.certain {
                objects.extend(effect.object);
            }
        }
    }
    // A row that is locked on purpose is one that others want.
    for transaction in &transactions(analysis) {
        for effect in transaction.effects.iter().filter(|effect| is_mutex(effect)) {
            objects.extend(effect.object);
        }
    }
    let schema = &analysis.schema;
    objects.extend(schema.objects.ids().filter(|&id| schema.objects[id].loaded_in_parallel));
    objects
}

fn is_mutex(effect: &Effect) -> bool {
    let is_few = effect.query.is_some_and(|query| query.extent == Extent::Few);
    is_few && effect.row == RowPath::Constant
}

/// The objects whose rows automation surely writes as parents of the rows that DML saves.
pub(super) fn written_parents(analysis: &Analysis, effect: &Effect) -> BTreeSet<ObjectId> {
    let (EffectKind::Dml(op), Some(object)) = (effect.kind, effect.object) else {
        return BTreeSet::new();
    };
    let locks = analysis.locks.locks_after(SaveEvent { object, op }, effect);
    locks
        .filter(|lock| matches!(lock.cause, Cause::Write(_)) && lock.row.is_parent())
        .filter(|lock| lock.confidence == Confidence::High)
        .filter_map(|lock| lock.object)
        .collect()
}
