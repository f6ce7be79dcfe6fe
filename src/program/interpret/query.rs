//! Which rows ids and queries mean.

use super::frame::Frame;
use super::text::HOLE;
use super::value::{Atom, NameKey, PathKey, Value, What};
use super::world::{Cell, Note, RawEffect, Trail, World};
use crate::apex::ir::{
    Body, ExprId, ExprKind, Filter, FilterOp, FilterValue, Limit, Query, Selected,
};
use crate::base::{Name, Span};
use crate::program::effect::{EffectKind, Failure, LockingQuery, Repeat};
use crate::program::mask::Reach;
use crate::program::row::{Hop, RowPath};
use crate::program::types::Ty;
use crate::program::{ScopeQuery, UnknownReason};
use crate::schema::ObjectId;
use std::rc::Rc;

/// Whose expressions the binds of a query are.
#[derive(Clone, Copy)]
pub(super) enum Binds<'q> {
    /// Those of the code around.
    Here,
    /// Those of a query in a string: names of variables. `whole` if all of the string is known, `complete` if
    /// nothing of this one of its variants is missing.
    In { body: &'q Body, whole: bool, complete: bool },
}

/// What stands for an unknown part of a query.
pub(super) const HOLE_NAME: &str = "Unknown__hole";

/// One way in which a filter finds rows.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) path: RowPath,
    reach: Reach,
    origin: Option<Span>,
}

impl Found {
    fn new(path: RowPath) -> Found {
        Found { path, reach: Reach::ALWAYS, origin: None }
    }

    /// How much it says: the smaller, the better.
    fn rank(&self) -> u8 {
        match self.path {
            RowPath::Hops(_) | RowPath::New => 0,
            RowPath::Filter => 1,
            RowPath::Unknown => 2,
            RowPath::Constant => 3,
        }
    }
}

impl<'p> World<'p> {
    pub(super) fn up(&mut self, path: PathKey, object: ObjectId, field: &Name) -> PathKey {
        let path = self.paths.get(path).hop(Hop::Up { child: object, field: field.clone() });
        self.path(path)
    }

    pub(super) fn down(&mut self, path: PathKey, child: ObjectId, field: &Name) -> PathKey {
        let path = self.paths.get(path).hop(Hop::Down { child, field: field.clone() });
        self.path(path)
    }

    /// Whether a path can lead to rows of an object; not so where its last hop is known to lead to those of another.
    pub(super) fn leads_to(&self, path: PathKey, object: ObjectId) -> bool {
        let RowPath::Hops(hops) = self.paths.get(path) else { return true };
        match hops.last() {
            Some(Hop::Down { child, .. }) => *child == object,
            Some(Hop::Up { child, field }) => {
                let targets =
                    self.schema.field(*child, field).map(|field| self.schema.targets(field));
                targets.is_none_or(|targets| targets.is_empty() || targets.contains(&object))
            }
            None => self.saved.is_none_or(|saved| saved.object == object),
        }
    }

    /// The rows that a value identifies: by an id, or themselves. Nothing for null.
    fn found_by(&mut self, atom: Atom) -> Option<Found> {
        let path = match atom.what {
            What::Null => return None,
            What::Row { path, .. } => self.paths.get(path).clone(),
            What::Field { object, path, name, .. } => self.follow(object, path, name),
            What::Alloc(alloc) => match self.alloc_ty(alloc) {
                Ty::SObject(_) => match self.read(Cell::Of(alloc, self.words.id)) {
                    Some(id) if id != self.values.null => {
                        let path = self.id_paths(id).first().copied()?;
                        self.paths.get(path).clone()
                    }
                    _ => RowPath::New,
                },
                _ => RowPath::Unknown,
            },
            What::Text(_) => RowPath::Constant,
            What::Any(_) | What::Other | What::Test(_) | What::Operation | What::Event(_) => {
                RowPath::Unknown
            }
            What::ObjectToken(_) | What::ClassToken(_) | What::ObjectTable => RowPath::Unknown,
            What::Record(_) => RowPath::Constant,
        };
        Some(Found { path, reach: atom.reach, origin: atom.origin })
    }

