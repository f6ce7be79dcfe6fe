//! Everything that one save locks, with the saves that it causes.

use super::{Cause, Caused, Lock, LockModel, SaveEvent};
use crate::base::{Chain, Confidence};
use crate::program::{Hop, RowPath};
use std::collections::BTreeSet;

impl LockModel {
    /// The save itself, and each save that it causes in its transaction, with the first way that leads to it: breadth
    /// first, so that it is one of the shortest. A save is no surer than those that lead to it.
    pub(crate) fn saves(&self, event: SaveEvent) -> Vec<Caused> {
        let start = Caused {
            event,
            row: RowPath::saved(),
            parents: Vec::new(),
            confidence: Confidence::High,
            chain: None,
        };
        let mut seen = BTreeSet::from([event]);
        let mut saves = vec![start];
        let mut next = 0;
        while let Some(save) = saves.get(next).cloned() {
            next += 1;
            for caused in self.direct(save.event).into_iter().flat_map(|direct| &direct.causes) {
                if seen.insert(caused.event) {
                    let parents = caused.parents.iter();
                    saves.push(Caused {
                        event: caused.event,
                        row: save.row_at(&caused.row),
                        parents: parents
                            .map(|(name, row)| (name.clone(), save.row_at(row)))
                            .collect(),
                        confidence: caused.confidence.min(save.confidence),
                        chain: joined(save.chain.as_ref(), caused.chain.as_ref()),
                    });
                }
            }
        }
        saves
    }

    /// The footprint of a save: the least set that contains what it locks and what every save that it causes locks.
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
        for save in self.saves(event) {
            for lock in self.direct(save.event).into_iter().flat_map(|direct| &direct.locks) {
                let row = save.row_at(&lock.row);
                let is_known = |known: &Lock| {
                    known.object == lock.object && known.row == row && known.cause == lock.cause
                };
                if !locks.iter().any(is_known) {
                    let confidence = lock.confidence.min(save.confidence);
                    let chain = joined(save.chain.as_ref(), lock.chain.as_ref());
                    locks.push(Lock { row, confidence, chain, ..lock.clone() });
                }
            }
        }
        locks
    }
}

impl Caused {
    /// Rows that start at the rows of this save, from the row that is saved first.
    fn row_at(&self, inner: &RowPath) -> RowPath {
        if let (RowPath::New, RowPath::Hops(hops)) = (&self.row, inner)
            && let Some((Hop::Up { field, .. }, rest)) = hops.split_first()
            && let Some((_, parent)) = self.parents.iter().find(|(known, _)| known == field)
        {
            return parent.then(&RowPath::Hops(rest.to_vec()));
        }
        self.row.then(inner)
    }
}

fn joined(first: Option<&Chain>, then: Option<&Chain>) -> Option<Chain> {
    match (first, then) {
        (Some(first), Some(then)) => Some(first.then(then)),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    }
}
