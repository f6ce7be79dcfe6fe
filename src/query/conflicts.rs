//! Which saves meet: in which rows, and whether in orders that cross.

use crate::analysis::Analysis;
use crate::locks::{Conflict, FirstLocks, Locked, SaveEvent, meetings};
use crate::schema::ObjectId;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// The pairs of saves that meet most, the worst first: those whose orders cross most often, then those that meet in most
/// objects. A save may meet another of its own kind.
pub(crate) fn worst_conflicts(analysis: &Analysis, count: usize) -> Vec<Conflict> {
    let schema = &analysis.schema;
    let events = analysis.locks.events().filter(|event| !schema.is_event(event.object));
    let locks: Vec<(SaveEvent, FirstLocks)> =
        events.map(|event| (event, shared(analysis, event))).collect();
    // Other saves of the same two objects say nothing new.
    let mut worst: BTreeMap<(ObjectId, ObjectId), (Rank, Conflict)> = BTreeMap::new();
    for (index, (a, first_a)) in locks.iter().enumerate() {
        for (b, first_b) in &locks[index..] {
            let conflict = Conflict { a: *a, b: *b, meetings: meetings(*a, first_a, *b, first_b) };
            let is_shown = |locked: &Locked| locked.lock.chain.is_some();
            let mut meetings = conflict.meetings.iter();
            // What the platform's own objects do is the same in every project.
            if !meetings.any(|meeting| is_shown(&meeting.a) || is_shown(&meeting.b)) {
                continue;
            }
            let rank = rank(analysis, &conflict);
            let known = worst.entry((a.object, b.object));
            match known {
                Entry::Occupied(mut known) if rank < known.get().0 => {
                    known.insert((rank, conflict));
                }
                Entry::Occupied(_) => {}
                Entry::Vacant(free) => {
                    free.insert((rank, conflict));
                }
            }
        }
    }
    let mut worst: Vec<(Rank, Conflict)> = worst.into_values().collect();
    worst.sort_by(|(x, _), (y, _)| x.cmp(y));
    worst.truncate(count);
    worst.into_iter().map(|(_, conflict)| conflict).collect()
}

/// How many orders cross, in how many objects two saves meet, and their names: the least is the worst.
type Rank = (Reverse<usize>, Reverse<usize>, String, String);

fn rank(analysis: &Analysis, conflict: &Conflict) -> Rank {
    let schema = &analysis.schema;
    let (crossings, meetings) = (conflict.crossings().count(), conflict.meetings.len());
    (Reverse(crossings), Reverse(meetings), conflict.a.name(schema), conflict.b.name(schema))
}

/// Of all locks, those on rows that saves of other rows want as well.
fn shared(analysis: &Analysis, event: SaveEvent) -> FirstLocks {
    let mut first = analysis.locks.first_locks(event);
    first.values_mut().for_each(|locks| locks.retain(|locked| locked.lock.row.is_shared()));
    first.retain(|_, locks| !locks.is_empty());
    first
}