    /// The row that a field's value is the id of.
    fn follow(&mut self, object: ObjectId, path: PathKey, name: NameKey) -> RowPath {
        if name == self.words.id {
            return self.paths.get(path).clone();
        }
        let name = self.names.get(name).clone();
        // An event has no lookups: ids are texts in it.
        if !self.schema.is_reference(object, &name) && !self.schema.is_event(object) {
            return RowPath::Filter;
        }
        self.paths.get(path).hop(Hop::Up { child: object, field: name })
    }

    /// The paths of the rows that a value identifies.
    pub(super) fn id_paths(&mut self, ids: Value) -> Vec<PathKey> {
        let mut paths = Vec::new();
        for found in self.found_by_all(ids) {
            let path = self.path(found.path);
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        paths
    }

    fn found_by_all(&mut self, ids: Value) -> Vec<Found> {
        let ids = self.elements(ids);
        let atoms = self.values.each(ids);
        atoms.into_iter().filter_map(|atom| self.found_by(atom)).collect()
    }

    /// The rows that ids identify, where the relationship says of which object.
    pub(super) fn rows_of_ids(&mut self, ids: Value) -> Value {
        let atoms = self.values.each(ids);
        let mut rows = Vec::new();
        for atom in atoms {
            let object = self.object_of_id(atom.what);
            let found = self.found_by(atom);
            if let (Some(object), Some(found)) = (object, found) {
                let path = self.path(found.path);
                rows.push(Atom { what: What::Row { object, path, old: false }, ..atom });
            }
        }
        if rows.is_empty() { self.values.other } else { self.values.of(rows) }
    }

    /// The object of the row that a value identifies.
    pub(super) fn object_of_id(&self, what: What) -> Option<ObjectId> {
        match what {
            What::Row { object, .. } => Some(object),
            What::Field { object, name, .. } if name == self.words.id => Some(object),
            What::Field { object, name, .. } => {
                let field = self.schema.field(object, self.names.get(name))?;
                self.schema.targets(field).first().copied()
            }
            What::Alloc(alloc) => match self.alloc_ty(alloc) {
                Ty::SObject(object) => Some(*object),
                _ => None,
            },
            _ => None,
        }
    }

    // --- queries ------------------------------------------------------------------------------------------------

    pub(super) fn query(&mut self, frame: &mut Frame<'p>, query: &Query) -> Value {
        self.query_with(frame, Binds::Here, query)
    }

    /// A query in a string: `Database.query('SELECT … FOR UPDATE')`. Where the string has holes, what stands around them counts.
    pub(super) fn dynamic_query(
        &mut self,
        frame: &mut Frame<'p>,
        text: Value,
        site: Span,
    ) -> Value {
        let mut rows = self.values.nothing;
        let variants = self.variants(text);
        let is_one = variants.len() == 1;
        for text in variants {
            // A hole reads like a name, so that the clauses around it are understood.
            let read = self.linked.query_texts.read(text.replace(HOLE, HOLE_NAME), site);
            let found = match read.as_deref() {
                Some((body, query)) => {
                    let complete = !text.contains(HOLE);
                    let whole = is_one && complete;
                    self.query_with(frame, Binds::In { body, whole, complete }, query)
                }
                None => {
                    self.unknown(site, UnknownReason::DynamicSoql);
                    self.values.other
                }
            };
            rows = self.values.join(rows, found);
        }
        rows
    }

    fn query_with(&mut self, frame: &mut Frame<'p>, binds: Binds<'_>, query: &Query) -> Value {
        let object = query.from.first().and_then(|from| self.schema.object(&from.object.name));
        // `start` may read other things besides, such as settings.
        let is_scope = self.saved.is_some_and(|saved| Some(saved.object) == object);
        if self.in_start && is_scope {
            let order_by = query.order_by.iter().map(|field| field.name.clone()).collect();
            self.scope = Some(ScopeQuery { span: query.span, order_by });
        }
        let found = match object {
            Some(object) => {
                let mut found = self.rows_of_query(frame, binds, object, query);
                // Of a filter that is known in part, the unknown part may say which rows.
                if matches!(binds, Binds::In { whole: false, .. }) {
                    found.iter_mut().for_each(|found| found.path = found.path.if_filtered());
                }
                found
            }
            None => Vec::new(),
        };
        let Some(object) = object else {
            // A lock on rows of an object that is not known is a lock all the same.
            if let Some(asked) = self.asked_of(frame, binds, None, query) {
                let unknown = [Found::new(RowPath::Unknown)];
                self.locking_query(frame, None, &unknown, asked, query.span);
            }
            return self.values.other;
        };
        for selected in &query.select {
            if let Selected::Subquery(inner) = selected {
                self.binds_of(frame, binds, inner.filter.as_ref());
            }
        }
        if let Some(asked) = self.asked_of(frame, binds, Some(object), query) {
            self.locking_query(frame, Some(object), &found, asked, query.span);
        }
        let counts = matches!(query.select.as_slice(), [Selected::Function { name, field: None, .. }] if name.name.is("count"));
        if counts {
            return self.values.other;
        }
        self.note_references(frame, object, &found, query);
        let records = self.records_of_query(frame, binds, object, query);
        // Registrations that the source has stand for those that an org may have besides.
        if !self.linked.records.of(object).is_empty() {
            return self.records(records);
        }
        let rows: Vec<Atom> = found
            .into_iter()
            .map(|found| {
                let path = self.path(found.path);
                Atom {
                    what: What::Row { object, path, old: false },
                    reach: found.reach,
                    origin: found.origin,
                    is_whole: is_by_ids(query),
                }
            })
            .collect();
        self.values.of(rows)
    }

    fn locking_query(
        &mut self,
        frame: &mut Frame<'p>,
        object: Option<ObjectId>,
        found: &[Found],
        asked: LockingQuery,
        site: Span,
    ) {
        for found in found {
            let path = self.path(found.path.clone());
            let trail = Rc::new(Trail { span: site, note: Note::Statement, next: None });
            frame.push_effect(RawEffect {
                kind: EffectKind::LockingQuery,
                object,
                path,
                reach: found.reach,
                repeat: Repeat::Once,
                single: false,
                certain: true,
                is_whole: false,
                failure: Failure::Thrown,
                query: Some(asked),
                parents: Rc::from([]),
                site,
                code: frame.id,
                trail,
            });
        }
    }

    fn rows_of_query(
        &mut self,
        frame: &mut Frame<'p>,
        binds: Binds<'_>,
        object: ObjectId,
        query: &Query,
    ) -> Vec<Found> {
        if let Some(Limit::Bind(limit)) = query.limit {
            self.bind(frame, binds, limit);
        }
        match &query.filter {
            Some(filter) => self.filtered(frame, binds, object, filter),
            None => vec![Found::new(RowPath::Constant)],
        }
    }

    /// The rows that a filter leaves. Of conditions that all hold, the one that says most; of alternatives, each.
    fn filtered(
        &mut self,
        frame: &mut Frame<'p>,
        binds: Binds<'_>,
        object: ObjectId,
        filter: &Filter,
    ) -> Vec<Found> {
        match filter {
            Filter::And(all) => {
                let found: Vec<Vec<Found>> =
                    all.iter().map(|filter| self.filtered(frame, binds, object, filter)).collect();
                self.best_of(found)
            }
            Filter::Or(any) => {
                any.iter().flat_map(|filter| self.filtered(frame, binds, object, filter)).collect()
            }
            Filter::Not(inner) => {
                self.filtered(frame, binds, object, inner);
                vec![Found::new(RowPath::Constant)]
            }
            Filter::Compare { field, op, value } => {
                self.compared(frame, binds, object, field.name.as_str(), *op, value)
            }
            Filter::Unknown => vec![Found::new(RowPath::Unknown)],
        }
    }

    /// Of conditions that all hold, the one that says most, if any; each may say that the row would change.
    fn best_of(&mut self, all: Vec<Vec<Found>>) -> Vec<Found> {
        let worst = |found: &[Found]| found.iter().map(Found::rank).max().unwrap_or(u8::MAX);
        let differs = all.iter().flatten().any(|found| found.reach == Reach::CHANGED);
        let mut best = all.into_iter().min_by_key(|found| worst(found)).unwrap_or_default();
        if differs {
            best.iter_mut().for_each(|found| found.reach = found.reach.and(Reach::CHANGED));
        }
        best
    }

    fn compared(
        &mut self,
        frame: &mut Frame<'p>,
        binds: Binds<'_>,
        object: ObjectId,
        field: &str,
        op: FilterOp,
        value: &FilterValue,
    ) -> Vec<Found> {
        let ids = match value {
            // An empty list is one that a string was to be filled with.
            FilterValue::Constants(texts) if texts.is_empty() => {
                return vec![Found::new(RowPath::Unknown)];
            }
            FilterValue::Constants(_) => return vec![Found::new(RowPath::Constant)],
            FilterValue::Bind(value) => {
                let value = self.bind(frame, binds, *value);
                self.found_by_all(value)
            }
            FilterValue::Binds(values) => values
                .iter()
                .flat_map(|&value| {
                    let value = self.bind(frame, binds, value);
                    self.found_by_all(value)
                })
                .collect(),
            FilterValue::Subquery(inner) => self.selected_ids(frame, binds, inner),
        };
        if !matches!(op, FilterOp::Equal | FilterOp::In) {
            // `!= :id`, `NOT IN`: all rows but some. Of rows found by another condition, those that would change.
            let differs = op == FilterOp::NotEqual && matches!(value, FilterValue::Bind(_));
            let reach = if differs { Reach::CHANGED } else { Reach::ALWAYS };
            return vec![Found { reach, ..Found::new(RowPath::Constant) }];
        }
        if ids.is_empty() {
            return vec![Found::new(RowPath::Unknown)];
        }
        ids.into_iter().map(|found| self.matching(object, field, found)).collect()
    }

    /// The ids that a sub-query selects.
    fn selected_ids(
        &mut self,
        frame: &mut Frame<'p>,
        binds: Binds<'_>,
        query: &Query,
    ) -> Vec<Found> {
        let Some(object) =
            query.from.first().and_then(|from| self.schema.object(&from.object.name))
        else {
            return vec![Found::new(RowPath::Unknown)];
        };
        let selected = query.select.iter().find_map(|selected| match selected {
            Selected::Field { path, .. } => Some(path.name.clone()),
            _ => None,
        });
        let Some(selected) = selected else { return vec![Found::new(RowPath::Unknown)] };
        let selected = self.name(&selected);
        let rows = self.rows_of_query(frame, binds, object, query);
        self.note_references(frame, object, &rows, query);
        rows.into_iter()
            .map(|found| {
                let path = self.path(found.path);
                Found { path: self.follow(object, path, selected), ..found }
            })
            .collect()
    }

    /// The rows of `object` whose field holds the id of a found row.
    fn matching(&mut self, object: ObjectId, field: &str, found: Found) -> Found {
        let target = self.schema.filter_path(object, field);
        if matches!(found.path, RowPath::Constant | RowPath::Filter | RowPath::Unknown) {
            return found;
        }
        let mut path = found.path.clone();
        if !target.field.is("Id") {
            let Some(holder) = target.object else {
                return Found { path: RowPath::Unknown, ..found };
            };
            if !self.schema.is_reference(holder, &target.field) {
                return Found { path: RowPath::Filter, ..found };
            }
            path = path.hop(Hop::Down { child: holder, field: target.field.clone() });
        }
        for (holder, name) in target.hops.into_iter().rev() {
            path = path.hop(Hop::Down { child: holder, field: name });
        }
        // Children of a row that is only now created are new as well.
        Found { path, ..found }
    }

    /// Evaluates the binds of a filter for what they do, not for what they find.
    fn binds_of(&mut self, frame: &mut Frame<'p>, binds: Binds<'_>, filter: Option<&Filter>) {
        match filter {
            Some(Filter::And(all) | Filter::Or(all)) => {
                for filter in all {
                    self.binds_of(frame, binds, Some(filter));
                }
            }
            Some(Filter::Not(inner)) => self.binds_of(frame, binds, Some(inner)),
            Some(Filter::Compare { value: FilterValue::Bind(value), .. }) => {
                self.bind(frame, binds, *value);
            }
            _ => {}
        }
    }

    pub(super) fn bind(&mut self, frame: &mut Frame<'p>, binds: Binds<'_>, value: ExprId) -> Value {
        match binds {
            Binds::Here => self.expr(frame, value),
            Binds::In { body, .. } => match &body.exprs[value].kind {
                ExprKind::Name(name) => self.variable(frame, name).unwrap_or(self.values.other),
                _ => self.values.other,
            },
        }
    }
}

/// `WHERE Id IN :ids`, and nothing else.
fn is_by_ids(query: &Query) -> bool {
    let by_ids = matches!(
        &query.filter,
        Some(Filter::Compare { field, op: FilterOp::Equal | FilterOp::In, value: FilterValue::Bind(_) })
            if field.name.is("Id")
    );
    by_ids && query.limit.is_none()
}
