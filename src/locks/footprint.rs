//! Everything that one save locks, with the saves that it causes.

use super::by::By;
use super::{Cause, Caused, Direct, Lock, LockModel, NewParent, SaveEvent};
use crate::base::{Chain, Confidence};
use crate::program::{DmlOp, Fields, Hop, RowPath, Switches};
use crate::schema::ObjectId;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A save, and the place among `saves` of the one that causes it.
struct Node {
    save: Caused,
    by: Option<usize>,
    /// The places of those that it causes.
    causes: Range<usize>,
}

/// Of more saves than this, each kind is followed for its first rows only.
const MAX_SAVES: usize = 1_000;

/// Saves that are further away than this are not told apart by their rows: with each, the ways multiply.
const MAX_NEAR: usize = 2;

/// Whether a save stands twice already on the way that leads to a node: a row, and its parent of the same object; or whether
/// it is further away than what is told apart.
fn is_far(nodes: &[Node], at: usize, event: SaveEvent) -> bool {
    let leads = |node: &&Node| node.by.and_then(|by| nodes.get(by));
    let way = std::iter::successors(nodes.get(at), leads);
    let mut same = 0;
    way.enumerate().any(|(far, node)| {
        same += usize::from(node.save.event == event);
        far == MAX_NEAR || same == 2
    })
}

/// The saves of one kind that are known: the fields that they change, and how switches stand in them.
type Known = BTreeMap<(SaveEvent, bool), Vec<(Fields, Switches)>>;

/// More than so many of one kind are not told apart.
const MAX_KNOWN: usize = 8;

/// Whether a save is of a kind that is not known, changes fields that those did not, or is less switched off.
fn is_new(known: &mut Known, save: &mut Caused) -> bool {
    let covers =
        |again| {
            known.get(&(save.event, again)).into_iter().flatten().any(|(sets, switches)| {
                sets.cover(save.sets) && switches.are_within(&save.switches)
            })
        };
    if covers(false) || save.is_again && covers(true) {
        return false;
    }
    let saves = known.entry((save.event, save.is_again)).or_default();
    if saves.len() >= MAX_KNOWN {
        (save.sets, save.switches) = (Fields::ANY, Switches::default());
    }
    saves.push((save.sets, save.switches.clone()));
    true
}

impl LockModel {
    /// The save itself, and each save that it causes in its transaction, with the first way that leads to it: breadth
    /// first, so that it is one of the shortest. A save is no surer than those that lead to it.
    pub(crate) fn saves(&self, event: SaveEvent) -> Vec<Caused> {
        self.tree(event).into_iter().map(|node| node.save).collect()
    }

    fn tree(&self, event: SaveEvent) -> Vec<Node> {
        let start = Caused {
            event,
            row: RowPath::saved(),
            parents: Vec::new(),
            after: 0,
            confidence: Confidence::High,
            needs: Fields::ANY,
            sets: Fields::ANY,
            is_again: false,
            switches: Switches::default(),
            by: None,
            chain: None,
        };
        let all = vec![(Fields::ANY, Switches::default())];
        let mut known = Known::from([((event, false), all)]);
        let mut seen = BTreeSet::new();
        let mut nodes = vec![Node { save: start, by: None, causes: 0..0 }];
        let mut at = 0;
        while let Some(save) = nodes.get(at).map(|node| node.save.clone()) {
            let first = nodes.len();
            for caused in self.direct(save.event).into_iter().flat_map(|direct| &direct.causes) {
                if save.points_elsewhere(&caused.row, Some(caused.event.object))
                    || !save.comes_to(caused.needs, &caused.switches, caused.by.as_ref())
                {
                    continue;
                }
                let mut save = save.causes(caused);
                let is_new = is_new(&mut known, &mut save);
                // The same save of other rows locks other parents; within itself, hardly more than the first.
                let is_told_apart = || nodes.len() < MAX_SAVES && save.is_told_apart();
                if !is_new && (!is_told_apart() || is_far(&nodes, at, save.event)) {
                    continue;
                }
                let (row, parents) = (save.row.clone(), save.parents.clone());
                let kind = (save.event, save.sets, save.is_again, save.switches.clone());
                if seen.insert((kind, row, parents)) {
                    nodes.push(Node { save, by: Some(at), causes: 0..0 });
                }
            }
            nodes[at].causes = first..nodes.len();
            at += 1;
        }
        nodes
    }

    /// The footprint of a save: the least set that contains what it locks and what every save that it causes locks; in the
    /// order in which the platform comes to them, as far as that is known. Parents by the schema come before the rows
    /// themselves (LK-05, LK-06), and a save that a statement causes is done with before the next statement.
    pub(crate) fn footprint(&self, event: SaveEvent) -> Vec<Lock> {
        let saved = Lock {
            object: Some(event.object),
            row: RowPath::saved(),
            cause: Cause::SavedRow,
            confidence: Confidence::High,
            facts: vec!["LK-01"],
            needs: Fields::ANY,
            switches: Switches::default(),
            by: None,
            chain: None,
        };
        let mut locks = Locks::default();
        self.walk(&self.tree(event), 0, Some(saved), &mut locks);
        locks.all
    }

