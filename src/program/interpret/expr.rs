//! Expressions: names, fields, creations, operators.

use super::frame::Frame;
use super::text::HOLE;
use super::value::{Atom, NameKey, Value, What};
use super::world::{Cell, World};
use crate::apex::ir::{ExprId, ExprKind, Ident, Literal, NewArgs, TypeRef};
use crate::base::{Name, Span};
use crate::program::mask::{Mask, Reach, Test};
use crate::program::row::RowPath;
use crate::program::types::{Ty, TyId};
use crate::program::{ClassId, CodeId, Role, Variable};
use crate::schema::ObjectId;

/// A text that has more variants is not built in a few steps.
const MAX_GROWTH: usize = 4;

/// What a dotted name stands for, where its first word is no variable.
pub(super) enum Static {
    Class(ClassId),
    Object(ObjectId),
    /// A class of the platform or of a package: its words.
    Foreign(Vec<Name>),
}

impl<'p> World<'p> {
    pub(super) fn expr(&mut self, frame: &mut Frame<'p>, id: ExprId) -> Value {
        let body = frame.body;
        let expr = &body.exprs[id];
        match &expr.kind {
            ExprKind::Name(name) => self.variable(frame, name).unwrap_or(self.values.other),
            ExprKind::This => frame.this,
            ExprKind::Super => frame.this,
            ExprKind::Field { object, name } => self.field_access(frame, *object, name, expr.span),
            ExprKind::Index { list, index } => {
                let list = self.expr(frame, *list);
                self.expr(frame, *index);
                self.elements(list)
            }
            ExprKind::Call { object, name, args } => self.call(frame, id, *object, name, args),
            ExprKind::New { args, .. } => self.create(frame, id, args),
            ExprKind::Cast { value, .. } => {
                let value = self.expr(frame, *value);
                let ty = self.written_type(frame, id);
                self.cast(value, ty)
            }
            ExprKind::InstanceOf { value, .. } => {
                let value = self.expr(frame, *value);
                let ty = self.written_type(frame, id);
                let test = self.instance_test(value, ty);
                self.values.one(What::Test(test))
            }
            ExprKind::Ternary { cond, then, otherwise } => {
                let cond = self.expr(frame, *cond);
                let test = self.values.test(cond);
                let then = self.expr_within(frame, *then, test.yes);
                let otherwise = self.expr_within(frame, *otherwise, test.no);
                self.values.join(then, otherwise)
            }
            ExprKind::Binary { op, operands } => self.binary(frame, *op, operands),
            ExprKind::Not(value) => {
                let value = self.expr(frame, *value);
                let test = self.values.test(value).not();
                self.values.one(What::Test(test))
            }
            ExprKind::Arithmetic(value) => {
                self.expr(frame, *value);
                self.values.other
            }
            ExprKind::Assign { left, right, compound } => {
                let value = self.expr(frame, *right);
                self.assign(frame, *left, value, *compound);
                value
            }
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Soql(query) => self.query(frame, query),
            ExprKind::Dml(dml) => {
                self.dml(frame, dml, expr.span);
                self.values.other
            }
            ExprKind::Sosl | ExprKind::Error => self.values.other,
        }
    }

    fn literal(&mut self, literal: &Literal) -> Value {
        match literal {
            Literal::Text(text) => {
                let text = self.name(&Name::new(text));
                self.values.one(What::Text(text))
            }
            Literal::Bool(true) => self.values.one(What::Test(Test::TRUE)),
            Literal::Bool(false) => self.values.one(What::Test(Test::FALSE)),
            Literal::Null => self.values.null,
            Literal::Number(_) => self.values.other,
        }
    }

    /// The value of an expression that is reached only within a condition.
    fn expr_within(&mut self, frame: &mut Frame<'p>, id: ExprId, within: Reach) -> Value {
        let reach = frame.reach;
        frame.reach = reach.and(within);
        let value = if frame.reach.is_never() { self.values.nothing } else { self.expr(frame, id) };
        frame.reach = reach;
        self.values.within(value, within)
    }

    pub(super) fn written_type(&self, frame: &Frame<'p>, expr: ExprId) -> TyId {
        frame.code.expr_types.get(expr.index()).copied().unwrap_or(self.linked.types.other)
    }

