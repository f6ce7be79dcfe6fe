//! Methods that flows call.

use super::value::{Atom, Value, What};
use super::world::{Cell, SavedRows, World};
use crate::program::CodeId;
use crate::program::effect::Effect;
use crate::program::flow::Action;
use crate::program::link::Linked;
use crate::program::mask::{Mask, Reach};
use crate::program::row::RowPath;
use crate::program::types::{Ty, TyId};
use crate::schema::{ObjectId, Schema};

/// What the invocable method of a class does with what it is handed; nothing where there is no such method.
pub(super) fn effects(
    linked: &Linked,
    schema: &Schema,
    action: &Action<'_>,
) -> Option<Vec<Effect>> {
    let class = linked.symbols.class_named(action.class, None)?;
    let methods = linked.symbols.classes[class].methods.values().flatten();
    let method = *methods.filter(|&&code| linked.code[code].is_invocable).min()?;
    // The save of a flow has no trigger's variables.
    let saved = action.saved.map(|object| SavedRows { object, events: Mask::NONE });
    let mut world = World::new(linked, schema, saved);
    let nothing = world.values.nothing;
    let args = world.handed_to(method, action);
    let effects = world.settle(|world| match args {
        Some(args) => world.interpret(method, nothing, &[args], Reach::ALWAYS).1.to_vec(),
        None => world.effects_of_any(method),
    });
    Some(effects.iter().map(|raw| world.effect(raw)).collect())
}

impl World<'_> {
    /// The argument of a method: ids or rows, or objects whose variables take the inputs; nothing where that is not known.
    fn handed_to(&mut self, method: CodeId, action: &Action<'_>) -> Option<Value> {
        let linked = self.linked;
        let [(_, ty)] = linked.code[method].params.as_slice() else { return None };
        let ty = linked.types.leaf(*ty);
        if let Ty::Class(class) = *linked.types.get(ty) {
            let request = self.alloc_by_platform(method, ty);
            let mut variables: Vec<_> = linked.symbols.classes[class].variables.iter().collect();
            variables.sort_by_key(|(name, _)| *name);
            for (name, variable) in variables {
                let given = action.inputs.iter().find(|(input, _)| *input == name);
                let value = given.and_then(|(_, rows)| self.handed(variable.ty, rows));
                let value = value.unwrap_or_else(|| self.any(variable.ty));
                let name = self.name(name);
                self.write(Cell::Of(request, name), value);
            }
            return Some(self.values.one(What::Alloc(request)));
        }
        let [(_, rows)] = action.inputs.as_slice() else { return None };
        self.handed(ty, rows)
    }

    /// Rows, or their ids, as a type takes them.
    fn handed(&mut self, ty: TyId, rows: &[(ObjectId, RowPath)]) -> Option<Value> {
        let takes_rows = match self.linked.types.get(self.linked.types.leaf(ty)) {
            Ty::Id | Ty::Other => false,
            Ty::SObject(_) | Ty::AnySObject => true,
            _ => return None,
        };
        if rows.is_empty() {
            return None;
        }
        let id = self.words.id;
        let atoms: Vec<Atom> = rows
            .iter()
            .map(|(object, path)| {
                let (object, path) = (*object, self.path(path.clone()));
                Atom::new(match takes_rows {
                    true => What::Row { object, path, old: false },
                    false => What::Field { object, path, name: id, old: false },
                })
            })
            .collect();
        Some(self.values.of(atoms))
    }
}