    /// Adds what a save locks; `rows` is the lock on its own rows, unless nobody else can hold them.
    fn walk(&self, nodes: &[Node], at: usize, rows: Option<Lock>, locks: &mut Locks) {
        let save = &nodes[at].save;
        let empty = Direct::default();
        let direct = self.direct(save.event).unwrap_or(&empty);
        let (parents, rest) = direct.locks.split_at(direct.parents.min(direct.locks.len()));
        parents.iter().filter_map(|lock| save.lock(lock)).for_each(|lock| locks.add(lock));
        rows.into_iter().for_each(|lock| locks.add(lock));
        let caused = |after: usize| {
            let all = nodes[at].causes.clone().map(|next| (next, &nodes[next]));
            all.filter(move |(_, node)| node.save.after == after)
        };
        for (next, _) in caused(parents.len()) {
            self.walk(nodes, next, None, locks);
        }
        for (index, lock) in rest.iter().enumerate() {
            let lock = save.lock(lock);
            // Of the saves that come next, the first may be that of these very rows.
            let own = |node: &Node| {
                lock.as_ref().is_some_and(|lock| {
                    lock.object == Some(node.save.event.object) && lock.row == node.save.row
                })
            };
            let mut after = caused(parents.len() + index + 1).peekable();
            match after.next_if(|(_, node)| own(node)) {
                Some((next, _)) => self.walk(nodes, next, lock, locks),
                None => lock.into_iter().for_each(|lock| locks.add(lock)),
            }
            for (next, _) in after {
                self.walk(nodes, next, None, locks);
            }
        }
    }
}

/// Locks in their order, each once.
#[derive(Default)]
struct Locks {
    all: Vec<Lock>,
    known: BTreeSet<(Option<ObjectId>, RowPath, Cause)>,
}

impl Locks {
    /// Adds a lock, unless rows found in the same way are locked for the same reason already.
    fn add(&mut self, lock: Lock) {
        if self.known.insert((lock.object, lock.row.clone(), lock.cause)) {
            self.all.push(lock);
        }
    }
}

impl Caused {
    /// One of its own locks, from the row that is saved first; nothing where a field that may point to rows of several
    /// objects points to another, or where the lock needs a change of fields that this save does not set.
    pub(crate) fn lock(&self, lock: &Lock) -> Option<Lock> {
        let is_taken = !self.points_elsewhere(&lock.row, lock.object)
            && self.comes_to(lock.needs, &lock.switches, lock.by.as_ref());
        is_taken.then(|| Lock {
            row: self.row_at(&lock.row),
            confidence: lock.confidence.min(self.confidence),
            by: self.by.clone().or(lock.by.clone()),
            chain: joined(self.chain.as_ref(), lock.chain.as_ref()),
            ..lock.clone()
        })
    }

    /// Whether it comes to what automation does, or the platform by itself, after a change of one of some fields.
    fn comes_to(&self, needs: Fields, switches: &Switches, by: Option<&By>) -> bool {
        let is_run = !self.is_again || by.is_some_and(By::is_trigger);
        is_run
            && !self.switches.stop(switches)
            && (self.event.op != DmlOp::Update || needs.meet(self.sets))
    }

    /// Whether a field of new rows is known to point to rows of another object.
    fn points_elsewhere(&self, row: &RowPath, object: Option<ObjectId>) -> bool {
        let parent = self.parent(row).filter(|(_, rest)| rest.is_empty());
        let points_to = parent.and_then(|(parent, _)| parent.object);
        points_to.is_some_and(|known| object != Some(known))
    }

    /// A save that this one causes, from the row that is saved first.
    fn causes(&self, caused: &Caused) -> Caused {
        let parents = caused.parents.iter();
        Caused {
            event: caused.event,
            row: self.row_at(&caused.row),
            parents: parents
                .map(|parent| NewParent { row: self.row_at(&parent.row), ..parent.clone() })
                .collect(),
            after: caused.after,
            confidence: caused.confidence.min(self.confidence),
            needs: caused.needs,
            sets: caused.sets,
            is_again: caused.is_again,
            switches: caused.switches.after(&self.switches),
            by: self.by.clone().or(caused.by.clone()),
            chain: joined(self.chain.as_ref(), caused.chain.as_ref()),
        }
    }

    /// Whether its rows, or those that new ones point to, are surely parents of the saved rows: others hardly lock more.
    fn is_told_apart(&self) -> bool {
        let parents = self.parents.iter().map(|parent| &parent.row);
        let is_near = parents.chain([&self.row]).any(|row| row.is_parent());
        is_near && self.confidence == Confidence::High
    }

    /// Rows that start at the rows of this save, from the row that is saved first.
    fn row_at(&self, inner: &RowPath) -> RowPath {
        match self.parent(inner) {
            Some((parent, rest)) => parent.row.then(&RowPath::Hops(rest.to_vec())),
            None => self.row.then(inner),
        }
    }

    /// The parent of new rows through which a path leads, and the rest of the path.
    fn parent<'a>(&'a self, inner: &'a RowPath) -> Option<(&'a NewParent, &'a [Hop])> {
        let (RowPath::New, RowPath::Hops(hops)) = (&self.row, inner) else { return None };
        let (Hop::Up { field, .. }, rest) = hops.split_first()? else { return None };
        let parent = self.parents.iter().find(|parent| parent.field == *field)?;
        Some((parent, rest))
    }
}

fn joined(first: Option<&Chain>, then: Option<&Chain>) -> Option<Chain> {
    match (first, then) {
        (Some(first), Some(then)) => Some(first.then(then)),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    }
}
