//! Which saves meet: in which rows, and whether in orders that cross.

use crate::analysis::Analysis;
use crate::locks::{Conflict, Locked, SaveEvent, meetings};
use crate::schema::ObjectId;
use std::collections::{BTreeMap, BTreeSet};

/// The pairs of saves that meet most, the worst first: those whose orders cross most often, then those that meet in most
/// objects. A save may meet another of its own kind.
pub(crate) fn worst_conflicts(analysis: &Analysis, count: usize) -> Vec<Conflict> {
    let schema = &analysis.schema;
    let events = analysis.locks.events().filter(|event| !schema.is_event(event.object));
    let locks: Vec<(SaveEvent, BTreeMap<ObjectId, Vec<Locked>>)> =
        events.map(|event| (event, shared(analysis, event))).collect();
    let mut conflicts: Vec<Conflict> = Vec::new();
    for (index, (a, first_a)) in locks.iter().enumerate() {
        for (b, first_b) in &locks[index..] {
            let meetings = meetings(*a, first_a, *b, first_b);
            let is_shown = |locked: &Locked| locked.lock.chain.is_some();
            // What the platform's own objects do is the same in every project.
            if meetings.iter().any(|meeting| is_shown(&meeting.a) || is_shown(&meeting.b)) {
                conflicts.push(Conflict { a: *a, b: *b, meetings });
            }
        }
    }
    let weight = |conflict: &Conflict| (conflict.crossings().count(), conflict.meetings.len());
    conflicts.sort_by(|x, y| {
        weight(y).cmp(&weight(x)).then_with(|| {
            let name = |conflict: &Conflict| (conflict.a.name(schema), conflict.b.name(schema));
            name(x).cmp(&name(y))
        })
    });
    // Other saves of the same two objects say nothing new.
    let mut seen = BTreeSet::new();
    conflicts.retain(|conflict| seen.insert((conflict.a.object, conflict.b.object)));
    conflicts.truncate(count);
    conflicts
}

/// Of all locks, those on rows that saves of other rows want as well.
fn shared(analysis: &Analysis, event: SaveEvent) -> BTreeMap<ObjectId, Vec<Locked>> {
    let mut first = analysis.locks.first_locks(event);
    first.values_mut().for_each(|locks| locks.retain(|locked| locked.lock.row.is_shared()));
    first.retain(|_, locks| !locks.is_empty());
    first
}
