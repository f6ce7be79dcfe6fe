//! Batches on their own: which rows come to `execute` in chunks, and what it does to them and to what they point to.

use super::value::{Atom, Value, What};
use super::world::{Cell, RawEffect, SavedRows, World};
use crate::base::Name;
use crate::base::Step;
use crate::program::effect::{Effect, JobKind};
use crate::program::link::Linked;
use crate::program::mask::{Mask, Reach};
use crate::program::row::RowPath;
use crate::program::types::Ty;
use crate::program::{Batch, ClassId, CodeId};
use crate::schema::{ObjectId, Schema};
use rayon::prelude::*;

pub(super) fn all(linked: &Linked, schema: &Schema) -> Vec<Batch> {
    let batches: Vec<ClassId> = linked
        .symbols
        .classes
        .iter()
        .filter(|(_, class)| class.jobs.contains(&JobKind::Batch) && !class.is_test)
        .map(|(id, _)| id)
        .collect();
    let mut world = World::new(linked, schema, None);
    world.round = 1;
    let scopes: Vec<(ClassId, ObjectId)> =
        batches.into_iter().filter_map(|class| Some((class, world.scope_of(class)?))).collect();
    scopes.par_iter().filter_map(|&(class, scope)| follow(linked, schema, class, scope)).collect()
}

/// Nothing for a batch over what is no object.
fn follow(linked: &Linked, schema: &Schema, class: ClassId, scope: ObjectId) -> Option<Batch> {
    let mut world =
        World::new(linked, schema, Some(SavedRows { object: scope, events: Mask::NONE }));
    world.in_job = true;
    let effects = world.settle(|world| world.chunk(class, scope));
    let query = world.scope.clone()?;
    let name = linked.symbols.classes[class].name.clone();
    let start =
        Step::new(query.span, format!("`{name}` reads its `{}` rows here", schema.name(scope)));
    let effects = effects
        .iter()
        .map(|raw| world.effect(raw))
        .map(|effect| Effect { chain: effect.chain.after(start.clone()), ..effect })
        .collect();
    Some(Batch { name, scope, query, effects })
}

impl World<'_> {
    /// The object of the rows that `start` finds, or that `execute` declares.
    fn scope_of(&mut self, class: ClassId) -> Option<ObjectId> {
        let this = self.any_instance(class);
        let context = self.values.other;
        let mut found = None;
        for code in self.overloads(class, &Name::new("start"), &[context]) {
            let rows = self.start_of(code, this, context);
            let rows = self.elements(rows);
            found = found.or(self.values.each(rows).find_map(|atom| self.object_of_id(atom.what)));
        }
        found.or_else(|| self.declared_scope(class))
    }

    /// What `start` returns; its query is kept.
    fn start_of(&mut self, code: CodeId, this: Value, context: Value) -> Value {
        self.in_start = true;
        let rows = self.interpret(code, this, &[context], Reach::ALWAYS).0;
        self.in_start = false;
        rows
    }

    fn declared_scope(&self, class: ClassId) -> Option<ObjectId> {
        let context = self.values.other;
        let code = self.overloads(class, &Name::new("execute"), &[context, context]);
        let (_, rows) = self.linked.code[*code.first()?].params.get(1)?;
        match self.linked.types.get(self.linked.types.leaf(*rows)) {
            Ty::SObject(object) => Some(*object),
            _ => None,
        }
    }

    /// What a batch does to one chunk.
    fn chunk(&mut self, class: ClassId, scope: ObjectId) -> Vec<RawEffect> {
        let this = self.any_instance(class);
        let context = self.values.other;
        for code in self.overloads(class, &Name::new("start"), &[context]) {
            self.start_of(code, this, context);
        }
        let path = self.path(RowPath::saved());
        let rows = self.values.one(What::Row { object: scope, path, old: false });
        let mut effects = Vec::new();
        for code in self.overloads(class, &Name::new("execute"), &[context, rows]) {
            let done = self.interpret(code, this, &[context, rows], Reach::ALWAYS).1;
            effects.extend(done.iter().cloned());
        }
        effects
    }

    /// The rows that a batch's `execute` is handed; where it is one, as a list that is known to hold one.
    pub(super) fn scope(&mut self, code: CodeId, rows: Value) -> Value {
        if !self.has_single_scope(code) {
            return rows;
        }
        let (_, ty) = self.linked.code[code].params[1];
        let alloc = self.alloc_by_platform(code, ty);
        let elements = self.elements(rows);
        self.write(Cell::Of(alloc, self.words.elements), elements);
        self.values.one(What::Alloc(alloc))
    }

    fn has_single_scope(&self, code: CodeId) -> bool {
        let code = &self.linked.code[code];
        let is_execute = code.params.len() == 2 && code.name.ends_with(".execute");
        is_execute && code.class.is_some_and(|class| self.linked.single_scopes.contains(&class))
    }

    /// Whether a list is the scope of a batch that is handed one row at a time.
    pub(super) fn is_single_row(&self, list: Value) -> bool {
        let is_scope = |atom: &Atom| match atom.what {
            What::Alloc(alloc) => {
                self.made_by_platform(alloc).is_some_and(|code| self.has_single_scope(code))
            }
            _ => false,
        };
        let atoms = self.values.atoms(list);
        !atoms.is_empty() && atoms.iter().all(is_scope)
    }
}
