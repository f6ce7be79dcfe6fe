//! Types at run time: conversions, `instanceof`, what a branch knows of a type.

use super::frame::Frame;
use super::value::{Atom, Value, What};
use super::world::World;
use crate::apex::ir::TypeRef;
use crate::program::mask::Test;
use crate::program::row::RowPath;
use crate::program::types::{Ty, TyId};

impl<'p> World<'p> {
    /// A value where a declaration says its type: what is not known becomes anything of that type.
    pub(super) fn coerce(&mut self, value: Value, ty: TyId) -> Value {
        let vague = |what: &What| match what {
            What::Other => true,
            What::Any(any) => {
                *any == self.linked.types.any_sobject || *any == self.linked.types.other
            }
            _ => false,
        };
        if ty == self.linked.types.other
            || ty == self.linked.types.any_sobject
            || !self.values.has(value, vague)
        {
            return value;
        }
        let atoms: Vec<Atom> =
            self.values.atoms(value).iter().filter(|atom| !vague(&atom.what)).copied().collect();
        let known = self.values.of(atoms);
        let any = self.any(ty);
        self.values.join(known, any)
    }

    /// `value instanceof T`: decided where every object that the value may be is known.
    pub(super) fn instance_test(&self, value: Value, ty: TyId) -> Test {
        let wanted = self.linked.types.get(ty);
        let is_one = |atom: &Atom| match (atom.what, wanted) {
            (What::Alloc(alloc), Ty::Class(wanted)) => match self.alloc_ty(alloc) {
                Ty::Class(class) => Some(self.linked.symbols.is_a(*class, *wanted)),
                _ => None,
            },
            (What::Row { object, .. }, Ty::SObject(wanted)) => Some(object == *wanted),
            _ => None,
        };
        let mut all = self.values.atoms(value).iter().map(is_one);
        match all.next() {
            Some(Some(first)) if all.all(|one| one == Some(first)) => {
                if first {
                    Test::TRUE
                } else {
                    Test::FALSE
                }
            }
            _ => Test::OPEN,
        }
    }

    /// A cast keeps what can be of the type.
    pub(super) fn cast(&mut self, value: Value, ty: TyId) -> Value {
        let types = &self.linked.types;
        let leaf = types.get(types.leaf(ty)).clone();
        let fits = |world: &Self, what: &What| match (what, &leaf) {
            (What::Row { object, .. }, Ty::SObject(wanted)) => object == wanted,
            (What::Alloc(alloc), Ty::SObject(_) | Ty::Class(_)) => {
                match (world.alloc_ty(*alloc), &leaf) {
                    (Ty::SObject(object), Ty::SObject(wanted)) => object == wanted,
                    (Ty::Class(class), Ty::Class(wanted)) => {
                        world.linked.symbols.is_a(*class, *wanted)
                    }
                    _ => true,
                }
            }
            _ => true,
        };
        let atoms: Vec<Atom> = self
            .values
            .atoms(value)
            .iter()
            .filter(|atom| fits(self, &atom.what))
            .copied()
            .collect();
        let kept = self.values.of(atoms);
        // What is known to be something else is nothing here: the cast would fail.
        self.coerce(kept, ty)
    }

    /// `when Account a`: the rows of that type.
    pub(super) fn narrowed(&mut self, value: Value, ty: &TypeRef, frame: &Frame<'p>) -> Value {
        let wanted = self.schema.object(&ty.name);
        let class = self.linked.symbols.class_named(&ty.name, frame.code.class);
        let atoms: Vec<Atom> = self
            .values
            .atoms(value)
            .iter()
            .filter(|atom| match atom.what {
                What::Row { object, .. } => Some(object) == wanted,
                What::Alloc(alloc) => match self.alloc_ty(alloc) {
                    Ty::SObject(object) => Some(*object) == wanted,
                    Ty::Class(known) => {
                        class.is_some_and(|class| self.linked.symbols.is_a(*known, class))
                    }
                    _ => true,
                },
                _ => false,
            })
            .copied()
            .collect();
        if atoms.is_empty() {
            return match wanted {
                Some(object) => {
                    let path = self.path(RowPath::Unknown);
                    self.values.one(What::Row { object, path, old: false })
                }
                None => self.values.other,
            };
        }
        self.values.of(atoms)
    }
}
