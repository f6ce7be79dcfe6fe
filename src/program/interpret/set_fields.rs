//! Which fields code sets: what a nested save may have changed.

use super::value::{NameKey, Value, What};
use super::world::{RawEffect, World};
use crate::program::effect::EffectKind;
use crate::program::mask::Fields;
use crate::program::row::RowPath;
use crate::program::types::Ty;
use crate::schema::ObjectId;
use rustc_hash::{FxHashMap, FxHashSet};

/// All of a world, on whichever rows.
#[derive(Default)]
pub(super) struct SetFields {
    by_object: FxHashMap<ObjectId, Fields>,
    /// Of rows whose object is not known.
    names: FxHashSet<NameKey>,
    /// Whether a field is set that is not known.
    any: bool,
}

impl World<'_> {
    /// Code sets a field of some rows; nothing for a field that is not known.
    pub(super) fn sets_field(&mut self, rows: Value, field: Option<NameKey>) {
        for atom in self.values.each(rows) {
            let object = match atom.what {
                What::Row { object, .. } => Some(object),
                What::Alloc(alloc) => match self.alloc_ty(alloc) {
                    Ty::SObject(object) => Some(*object),
                    _ => continue,
                },
                What::Any(ty) if *self.linked.types.get(ty) != Ty::AnySObject => continue,
                What::Any(_) | What::Other => None,
                _ => continue,
            };
            match (object, field) {
                (Some(object), field) => {
                    let set = match field {
                        Some(field) => Fields::set(self.schema, object, [self.names.get(field)]),
                        None => Fields::ANY,
                    };
                    let known = self.set.by_object.entry(object).or_insert(Fields::NONE);
                    *known = known.or(set);
                }
                (None, Some(field)) => _ = self.set.names.insert(field),
                (None, None) => self.set.any = true,
            }
        }
    }

    /// The fields that code sets on rows of an object, as far as it has been followed.
    pub(super) fn set_on(&self, object: ObjectId) -> Fields {
        if self.set.any {
            return Fields::ANY;
        }
        let known = self.set.by_object.get(&object).copied().unwrap_or(Fields::NONE);
        let names = self.set.names.iter().map(|name| self.names.get(*name));
        known.or(Fields::set(self.schema, object, names))
    }

    /// The fields that DML may change; of rows that come from elsewhere, any.
    pub(super) fn sets(&self, raw: &RawEffect) -> Fields {
        let is_known = *self.paths.get(raw.path) != RowPath::Unknown;
        match (raw.kind, raw.object) {
            (EffectKind::Dml(_), Some(object)) if is_known => self.set_on(object),
            _ => Fields::ANY,
        }
    }
}
