//! Creating objects and rows, and writing variables, fields and entries.

use super::frame::Frame;
use super::names::Static;
use super::text::HOLE;
use super::value::{NameKey, Value, What};
use super::world::{Cell, World};
use crate::apex::ir::{ExprId, ExprKind, NewArgs};
use crate::base::Name;
use crate::program::mask::Test;
use crate::program::types::Ty;
use crate::program::{ClassId, Role};

/// A text that has more variants is not built in a few steps.
const MAX_GROWTH: usize = 4;

impl<'p> World<'p> {
    pub(super) fn create(&mut self, frame: &mut Frame<'p>, id: ExprId, args: &NewArgs) -> Value {
        let ty = self.written_type(frame, id);
        let declared = self.linked.types.get(ty);
        let creates =
            matches!(declared, Ty::SObject(_) | Ty::Class(_) | Ty::Elements(_) | Ty::Map(..));
        let alloc = creates.then(|| self.alloc(frame, id, ty));
        match args {
            NewArgs::Positional(args) => {
                let args: Vec<Value> = args.iter().map(|&arg| self.expr(frame, arg)).collect();
                match (alloc, declared) {
                    (Some(alloc), Ty::Class(class)) => {
                        self.construct(frame, id, alloc, *class, args);
                    }
                    (Some(alloc), Ty::Elements(_)) => {
                        for arg in args {
                            let elements = self.elements(arg);
                            self.put(frame, alloc, self.words.elements, elements);
                        }
                    }
                    (Some(alloc), Ty::Map(..)) => {
                        for arg in args {
                            let (keys, elements) =
                                (self.keys_of_map_source(arg), self.elements(arg));
                            self.put(frame, alloc, self.words.keys, keys);
                            self.put(frame, alloc, self.words.elements, elements);
                        }
                    }
                    _ => self.interview_by_type(frame, id, &args),
                }
            }
            NewArgs::Fields(fields) => {
                for (name, value) in fields {
                    let value = self.expr(frame, *value);
                    let name = self.name(&name.name);
                    if let Some(alloc) = alloc {
                        self.put(frame, alloc, name, value);
                        let row = self.values.one(What::Alloc(alloc));
                        self.sets_field(row, Some(name));
                    }
                }
            }
            NewArgs::Elements(elements) => {
                for (index, &element) in elements.iter().enumerate() {
                    let element = self.expr(frame, element);
                    if let Some(alloc) = alloc {
                        self.put(frame, alloc, self.words.elements, element);
                        let place = self.name(&Name::new(&format!("#{index}")));
                        self.put(frame, alloc, place, element);
                    }
                }
            }
            NewArgs::Pairs(pairs) => {
                for &(key, value) in pairs {
                    let (key, value) = (self.expr(frame, key), self.expr(frame, value));
                    if let Some(alloc) = alloc {
                        self.put_entry(frame, alloc, key, value);
                    }
                }
            }
        }
        match alloc {
            Some(alloc) => self.values.one(What::Alloc(alloc)),
            None => self.values.other,
        }
    }

    /// `new Map<Id, T>(rows)` takes the ids of the rows as keys, `new Map<K, V>(map)` its keys.
    fn keys_of_map_source(&mut self, source: Value) -> Value {
        let atoms = self.values.each(source);
        let mut result = self.values.nothing;
        for atom in atoms {
            let one = self.values.of([atom]);
            let keys = match atom.what {
                What::Alloc(alloc) if matches!(self.alloc_ty(alloc), Ty::Elements(_)) => {
                    let rows = self.elements(one);
                    self.keys(rows)
                }
                _ => self.keys(one),
            };
            result = self.values.join(result, keys);
        }
        result
    }

    /// Puts a value into an object or collection, as it is where control stands.
    pub(super) fn put(&mut self, frame: &Frame<'p>, alloc: u32, name: NameKey, value: Value) {
        let value = self.values.within(value, frame.reach);
        // What a collection is given may be some of many.
        let value = self.values.in_part(value);
        self.write(Cell::Of(alloc, name), value);
    }

    /// `text += part`
    fn extended(&mut self, old: Value, part: Value) -> Value {
        // A text that grows with each call has no end that counts.
        if self.values.atoms(old).len() > MAX_GROWTH {
            return self.values.other;
        }
        let joined = self.concatenation(&[old, part]);
        if joined == self.values.other { self.values.join(old, part) } else { joined }
    }

    /// Puts a value into a map under a key. Of a key that is a constant, the value is kept apart.
    pub(super) fn put_entry(&mut self, frame: &Frame<'p>, alloc: u32, key: Value, value: Value) {
        self.put(frame, alloc, self.words.keys, key);
        self.put(frame, alloc, self.words.elements, value);
        match self.entry_names(key) {
            Some(entries) => {
                entries.into_iter().for_each(|entry| self.put(frame, alloc, entry, value));
            }
            None => self.put(frame, alloc, self.words.any_entry, value),
        }
    }

    /// What a map holds under a key: for a constant key, what was put under it or under a key that is not known.
    pub(super) fn entry(&mut self, alloc: u32, key: Value) -> Value {
        let elements =
            self.read(Cell::Of(alloc, self.words.elements)).unwrap_or(self.values.nothing);
        let Some(entries) = self.entry_names(key) else { return elements };
        let any = self.read(Cell::Of(alloc, self.words.any_entry)).unwrap_or(self.values.nothing);
        let mut found = any;
        for entry in entries {
            let value = self.read(Cell::Of(alloc, entry)).unwrap_or(self.values.null);
            found = self.values.join(found, value);
        }
        found
    }