    // --- names -------------------------------------------------------------------------------------------------

    /// A local, or a field of this class, an ancestor or an outer class.
    pub(super) fn variable(&mut self, frame: &mut Frame<'p>, name: &Name) -> Option<Value> {
        let key = self.name(name);
        if let Some((_, value)) = frame.narrowed.iter().rfind(|(known, _)| *known == key) {
            return Some(*value);
        }
        if let Some(at) = frame.local(key) {
            return Some(frame.locals[at].1);
        }
        let (class, is_static) = self.owner_of(frame, name)?;
        Some(if is_static {
            self.read_static(class, name)
        } else {
            self.read_field(frame.this, name, None)
        })
    }

    /// The class that declares the variable which a bare name means.
    fn owner_of(&self, frame: &Frame<'p>, name: &Name) -> Option<(ClassId, bool)> {
        let symbols = &self.linked.symbols;
        let mut at = frame.code.class;
        while let Some(class) = at {
            for owner in symbols.lineage(class) {
                if let Some(variable) = symbols.classes[owner].variables.get(name) {
                    return Some((owner, variable.is_static));
                }
            }
            at = symbols.classes[class].outer;
        }
        None
    }

    /// The dotted words of an expression, if it is nothing but names and the first is no variable.
    fn words(&mut self, frame: &mut Frame<'p>, id: ExprId) -> Option<Vec<Name>> {
        let mut words = Vec::new();
        let mut at = id;
        loop {
            match &frame.body.exprs[at].kind {
                ExprKind::Field { object, name } => {
                    words.push(name.name.clone());
                    at = *object;
                }
                ExprKind::Name(name) => {
                    let key = self.name(name);
                    if frame.local(key).is_some() || self.owner_of(frame, name).is_some() {
                        return None;
                    }
                    words.push(name.clone());
                    words.reverse();
                    return Some(words);
                }
                _ => return None,
            }
        }
    }

    /// What an expression stands for, if it is a class or object rather than a value.
    pub(super) fn static_of(&mut self, frame: &mut Frame<'p>, id: ExprId) -> Option<Static> {
        let words = self.words(frame, id)?;
        let path: Vec<&str> = words.iter().map(Name::as_str).collect();
        if let Some(class) =
            self.linked.symbols.class_named(&Name::new(&path.join(".")), frame.code.class)
        {
            return Some(Static::Class(class));
        }
        if path.len() > 1 && self.linked.symbols.class_named(&words[0], frame.code.class).is_some()
        {
            return None;
        }
        let bare = match path.as_slice() {
            [namespace, name] if namespace.eq_ignore_ascii_case("Schema") => Some(*name),
            [name] => Some(*name),
            _ => None,
        };
        if let Some(object) = bare.and_then(|name| self.schema.object(&Name::new(name))) {
            return Some(Static::Object(object));
        }
        // `Trigger.new`, `Account.SObjectType` and `SObjectType.Account` are values; `Schema.SObjectType` is none.
        let is_schema = words[0].is("Schema") || words[0].is("SObjectType");
        let is_token = words[0].is("Trigger")
            || self.schema.object(&words[0]).is_some()
            || (is_schema && !words[words.len() - 1].is("SObjectType"))
            || (is_schema && words.len() > 2);
        if is_token && words.len() > 1 {
            return None;
        }
        Some(Static::Foreign(words))
    }

    fn field_access(
        &mut self,
        frame: &mut Frame<'p>,
        object: ExprId,
        name: &Ident,
        span: Span,
    ) -> Value {
        if matches!(&frame.body.exprs[object].kind, ExprKind::Name(root) if root.is("Trigger")) {
            return self.trigger_context(&name.name);
        }
        match self.static_of(frame, object) {
            Some(Static::Class(class)) => self.static_member(class, &name.name),
            Some(Static::Object(object)) if name.name.is("SObjectType") => {
                self.values.one(What::ObjectToken(object))
            }
            Some(Static::Object(_)) => {
                let text = self.name(&name.name);
                self.values.one(What::Text(text))
            }
            Some(Static::Foreign(words)) => self.foreign_member(&words, &name.name),
            None => {
                let value = self.expr(frame, object);
                self.read_field(value, &name.name, Some(span))
            }
        }
    }

