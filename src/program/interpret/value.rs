//! The little domain of values: what a variable may hold, as far as it says whose rows are written and when.

use super::intern::{Interner, Key};
use crate::base::{Name, Span};
use crate::program::mask::{Mask, Reach, Test};
use crate::program::records::RecordId;
use crate::program::row::RowPath;
use crate::program::types::TyId;
use crate::program::{ClassId, ObjectId};
use rustc_hash::FxHashMap;
use std::rc::Rc;

pub(super) type PathKey = Key<RowPath>;
pub(super) type NameKey = Key<Name>;
/// An object, list, set or map that the code creates; one for each place and context that creates it.
pub(super) type AllocId = u32;
/// A set of things that a variable may hold.
pub(super) type Value = Key<Rc<[Atom]>>;

/// One thing that a variable may hold.
///
/// Rows stand for themselves and for any collection of them, so that a query result, its elements and a map of them are one value;
/// collections that the code fills are allocations.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum What {
    Null,
    /// Rows that exist in the database, as they are (`old`: as they were before the save).
    Row {
        object: ObjectId,
        path: PathKey,
        old: bool,
    },
    /// The value of a field of such rows: an id, or anything else.
    Field {
        object: ObjectId,
        path: PathKey,
        name: NameKey,
        old: bool,
    },
    Alloc(AllocId),
    /// A row whose values are in the source.
    Record(RecordId),
    /// Something of a declared type, of which nothing else is known.
    Any(TyId),
    /// A Boolean that says when it is true.
    Test(Test),
    /// `Trigger.operationType`
    Operation,
    /// `TriggerOperation.AFTER_UPDATE`, or another enum constant that names an event.
    Event(Mask),
    /// A constant string, or a field token (`Account.Name`), by its text.
    Text(NameKey),
    /// `Account.SObjectType`
    ObjectToken(ObjectId),
    /// `Handler.class`
    ClassToken(ClassId),
    /// `Schema.getGlobalDescribe()`
    ObjectTable,
    /// Numbers, dates, and whatever else is of no interest.
    Other,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Atom {
    pub(super) what: What,
    /// When it may be held.
    pub(super) reach: Reach,
    /// The expression that took it from a row: the evidence for an id's origin.
    pub(super) origin: Option<Span>,
    /// Of rows: whether they are all rows of some ids, none left out.
    pub(super) is_whole: bool,
}

impl Atom {
    pub(super) fn new(what: What) -> Atom {
        Atom { what, reach: Reach::ALWAYS, origin: None, is_whole: false }
    }
}

/// A value of more atoms says nothing that a reader could use.
const MAX_ATOMS: usize = 512;

/// All values of a world.
pub(super) struct Values {
    sets: Interner<Rc<[Atom]>>,
    /// Where branches and rounds meet, the same values meet again and again.
    joins: FxHashMap<(Value, Value), Value>,
    /// Values as they are within some reach.
    parts: FxHashMap<(Value, Reach), Value>,
    pub(super) nothing: Value,
    pub(super) other: Value,
    pub(super) null: Value,
}

impl Values {
    pub(super) fn new() -> Values {
        let mut sets = Interner::default();
        let nothing = sets.key(Rc::from([]));
        let other = sets.key(Rc::from([Atom::new(What::Other)]));
        let null = sets.key(Rc::from([Atom::new(What::Null)]));
        Values {
            sets,
            joins: FxHashMap::default(),
            parts: FxHashMap::default(),
            nothing,
            other,
            null,
        }
    }

    pub(super) fn atoms(&self, value: Value) -> &[Atom] {
        self.sets.get(value)
    }

    /// The atoms one by one, while the world goes on changing.
    pub(super) fn each(&self, value: Value) -> impl Iterator<Item = Atom> + use<> {
        let atoms = self.sets.get(value).clone();
        (0..atoms.len()).map(move |index| atoms[index])
    }

    pub(super) fn one(&mut self, what: What) -> Value {
        self.sets.key(Rc::from([Atom::new(what)]))
    }

    /// The atoms as a set: sorted, equal ones joined, those that are never held left out.
    pub(super) fn of(&mut self, atoms: impl IntoIterator<Item = Atom>) -> Value {
        let mut test: Option<Test> = None;
        let mut set: Vec<Atom> = Vec::new();
        for atom in atoms {
            match atom.what {
                _ if atom.reach.is_never() => {}
                What::Test(value) => test = Some(test.map_or(value, |test| test.join(value))),
                _ => set.push(atom),
            }
        }
        set.sort_by_key(|atom| atom.what);
        set.dedup_by(|again, known| {
            let same = again.what == known.what;
            if same {
                known.reach = known.reach.or(again.reach);
                known.origin = known.origin.or(again.origin);
                known.is_whole &= again.is_whole;
            }
            same
        });
        set.extend(test.map(|test| Atom::new(What::Test(test))));
        // Registrations are told apart one by one, however many there are.
        let is_counted = |atom: &&Atom| !matches!(atom.what, What::Record(_));
        if set.iter().filter(is_counted).count() > MAX_ATOMS {
            return self.other;
        }
        self.sets.key(set.into())
    }

    pub(super) fn join(&mut self, a: Value, b: Value) -> Value {
        if a == b || b == self.nothing {
            return a;
        }
        if a == self.nothing {
            return b;
        }
        if let Some(&known) = self.joins.get(&(a, b)) {
            return known;
        }
        let atoms: Vec<Atom> = self.atoms(a).iter().chain(self.atoms(b)).copied().collect();
        let joined = self.of(atoms);
        self.joins.insert((a, b), joined);
        joined
    }

    /// The value as one of which parts may be left out.
    pub(super) fn in_part(&mut self, value: Value) -> Value {
        if self.atoms(value).iter().all(|atom| !atom.is_whole) {
            return value;
        }
        let atoms: Vec<Atom> =
            self.each(value).map(|atom| Atom { is_whole: false, ..atom }).collect();
        self.of(atoms)
    }

    /// The value as it is where `reach` holds.
    pub(super) fn within(&mut self, value: Value, reach: Reach) -> Value {
        let is_within = |atom: &Atom| match atom.what {
            What::Test(test) => test.within(reach) == test,
            _ => atom.reach.and(reach) == atom.reach,
        };
        if reach == Reach::ALWAYS || self.atoms(value).iter().all(is_within) {
            return value;
        }
        if let Some(&known) = self.parts.get(&(value, reach)) {
            return known;
        }
        let atoms: Vec<Atom> = self
            .atoms(value)
            .iter()
            .map(|atom| match atom.what {
                What::Test(test) => Atom { what: What::Test(test.within(reach)), ..*atom },
                _ => Atom { reach: atom.reach.and(reach), ..*atom },
            })
            .collect();
        let part = self.of(atoms);
        self.parts.insert((value, reach), part);
        part
    }

    /// What the value says as a condition.
    pub(super) fn test(&self, value: Value) -> Test {
        let mut tests = self.atoms(value).iter().map(|atom| match atom.what {
            What::Test(test) => test,
            // `!old.IsConverted && IsConverted`: half of a test of a transition.
            What::Field { old: true, .. } => Test::KNOWS_BEFORE,
            _ => Test::OPEN,
        });
        let first = tests.next().unwrap_or(Test::OPEN);
        tests.fold(first, Test::join)
    }

    pub(super) fn has(&self, value: Value, like: impl Fn(&What) -> bool) -> bool {
        self.atoms(value).iter().any(|atom| like(&atom.what))
    }
}
