//! Reading: fields of rows and objects, elements and keys of collections.

use super::value::{Atom, Value, What};
use super::world::{Cell, World};
use crate::base::{Name, Span};
use crate::program::ClassId;
use crate::program::row::RowPath;
use crate::program::types::Ty;
use crate::schema::ObjectId;

impl<'p> World<'p> {
    pub(super) fn read_static(&mut self, class: ClassId, name: &Name) -> Value {
        self.start_class(class);
        let variable = &self.linked.symbols.classes[class].variables[name];
        if let Some(getter) = variable.getter.filter(|_| !self.is_inside(variable)) {
            let this = self.values.nothing;
            return self.run_code(getter, this, Box::from([]));
        }
        let key = self.name(name);
        let read = self.read(Cell::Static(class, key));
        match read {
            Some(value) => value,
            None => self.any(variable.ty),
        }
    }

    /// A field of whatever a value holds. `span` is the place of the access, evidence for ids taken from rows.
    pub(super) fn read_field(&mut self, value: Value, name: &Name, span: Option<Span>) -> Value {
        let atoms = self.values.each(value);
        let mut result = self.values.nothing;
        for atom in atoms {
            let read = self.read_atom_field(atom, name, span);
            let read = self.values.within(read, atom.reach);
            result = self.values.join(result, read);
        }
        result
    }

    fn read_atom_field(&mut self, atom: Atom, name: &Name, span: Option<Span>) -> Value {
        match atom.what {
            What::Row { object, path, old } => {
                let what = self.row_field(object, path, name, old);
                self.values.of([Atom { origin: span, ..Atom::new(what) }])
            }
            What::Alloc(alloc) => match self.alloc_ty(alloc) {
                Ty::SObject(object) => self.new_row_field(alloc, *object, name, span),
                Ty::Class(class) => self.instance_field(atom, Some(alloc), *class, name),
                _ => self.values.other,
            },
            What::Any(ty) => match self.linked.types.get(ty) {
                Ty::Class(class) => self.instance_field(atom, None, *class, name),
                _ => self.values.other,
            },
            What::Null => self.values.nothing,
            // `Object__r.QualifiedApiName` of a record that names an object.
            What::ObjectToken(object)
                if name.is("QualifiedApiName") || name.is("DeveloperName") =>
            {
                let name = self.schema.name(object).as_str().to_owned();
                self.constant(&name)
            }
            What::Field { .. }
            | What::Test(_)
            | What::Operation
            | What::Event(_)
            | What::Text(_) => self.values.other,
            What::ObjectToken(_) | What::ClassToken(_) | What::ObjectTable | What::Other => {
                self.values.other
            }
            What::Record(record) => self.record_field(record, name),
        }
    }

    /// A field of existing rows: a value, the rows it points to, or the rows that point here.
    fn row_field(
        &mut self,
        object: ObjectId,
        path: super::value::PathKey,
        name: &Name,
        old: bool,
    ) -> What {
        if let Some(child) = self.schema.child_field(object, name) {
            let field = &self.schema.fields[child];
            let path = self.down(path, field.object, &field.name);
            return What::Row { object: field.object, path, old };
        }
        if let Some(field_name) = self.schema.parent_field_name(object, name) {
            let field = self.schema.field(object, &field_name);
            let target = field.and_then(|field| self.schema.targets(field).first().copied());
            if let Some(target) = target {
                let path = self.up(path, object, &field_name);
                return What::Row { object: target, path, old };
            }
        }
        let name = self.name(name);
        What::Field { object, path, name, old }
    }

    fn new_row_field(
        &mut self,
        alloc: u32,
        object: ObjectId,
        name: &Name,
        span: Option<Span>,
    ) -> Value {
        let key = self.name(name);
        if let Some(value) = self.read(Cell::Of(alloc, key)) {
            return value;
        }
        if let Some(parent) = self.schema.parent_field_name(object, name) {
            let field = self.name(&parent);
            if let Some(ids) = self.read(Cell::Of(alloc, field)) {
                return self.rows_of_ids(ids);
            }
        }
        // What the row has once it is inserted.
        let id = self.read(Cell::Of(alloc, self.words.id));
        let path = match id.map(|id| self.id_paths(id)) {
            Some(paths) if paths.len() == 1 => paths[0],
            _ => self.path(RowPath::New),
        };
        let what = What::Field { object, path, name: key, old: false };
        self.values.of([Atom { origin: span, ..Atom::new(what) }])
    }

    fn instance_field(
        &mut self,
        this: Atom,
        alloc: Option<u32>,
        class: ClassId,
        name: &Name,
    ) -> Value {
        let symbols = &self.linked.symbols;
        let Some(owner) = symbols
            .lineage(class)
            .find(|&owner| symbols.classes[owner].variables.contains_key(name))
        else {
            return self.values.other;
        };
        let variable = &symbols.classes[owner].variables[name];
        if let Some(getter) = variable.getter.filter(|_| !self.is_inside(variable)) {
            let this = self.values.one(this.what);
            return self.run_code(getter, this, Box::from([]));
        }
        let key = self.name(name);
        let read = alloc.and_then(|alloc| self.read(Cell::Of(alloc, key)));
        match (read, alloc) {
            (Some(value), _) => value,
            (None, Some(_)) => self.values.null,
            (None, None) => self.any(variable.ty),
        }
    }

    /// The elements of whatever collection a value is; rows are their own elements.
    pub(super) fn elements(&mut self, value: Value) -> Value {
        let mut own = Vec::new();
        let mut result = self.values.nothing;
        for atom in self.values.each(value) {
            let read = match atom.what {
                What::Null => continue,
                What::Alloc(alloc)
                    if matches!(self.alloc_ty(alloc), Ty::Elements(_) | Ty::Map(..)) =>
                {
                    self.read(Cell::Of(alloc, self.words.elements))
                }
                What::Any(ty) => match self.linked.types.get(ty) {
                    Ty::Elements(inner) | Ty::Map(_, inner) => Some(self.any(*inner)),
                    _ => None,
                },
                _ => {
                    own.push(atom);
                    continue;
                }
            };
            match (read, atom.what) {
                (Some(read), _) => {
                    let read = self.values.within(read, atom.reach);
                    result = self.values.join(result, read);
                }
                (None, What::Any(_)) => own.push(atom),
                (None, _) => {}
            }
        }
        if own.len() == self.values.atoms(value).len() {
            return value;
        }
        let own = self.values.of(own);
        self.values.join(own, result)
    }

    /// The keys of a map; of rows, their ids.
    pub(super) fn keys(&mut self, value: Value) -> Value {
        let atoms = self.values.each(value);
        let mut result = self.values.nothing;
        for atom in atoms {
            let read = match atom.what {
                What::Alloc(alloc) => {
                    self.read(Cell::Of(alloc, self.words.keys)).unwrap_or(self.values.nothing)
                }
                What::Record(record) => self.record_field(record, &Name::new("DeveloperName")),
                What::Row { object, path, old } => {
                    let what = What::Field { object, path, name: self.words.id, old };
                    self.values.of([Atom { what, ..atom }])
                }
                What::Any(ty) => match self.linked.types.get(ty) {
                    Ty::Map(key, _) => self.any(*key),
                    _ => self.values.other,
                },
                What::Null => self.values.nothing,
                _ => self.values.other,
            };
            let read = self.values.within(read, atom.reach);
            result = self.values.join(result, read);
        }
        result
    }
}