    fn static_member(&mut self, class: ClassId, name: &Name) -> Value {
        if name.is("class") {
            return self.values.one(What::ClassToken(class));
        }
        let symbols = &self.linked.symbols;
        if symbols.classes[class].is_enum {
            return self.values.one(Mask::of_name(name.as_str()).map_or(What::Other, What::Event));
        }
        let declared = symbols
            .lineage(class)
            .find(|&owner| symbols.classes[owner].variables.get(name).is_some_and(|v| v.is_static));
        match declared {
            Some(owner) => self.read_static(owner, name),
            None => self.values.other,
        }
    }

    /// `TriggerOperation.AFTER_UPDATE`, `Schema.SObjectType.Account`, …
    fn foreign_member(&mut self, words: &[Name], name: &Name) -> Value {
        let last = words.last().expect("a dotted name has words");
        let what = match Mask::of_name(name.as_str()) {
            Some(mask) if last.is("TriggerOperation") => What::Event(mask),
            _ if last.is("SObjectType") => {
                self.schema.object(name).map_or(What::Other, What::ObjectToken)
            }
            _ => What::Other,
        };
        self.values.one(what)
    }

    fn trigger_context(&mut self, name: &Name) -> Value {
        let rows = |world: &mut Self, mask: Mask, old: bool| {
            let Some(saved) = world.saved else { return world.values.other };
            let path = world.path(RowPath::saved());
            let what = What::Row { object: saved.object, path, old };
            world.values.of([Atom { what, reach: Reach::under(mask), origin: None }])
        };
        let event = |world: &mut Self, mask: Mask| world.values.one(What::Test(Test::event(mask)));
        match () {
            () if name.is("new") => rows(self, Mask::WITH_NEW, false),
            () if name.is("newMap") => rows(self, Mask::WITH_NEW_MAP, false),
            () if name.is("old") || name.is("oldMap") => rows(self, Mask::WITH_OLD, true),
            () if name.is("isBefore") => event(self, Mask::BEFORE),
            () if name.is("isAfter") => event(self, Mask::AFTER),
            () if name.is("isInsert") => event(self, Mask::INSERT),
            () if name.is("isUpdate") => event(self, Mask::UPDATE),
            () if name.is("isDelete") => event(self, Mask::DELETE),
            () if name.is("isUndelete") => event(self, Mask::UNDELETE),
            () if name.is("isExecuting") && self.saved.is_some() => {
                self.values.one(What::Test(Test::TRUE))
            }
            () if name.is("operationType") => self.values.one(What::Operation),
            () => self.values.other,
        }
    }

    /// Whether one of the variable's accessors is running: there, its name means the value that is stored.
    fn is_inside(&self, variable: &Variable) -> bool {
        let runs = |code: Option<CodeId>| code.is_some_and(|code| self.accessors.contains(&code));
        runs(variable.getter) || runs(variable.setter)
    }

    // --- reading ------------------------------------------------------------------------------------------------

    fn read_static(&mut self, class: ClassId, name: &Name) -> Value {
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
                self.values.of([Atom { what, reach: Reach::ALWAYS, origin: span }])
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
        self.values.of([Atom { what, reach: Reach::ALWAYS, origin: span }])
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

    // --- types --------------------------------------------------------------------------------------------------

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
    fn instance_test(&self, value: Value, ty: TyId) -> Test {
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
    fn cast(&mut self, value: Value, ty: TyId) -> Value {
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

    // --- creating and writing -----------------------------------------------------------------------------------

    fn create(&mut self, frame: &mut Frame<'p>, id: ExprId, args: &NewArgs) -> Value {
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
                    _ => {}
                }
            }
            NewArgs::Fields(fields) => {
                for (name, value) in fields {
                    let value = self.expr(frame, *value);
                    let name = self.name(&name.name);
                    if let Some(alloc) = alloc {
                        self.put(frame, alloc, name, value);
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

    fn assign(&mut self, frame: &mut Frame<'p>, left: ExprId, value: Value, compound: bool) {
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
    pub(super) fn write_field(&mut self, object: Value, name: &Name, value: Value) {
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
