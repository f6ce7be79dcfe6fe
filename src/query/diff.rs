//! Two models compared: which saves lock more than before, or less.

use crate::analysis::Analysis;
use crate::base::Confidence;
use crate::locks::{Cause, Caused, Lock};
use crate::program::{DmlOp, RowPath};
use std::collections::{BTreeMap, BTreeSet};

/// A lock that one of two models has and the other does not.
pub(crate) struct Change {
    /// The object whose saves take it.
    pub(crate) saved: String,
    pub(crate) ops: BTreeSet<DmlOp>,
    pub(crate) lock: Lock,
    /// The new rows that take it: automation inserts them.
    pub(crate) by_insert: Option<String>,
}

/// What has changed from one model to another.
pub(crate) struct ModelDiff {
    pub(crate) added: Vec<Change>,
    pub(crate) removed: Vec<Change>,
}

/// Each lock under the saves that take it.
type Locks = BTreeMap<Key, BTreeMap<DmlOp, Lock>>;

/// A lock by names, since the ids of two models differ: the saved object, the new rows that take it, the locked object,
/// the way there, and the reason.
type Key = (String, Option<String>, String, String, String);

pub(crate) fn diff(before: &Analysis, after: &Analysis) -> ModelDiff {
    let (old, new) = (locks(before), locks(after));
    ModelDiff { added: only_in(&new, &old), removed: only_in(&old, &new) }
}

fn only_in(these: &Locks, those: &Locks) -> Vec<Change> {
    let mut only = Vec::new();
    for (key, ops) in these {
        let known = those.get(key);
        let new = || ops.iter().filter(|(op, _)| known.is_none_or(|ops| !ops.contains_key(op)));
        let Some((_, lock)) = new().next() else { continue };
        only.push(Change {
            saved: key.0.clone(),
            ops: new().map(|(op, _)| *op).collect(),
            lock: lock.clone(),
            by_insert: key.1.clone(),
        });
    }
    only
}

/// What each kind of save locks by itself; what the saves lock that it causes is theirs.
fn locks(analysis: &Analysis) -> Locks {
    let mut all = Locks::new();
    for event in analysis.locks.events() {
        let Some(direct) = analysis.locks.direct(event) else { continue };
        let saved = analysis.schema.name(event.object).to_string();
        for lock in &direct.locks {
            add(analysis, &mut all, &saved, event.op, lock.clone(), None);
        }
        for caused in direct.causes.iter().filter(|caused| caused.row == RowPath::New) {
            let new = analysis.schema.name(caused.event.object).to_string();
            for lock in by_new_rows(analysis, caused) {
                add(analysis, &mut all, &saved, event.op, lock, Some(new.clone()));
            }
        }
    }
    all
}

/// The parents that rows lock which automation inserts.
fn by_new_rows(analysis: &Analysis, caused: &Caused) -> Vec<Lock> {
    let direct = analysis.locks.direct(caused.event);
    let parents = direct.map_or(&[][..], |direct| &direct.locks[..direct.parents]);
    parents.iter().filter_map(|lock| caused.lock(lock)).collect()
}

fn add(
    analysis: &Analysis,
    all: &mut Locks,
    saved: &str,
    op: DmlOp,
    lock: Lock,
    by_insert: Option<String>,
) {
    let schema = &analysis.schema;
    let is_known = lock.confidence > Confidence::Low && lock.row != RowPath::Unknown;
    let Some(object) = lock.object.filter(|_| is_known) else { return };
    let way = lock.row.via(schema).unwrap_or_else(|| format!("{:?}", lock.row));
    let reason = match lock.cause {
        Cause::MasterDetail(field)
        | Cause::RestrictingLookup(field)
        | Cause::CascadingLookup(field)
        | Cause::Standard(field) => format!("schema {}", schema.path(field)),
        Cause::RollUp(field) => format!("roll-up {}", schema.path(field)),
        Cause::Write(op) => op.word().to_owned(),
        Cause::SavedRow | Cause::LockingQuery => "query".to_owned(),
    };
    let key = (saved.to_owned(), by_insert, schema.name(object).to_string(), way, reason);
    all.entry(key).or_default().entry(op).or_insert(lock);
}
