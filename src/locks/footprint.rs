//! Everything that one save locks, with the saves that it causes.

use super::{Cause, Lock, LockModel, SaveEvent};
use crate::base::{Chain, Confidence};
use crate::program::RowPath;
use std::collections::{BTreeSet, VecDeque};

impl LockModel {
    /// The footprint of a save: the least set that contains what it locks and what every save that it causes locks.
    /// Breadth first, so that each lock has one of its shortest chains; a save event is entered once. A lock is no
    /// surer than the saves that lead to it.
    pub(crate) fn footprint(&self, event: SaveEvent) -> Vec<Lock> {
        let saved = Lock {
            object: Some(event.object),
            row: RowPath::saved(),
            cause: Cause::SavedRow,
            confidence: Confidence::High,
            facts: vec!["LK-01"],
            chain: None,
        };
        let mut locks = vec![saved];
        let mut seen = BTreeSet::from([event]);
        let mut open: VecDeque<(SaveEvent, RowPath, Confidence, Option<Chain>)> =
            VecDeque::from([(event, RowPath::saved(), Confidence::High, None)]);
        while let Some((event, path, sure, chain)) = open.pop_front() {
            let Some(direct) = self.direct(event) else { continue };
            for lock in &direct.locks {
                let row = path.then(&lock.row);
                let confidence = lock.confidence.min(sure);
                let chain = joined(chain.as_ref(), lock.chain.as_ref());
                let known = locks.iter().any(|known| {
                    known.object == lock.object && known.row == row && known.cause == lock.cause
                });
                if !known {
                    locks.push(Lock { row, confidence, chain, ..lock.clone() });
                }
            }
            for caused in &direct.causes {
                if seen.insert(caused.event) {
                    open.push_back((
                        caused.event,
                        path.then(&caused.row),
                        caused.confidence.min(sure),
                        joined(chain.as_ref(), caused.chain.as_ref()),
                    ));
                }
            }
        }
        locks
    }
}

fn joined(first: Option<&Chain>, then: Option<&Chain>) -> Option<Chain> {
    match (first, then) {
        (Some(first), Some(then)) => Some(first.then(then)),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    }
}