    /// The names under which entries of constant keys are kept.
    fn entry_names(&mut self, key: Value) -> Option<Vec<NameKey>> {
        let is_constant = |what: &What| {
            matches!(what, What::Text(_) | What::ObjectToken(_) | What::ClassToken(_))
        };
        if !self.values.atoms(key).iter().all(|atom| is_constant(&atom.what)) {
            return None;
        }
        let texts = self.variants(key);
        if texts.iter().any(|text| text.contains(HOLE)) {
            return None;
        }
        Some(texts.iter().map(|text| self.name(&Name::new(&format!("={text}")))).collect())
    }

    /// The constant key of an entry, by the name under which it is kept.
    pub(super) fn entry_text(&self, entry: NameKey) -> Option<Name> {
        let name = self.names.get(entry).without_prefix("=")?;
        (!name.is_empty()).then(|| Name::new(name))
    }

    pub(super) fn assign(
        &mut self,
        frame: &mut Frame<'p>,
        left: ExprId,
        value: Value,
        compound: bool,
    ) {
        let value = self.values.within(value, frame.reach);
        let body = frame.body;
        match &body.exprs[left].kind {
            ExprKind::Name(name) => {
                let key = self.name(name);
                frame.narrowed.retain(|(known, _)| *known != key);
                if let Some(at) = frame.local(key) {
                    let old = frame.locals[at].1;
                    frame.locals[at].1 = if compound { self.extended(old, value) } else { value };
                } else if let Some((class, is_static)) = self.owner_of(frame, name) {
                    let this = frame.this;
                    let value = match compound {
                        true => {
                            let old = self.variable(frame, name).unwrap_or(self.values.nothing);
                            self.extended(old, value)
                        }
                        false => value,
                    };
                    self.write_variable(class, is_static, this, name, value);
                }
            }
            ExprKind::Field { object, name } => {
                if let Some(Static::Class(class)) = self.static_of(frame, *object) {
                    let symbols = &self.linked.symbols;
                    let owner = symbols
                        .lineage(class)
                        .find(|&owner| symbols.classes[owner].variables.contains_key(&name.name));
                    if let Some(owner) = owner {
                        let this = self.values.nothing;
                        self.write_variable(owner, true, this, &name.name, value);
                    }
                    return;
                }
                let object = self.expr(frame, *object);
                self.write_field(object, &name.name, value);
            }
            ExprKind::Index { list, .. } => {
                let list = self.expr(frame, *list);
                for atom in self.values.each(list) {
                    if let What::Alloc(alloc) = atom.what {
                        self.write(Cell::Of(alloc, self.words.elements), value);
                    }
                }
            }
            _ => drop(self.expr(frame, left)),
        }
    }

    /// Sets a field of whatever objects a value holds.
    fn write_field(&mut self, object: Value, name: &Name, value: Value) {
        let field = self.name(name);
        self.sets_field(object, Some(field));
        for atom in self.values.each(object) {
            let What::Alloc(alloc) = atom.what else { continue };
            match self.alloc_ty(alloc) {
                Ty::Class(class) => {
                    let symbols = &self.linked.symbols;
                    let owner = symbols
                        .lineage(*class)
                        .find(|&owner| symbols.classes[owner].variables.contains_key(name));
                    if let Some(owner) = owner {
                        let this = self.values.of([atom]);
                        self.write_variable(owner, false, this, name, value);
                    }
                }
                Ty::SObject(_) => {
                    let name = self.name(name);
                    self.write(Cell::Of(alloc, name), value);
                }
                _ => {}
            }
        }
    }

    fn write_variable(
        &mut self,
        class: ClassId,
        is_static: bool,
        this: Value,
        name: &Name,
        value: Value,
    ) {
        let variable = &self.linked.symbols.classes[class].variables[name];
        if let Some(setter) = variable.setter.filter(|_| !self.is_inside(variable)) {
            self.run_code(setter, this, Box::from([value]));
            return;
        }
        let value = self.coerce(value, variable.ty);
        let value = if variable.is_final { value } else { self.switchable(value) };
        let key = self.name(name);
        if is_static {
            self.write(Cell::Static(class, key), value);
            return;
        }
        for atom in self.values.each(this) {
            if let What::Alloc(alloc) = atom.what {
                self.write(Cell::Of(alloc, key), value);
            }
        }
    }

    /// A Boolean literal in a variable is a switch that other code may turn: it decides nothing.
    fn switchable(&mut self, value: Value) -> Value {
        let is_switch = |what: &What| match what {
            What::Test(test) => test.yes.is_never() || test.no.is_never() || *test == Test::OPEN,
            _ => false,
        };
        if !self.values.has(value, is_switch) {
            return value;
        }
        self.values.one(What::Test(Test::OPEN))
    }

    /// Stores the initial value of a variable, which an initialiser has computed.
    pub(super) fn initialise(&mut self, frame: &Frame<'p>, value: Value) {
        let Role::InitialValue(name) = &frame.code.role else { return };
        let Some(class) = frame.code.class else { return };
        self.write_variable(class, frame.code.is_static, frame.this, name, value);
    }
}
