//! Two saves that run side by side: which rows both lock, and whether in orders that cross.

use super::{Cause, Lock, LockModel, SaveEvent};
use crate::base::Confidence;
use crate::program::{DmlOp, RowPath};
use crate::schema::ObjectId;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Two saves, and the objects of which both may lock the same row.
#[derive(Debug)]
pub(crate) struct Conflict {
    pub(crate) a: SaveEvent,
    pub(crate) b: SaveEvent,
    /// In the order in which `a` locks them.
    pub(crate) meetings: Vec<Meeting>,
}

/// An object of which two saves may lock the same row.
#[derive(Debug)]
pub(crate) struct Meeting {
    pub(crate) object: ObjectId,
    pub(crate) a: Rc<Locked>,
    pub(crate) b: Rc<Locked>,
}

/// The locks on rows of each object, in the order in which they are taken.
pub(crate) type FirstLocks = BTreeMap<ObjectId, Vec<Rc<Locked>>>;

/// A lock, and when it is taken: equal numbers where the order is not known.
#[derive(Debug)]
pub(crate) struct Locked {
    pub(crate) at: usize,
    pub(crate) lock: Lock,
}

impl Locked {
    /// Whether it is known to be taken first, in a save that takes both.
    fn is_before(&self, other: &Locked) -> bool {
        let is_ordered = match (&self.lock.by, &other.lock.by) {
            (Some(by), Some(other)) => by.is_ordered(other),
            _ => true,
        };
        self.at < other.at && is_ordered
    }
}

impl LockModel {
    /// What two saves do to each other. Rows that are only possibly locked are left out.
    pub(crate) fn conflict(&self, a: SaveEvent, b: SaveEvent) -> Conflict {
        Conflict { a, b, meetings: meetings(a, &self.first_locks(a), b, &self.first_locks(b)) }
    }

    /// The first lock on rows of each object that others can hold.
    pub(crate) fn first_locks(&self, event: SaveEvent) -> FirstLocks {
        let mut first = FirstLocks::new();
        let mut at = 0;
        let mut before = None;
        for lock in self.footprint(event) {
            // In which order the platform takes several parents, or several masters, is not known.
            let moment = Moment::of(lock.cause);
            at += usize::from(moment == Moment::Own || before != Some(moment));
            before = Some(moment);
            let is_own = lock.row.is_saved() && event.op == DmlOp::Insert;
            let is_known = lock.confidence > Confidence::Low && lock.row != RowPath::Unknown;
            if let Some(object) = lock.object.filter(|_| is_known && !is_own) {
                first.entry(object).or_default().push(Rc::new(Locked { at, lock }));
            }
        }
        first
    }
}

/// The locks of either side by which two saves meet first.
fn first_news<'l>(
    same_object: bool,
    a: &'l [Rc<Locked>],
    b: &'l [Rc<Locked>],
) -> Option<(&'l Rc<Locked>, &'l Rc<Locked>)> {
    let shared = |locks: &'l [Rc<Locked>]| locks.iter().find(|locked| locked.lock.row.is_shared());
    if !same_object {
        return a.first().zip(b.first());
    }
    // Of the same object, one of the two must want a row that is not its own.
    let pairs = [shared(a).zip(b.first()), a.first().zip(shared(b))];
    pairs.into_iter().flatten().min_by_key(|(x, y)| x.at + y.at)
}

/// When a lock is taken within a save.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Moment {
    Parents,
    RollUps,
    /// At a statement, or for the row itself.
    Own,
}

impl Moment {
    fn of(cause: Cause) -> Moment {
        match cause {
            Cause::MasterDetail(_)
            | Cause::RestrictingLookup(_)
            | Cause::CascadingLookup(_)
            | Cause::Standard(_) => Moment::Parents,
            Cause::RollUp(_) => Moment::RollUps,
            Cause::SavedRow | Cause::Write(_) | Cause::LockingQuery => Moment::Own,
        }
    }
}

/// The objects that both lock. That two saves of the same row meet, and in the rows that belong to it, is no news.
pub(crate) fn meetings(
    a: SaveEvent,
    first_a: &FirstLocks,
    b: SaveEvent,
    first_b: &FirstLocks,
) -> Vec<Meeting> {
    let mut meetings: Vec<Meeting> = first_a
        .iter()
        .filter_map(|(&object, locks)| {
            let others = first_b.get(&object)?;
            let (x, y) = first_news(a.object == b.object, locks, others)?;
            Some(Meeting { object, a: x.clone(), b: y.clone() })
        })
        .collect();
    meetings.sort_by_key(|meeting| meeting.a.at);
    meetings
}

impl Conflict {
    /// The pairs of meetings that the two saves come to in opposite orders: each may wait for what the other holds.
    pub(crate) fn crossings(&self) -> impl Iterator<Item = (&Meeting, &Meeting)> {
        self.pairs()
            .filter(|(first, then)| first.a.is_before(&then.a) && then.b.is_before(&first.b))
    }

    /// Whether both saves are known to come to all meetings in one order.
    pub(crate) fn is_in_order(&self) -> bool {
        self.pairs().all(|(first, then)| first.a.is_before(&then.a) && first.b.is_before(&then.b))
    }

    /// Each two meetings, first that to which `a` comes first.
    fn pairs(&self) -> impl Iterator<Item = (&Meeting, &Meeting)> {
        self.meetings.iter().enumerate().flat_map(|(index, first)| {
            self.meetings[index + 1..].iter().map(move |then| (first, then))
        })
    }
}
