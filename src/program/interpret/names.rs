//! Names: variables, classes, objects, and what a dotted name stands for.

use super::frame::Frame;
use super::value::{Atom, Value, What};
use super::world::World;
use crate::apex::ir::{ExprId, ExprKind, Ident};
use crate::base::{Name, Span};
use crate::program::mask::{Mask, Reach, Test};
use crate::program::row::RowPath;
use crate::program::{ClassId, CodeId, Variable};
use crate::schema::ObjectId;

/// What a dotted name stands for, where its first word is no variable.
pub(super) enum Static {
    Class(ClassId),
    Object(ObjectId),
    /// A class of the platform or of a package: its words.
    Foreign(Vec<Name>),
}

impl<'p> World<'p> {
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
    pub(super) fn owner_of(&self, frame: &Frame<'p>, name: &Name) -> Option<(ClassId, bool)> {
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
    pub(super) fn words(&mut self, frame: &mut Frame<'p>, id: ExprId) -> Option<Vec<Name>> {
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

    pub(super) fn field_access(
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
            world.values.of([Atom { what, reach: Reach::under(mask), ..Atom::new(what) }])
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
    pub(super) fn is_inside(&self, variable: &Variable) -> bool {
        let runs = |code: Option<CodeId>| code.is_some_and(|code| self.accessors.contains(&code));
        runs(variable.getter) || runs(variable.setter)
    }
}
