//! What DML writes.

use super::frame::Frame;
use super::value::{Atom, NameKey, PathKey, Value, What};
use super::world::{Cell, Note, RawEffect, Trail, World};
use crate::apex::ir::{Dml, DmlVerb};
use crate::base::Span;
use crate::program::UnknownReason;
use crate::program::effect::{DmlOp, EffectKind, Repeat};
use crate::program::row::RowPath;
use crate::program::types::Ty;
use crate::schema::ObjectId;
use std::rc::Rc;

impl<'p> World<'p> {
    pub(super) fn dml(&mut self, frame: &mut Frame<'p>, dml: &'p Dml, site: Span) {
        let rows = self.expr(frame, dml.target);
        let losers = dml.merge_with.map(|with| self.expr(frame, with));
        self.write_rows(frame, dml.verb, rows, site);
        if let Some(losers) = losers {
            self.write_rows(frame, DmlVerb::Delete, losers, site);
        }
    }

    /// The effects of DML on whatever rows a value holds. `merge` writes its winner here (AP-01).
    pub(super) fn write_rows(
        &mut self,
        frame: &mut Frame<'p>,
        verb: DmlVerb,
        rows: Value,
        site: Span,
    ) {
        let rows = self.elements(rows);
        for atom in self.values.atoms(rows).to_vec() {
            self.write_row(frame, verb, atom, site);
        }
    }

    fn write_row(&mut self, frame: &mut Frame<'p>, verb: DmlVerb, atom: Atom, site: Span) {
        match atom.what {
            What::Null => {}
            // An inserted row is a copy, whatever it was copied from.
            What::Row { object, .. } if verb == DmlVerb::Insert => {
                let path = self.path(RowPath::New);
                self.push_dml(frame, DmlOp::Insert, Some(object), path, atom, site);
            }
            What::Row { object, path, .. } => {
                self.push_dml(frame, existing(verb), Some(object), path, atom, site)
            }
            What::Alloc(alloc) => match self.alloc_ty(alloc) {
                Ty::SObject(object) => self.write_created(frame, verb, alloc, *object, atom, site),
                // A list of lists: its rows.
                Ty::Elements(_) | Ty::Map(..) => {
                    let inner = self.values.of([atom]);
                    let inner = self.elements(inner);
                    if !self.values.has(inner, |what| *what == atom.what) {
                        self.write_rows(frame, verb, inner, site);
                    }
                }
                _ => self.untyped(frame, verb, atom, site),
            },
            // `Database.delete(ids)` (AP-02)
            What::Field { .. } => {
                let target = self.object_of_id(atom.what);
                let ids = self.values.of([atom]);
                let paths = self.id_paths(ids);
                match (target, paths.first()) {
                    (Some(target), Some(&path)) => {
                        self.push_dml(frame, existing(verb), Some(target), path, atom, site)
                    }
                    _ => self.untyped(frame, verb, atom, site),
                }
            }
            What::Any(_) | What::Other | What::Text(_) => self.untyped(frame, verb, atom, site),
            What::Test(_)
            | What::Operation
            | What::Event(_)
            | What::ObjectToken(_)
            | What::ClassToken(_) => {}
        }
    }

    /// DML on a row that the code made with `new`: with an id it is an existing row, without one a new row.
    fn write_created(
        &mut self,
        frame: &mut Frame<'p>,
        verb: DmlVerb,
        alloc: u32,
        object: ObjectId,
        atom: Atom,
        site: Span,
    ) {
        let id = self.read(Cell::Of(alloc, self.words.id)).filter(|id| *id != self.values.null);
        let by_id = id.map(|id| self.elements(id)).filter(|_| verb != DmlVerb::Insert);
        let Some(ids) = by_id else {
            let path = self.path(RowPath::New);
            let op = match verb {
                DmlVerb::Insert | DmlVerb::Upsert => DmlOp::Insert,
                verb => existing(verb),
            };
            self.push_dml(frame, op, Some(object), path, atom, site);
            return;
        };
        for id in self.values.atoms(ids).to_vec() {
            let one = self.values.of([id]);
            for path in self.id_paths(one) {
                let atom =
                    Atom { what: atom.what, reach: atom.reach.and(id.reach), origin: id.origin };
                self.push_dml(frame, existing(verb), Some(object), path, atom, site);
            }
        }
    }

    fn untyped(&mut self, frame: &mut Frame<'p>, verb: DmlVerb, atom: Atom, site: Span) {
        self.unknown(site, UnknownReason::UntypedOperand);
        let path = self.path(RowPath::Unknown);
        self.push_dml(frame, existing(verb), None, path, atom, site);
    }

    fn push_dml(
        &mut self,
        frame: &mut Frame<'p>,
        op: DmlOp,
        object: Option<ObjectId>,
        path: PathKey,
        atom: Atom,
        site: Span,
    ) {
        let (parents, parents_known) = match (atom.what, object) {
            (What::Alloc(alloc), Some(object)) => (self.parents_of(alloc, object), true),
            _ => (Rc::from([]), false),
        };
        let statement = Rc::new(Trail { span: site, note: Note::Statement, next: None });
        let trail = match atom.origin {
            Some(span) if !within(span, site) => {
                Rc::new(Trail { span, note: Note::Origin, next: Some(statement) })
            }
            _ => statement,
        };
        let kind = EffectKind::Dml(op);
        let reach = atom.reach;
        frame.push_effect(RawEffect {
            kind,
            object,
            path,
            reach,
            repeat: Repeat::Once,
            parents,
            parents_known,
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
            let is_reference = self
                .schema
                .field(object, &field)
                .is_some_and(|field| !self.schema.targets(field).is_empty());
            if !is_reference {
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

fn within(inner: Span, outer: Span) -> bool {
    inner.file == outer.file && outer.start <= inner.start && inner.end <= outer.end
}
