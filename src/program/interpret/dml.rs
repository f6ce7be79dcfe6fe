//! What DML writes.

use super::frame::Frame;
use super::value::{Atom, NameKey, PathKey, Value, What};
use super::world::{Cell, Note, RawEffect, Trail, World};
use crate::apex::ir::{Dml, DmlVerb};
use crate::base::Span;
use crate::program::effect::{DmlOp, EffectKind, Failure, Repeat};
use crate::program::row::RowPath;
use crate::program::types::Ty;
use crate::schema::ObjectId;
use std::rc::Rc;

/// A DML statement, or a call that is as good as one.
#[derive(Clone, Copy)]
pub(super) struct Statement {
    pub(super) verb: DmlVerb,
    pub(super) site: Span,
    /// It takes one row only, so that many rows need a loop: `merge`.
    pub(super) single: bool,
    /// An upsert finds the rows by an external id: it may update rows that are there (AP-05).
    pub(super) by_key: bool,
    pub(super) failure: Failure,
}

impl<'p> World<'p> {
    pub(super) fn dml(&mut self, frame: &mut Frame<'p>, dml: &'p Dml, site: Span) {
        let rows = self.expr(frame, dml.target);
        let losers = dml.merge_with.map(|with| self.expr(frame, with));
        match losers {
            Some(losers) => self.merge(frame, rows, losers, site, Failure::Thrown),
            None => self.write_rows(
                frame,
                Statement {
                    verb: dml.verb,
                    site,
                    single: false,
                    by_key: dml.upsert_key.is_some(),
                    failure: Failure::Thrown,
                },
                rows,
            ),
        }
    }

    /// The winner is updated, the losers are deleted (AP-01, MG-01).
    pub(super) fn merge(
        &mut self,
        frame: &mut Frame<'p>,
        winner: Value,
        losers: Value,
        site: Span,
        failure: Failure,
    ) {
        let statement = |verb| Statement { verb, site, single: true, by_key: false, failure };
        self.write_rows(frame, statement(DmlVerb::Update), winner);
        self.write_rows(frame, statement(DmlVerb::Delete), losers);
    }

    /// The effects of DML on whatever rows a value holds.
    pub(super) fn write_rows(&mut self, frame: &mut Frame<'p>, statement: Statement, rows: Value) {
        let rows = self.elements(rows);
        for atom in self.values.each(rows) {
            self.write_row(frame, statement, atom);
        }
    }

    fn write_row(&mut self, frame: &mut Frame<'p>, statement: Statement, atom: Atom) {
        let verb = statement.verb;
        match atom.what {
            What::Null => {}
            // An inserted row is a copy, whatever it was copied from.
            What::Row { object, .. } if verb == DmlVerb::Insert => {
                let path = self.path(RowPath::New);
                self.push_dml(frame, statement, DmlOp::Insert, Some((object, path)), atom);
            }
            What::Row { object, path, .. } => {
                let is_new = *self.paths.get(path) == RowPath::New && verb == DmlVerb::Upsert;
                let op = if is_new { DmlOp::Insert } else { existing(verb) };
                self.push_dml(frame, statement, op, Some((object, path)), atom);
            }
            What::Alloc(alloc) => match self.alloc_ty(alloc) {
                Ty::SObject(object) => self.write_created(frame, statement, alloc, *object, atom),
                // A list of lists: its rows.
                Ty::Elements(_) | Ty::Map(..) => {
                    let inner = self.values.of([atom]);
                    let inner = self.elements(inner);
                    if !self.values.has(inner, |what| *what == atom.what) {
                        self.write_rows(frame, statement, inner);
                    }
                }
                _ => self.untyped(frame, statement, atom),
            },
            // `Database.delete(ids)` (AP-02)
            What::Field { .. } => {
                let target = self.object_of_id(atom.what);
                let ids = self.values.of([atom]);
                let paths = self.id_paths(ids);
                match (target, paths.first()) {
                    (Some(target), Some(&path)) => {
                        self.push_dml(frame, statement, existing(verb), Some((target, path)), atom);
                    }
                    _ => self.untyped(frame, statement, atom),
                }
            }
            What::Any(_) | What::Other | What::Text(_) => self.untyped(frame, statement, atom),
            What::Test(_)
            | What::Operation
            | What::Event(_)
            | What::ObjectToken(_)
            | What::ClassToken(_)
            | What::ObjectTable => {}
            What::Record(record) => {
                let object = self.linked.records.get(record).object;
                let path = self.path(RowPath::Constant);
                self.push_dml(frame, statement, existing(verb), Some((object, path)), atom);
            }
        }
    }

