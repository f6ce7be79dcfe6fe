//! Declared types, as far as they say whose rows a value holds.

use super::ClassId;
use super::symbols::Symbols;
use crate::apex::ir::TypeRef;
use crate::base::{Id, Ids, Name};
use crate::schema::{ObjectId, Schema};
use rustc_hash::FxHashMap;

pub(crate) type TyId = Id<Ty>;

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Ty {
    /// Rows of one object.
    SObject(ObjectId),
    /// `SObject`: rows of any object.
    AnySObject,
    /// A class or interface of the project.
    Class(ClassId),
    /// `List<T>`, `T[]`, `Set<T>`, `Iterable<T>`
    Elements(TyId),
    Map(TyId, TyId),
    /// `Id`, and `String`, which often holds one
    Id,
    Boolean,
    /// Numbers, dates, platform classes, and what the project does not declare
    Other,
}

/// Every type once.
#[derive(Debug)]
pub(crate) struct Types {
    all: Ids<Ty>,
    ids: FxHashMap<Ty, TyId>,
    pub(crate) other: TyId,
    pub(crate) any_sobject: TyId,
}

impl Types {
    pub(crate) fn new() -> Types {
        let mut all = Ids::default();
        let mut ids = FxHashMap::default();
        let mut add = |ty: Ty| {
            let id = all.push(ty.clone());
            ids.insert(ty, id);
            id
        };
        let (other, any_sobject) = (add(Ty::Other), add(Ty::AnySObject));
        Types { all, ids, other, any_sobject }
    }

    pub(crate) fn get(&self, id: TyId) -> &Ty {
        &self.all[id]
    }

    pub(crate) fn intern(&mut self, ty: Ty) -> TyId {
        if let Some(&id) = self.ids.get(&ty) {
            return id;
        }
        let id = self.all.push(ty.clone());
        self.ids.insert(ty, id);
        id
    }

    /// The type of a class, if anything was declared with it.
    pub(crate) fn class(&self, class: ClassId) -> Option<TyId> {
        self.ids.get(&Ty::Class(class)).copied()
    }

    /// The type of an object's rows, if anything was declared with it.
    pub(crate) fn object(&self, object: ObjectId) -> Option<TyId> {
        self.ids.get(&Ty::SObject(object)).copied()
    }

    /// The type without collections around it: whose rows `Map<Id, List<Contact>>` holds.
    pub(crate) fn leaf(&self, id: TyId) -> TyId {
        let mut at = id;
        while let Ty::Elements(inner) | Ty::Map(_, inner) = self.get(at) {
            at = *inner;
        }
        at
    }

    /// Resolves a type as written inside `scope`.
    pub(crate) fn resolve(
        &mut self,
        ty: &TypeRef,
        scope: Option<ClassId>,
        symbols: &Symbols,
        schema: &Schema,
    ) -> TyId {
        let arg = |types: &mut Types, index: usize| match ty.args.get(index) {
            Some(arg) => types.resolve(arg, scope, symbols, schema),
            None => types.other,
        };
        let name = without_platform_namespace(&ty.name);
        let is_one_of = |known: &[&str]| known.iter().any(|known| name.is(known));
        // Before the project's classes: one of such a name, in a single broken file, would hide the platform's from all.
        let resolved = match () {
            () if is_one_of(&["List", "Set", "Iterable", "Iterator"]) => Ty::Elements(arg(self, 0)),
            () if name.is("Map") => Ty::Map(arg(self, 0), arg(self, 1)),
            () if is_one_of(&["Id", "String"]) => Ty::Id,
            () if name.is("Boolean") => Ty::Boolean,
            () if name.is("SObject") => Ty::AnySObject,
            () => match symbols.class_named(&ty.name, scope) {
                Some(class) => Ty::Class(class),
                None => schema.object(&name).map_or(Ty::Other, Ty::SObject),
            },
        };
        self.intern(resolved)
    }
}

/// `Schema.Account` and `System.List` without their namespace.
fn without_platform_namespace(name: &Name) -> Name {
    match name.as_str().split_once('.') {
        Some((namespace, rest))
            if ["schema", "system"].iter().any(|known| namespace.eq_ignore_ascii_case(known)) =>
        {
            Name::new(rest)
        }
        _ => name.clone(),
    }
}