    /// DML on a row that the code made with `new`: with an id it is an existing row, without one a new row.
    fn write_created(
        &mut self,
        frame: &mut Frame<'p>,
        statement: Statement,
        alloc: u32,
        object: ObjectId,
        atom: Atom,
    ) {
        let verb = statement.verb;
        let id = self.read(Cell::Of(alloc, self.words.id)).filter(|id| *id != self.values.null);
        let by_id = id.map(|id| self.elements(id)).filter(|_| verb != DmlVerb::Insert);
        let Some(ids) = by_id else {
            let path = self.path(RowPath::New);
            let op = match verb {
                DmlVerb::Insert | DmlVerb::Upsert => DmlOp::Insert,
                verb => existing(verb),
            };
            self.push_dml(frame, statement, op, Some((object, path)), atom);
            if statement.by_key && verb == DmlVerb::Upsert {
                let found = self.path(RowPath::Filter);
                self.push_dml(frame, statement, DmlOp::Update, Some((object, found)), atom);
            }
            return;
        };
        for id in self.values.each(ids) {
            let one = self.values.of([id]);
            for path in self.id_paths(one) {
                let reach = atom.reach.and(id.reach);
                let atom = Atom { reach, origin: id.origin, ..Atom::new(atom.what) };
                self.push_dml(frame, statement, existing(verb), Some((object, path)), atom);
            }
        }
    }

    fn untyped(&mut self, frame: &mut Frame<'p>, statement: Statement, atom: Atom) {
        self.push_dml(frame, statement, existing(statement.verb), None, atom);
    }

    fn push_dml(
        &mut self,
        frame: &mut Frame<'p>,
        statement: Statement,
        op: DmlOp,
        row: Option<(ObjectId, PathKey)>,
        atom: Atom,
    ) {
        // Ids of several objects that went through one list: each belongs to rows of its own object only.
        if row.is_some_and(|(object, path)| !self.leads_to(path, object)) {
            return;
        }
        let Statement { site, single, failure, .. } = statement;
        let object = row.map(|(object, _)| object);
        let path = row.map_or_else(|| self.path(RowPath::Unknown), |(_, path)| path);
        let parents = match (atom.what, object) {
            (What::Alloc(alloc), Some(object)) => self.parents_of(alloc, object),
            _ => Rc::from([]),
        };
        let written = Rc::new(Trail { span: site, note: Note::Statement, next: None });
        let trail = match atom.origin {
            Some(span) if !site.contains(span) => {
                Rc::new(Trail { span, note: Note::Origin, next: Some(written) })
            }
            _ => written,
        };
        frame.push_effect(RawEffect {
            kind: EffectKind::Dml(op),
            object,
            path,
            reach: atom.reach,
            repeat: Repeat::Once,
            single,
            certain: true,
            is_whole: atom.is_whole,
            failure,
            query: None,
            parents,
            site,
            code: frame.id,
            trail,
        });
    }

    /// The parents that the code gives to a row that it creates.
    fn parents_of(&mut self, alloc: u32, object: ObjectId) -> Rc<[(NameKey, PathKey)]> {
        let mut parents = Vec::new();
        for name in self.fields_of(alloc) {
            let field = self.names.get(name).clone();
            // `Parent__r = row` sets `Parent__c` (AP-06).
            let field = self.schema.parent_field_name(object, &field).unwrap_or(field);
            if !self.schema.is_reference(object, &field) {
                continue;
            }
            let value = self.read(Cell::Of(alloc, name)).unwrap_or(self.values.nothing);
            let field = self.name(&field);
            for path in self.id_paths(value) {
                parents.push((field, path));
            }
        }
        parents.into()
    }
}

/// What a verb does to rows that exist.
fn existing(verb: DmlVerb) -> DmlOp {
    match verb {
        DmlVerb::Insert => DmlOp::Insert,
        DmlVerb::Update | DmlVerb::Upsert | DmlVerb::Merge => DmlOp::Update,
        DmlVerb::Delete => DmlOp::Delete,
        DmlVerb::Undelete => DmlOp::Undelete,
    }
}
