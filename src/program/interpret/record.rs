//! Reading rows whose values are in the source.

use super::frame::Frame;
use super::query::Binds;
use super::value::{Atom, Value, What};
use super::world::World;
use crate::apex::ir::{ExprId, ExprKind, Filter, FilterOp, FilterValue, Query};
use crate::base::Name;
use crate::program::mask::Test;
use crate::program::records::RecordId;
use crate::program::types::Ty;
use crate::schema::ObjectId;

impl<'p> World<'p> {
    pub(super) fn records(&mut self, ids: impl IntoIterator<Item = RecordId>) -> Value {
        let atoms: Vec<Atom> = ids.into_iter().map(|id| Atom::new(What::Record(id))).collect();
        self.values.of(atoms)
    }

    /// A field of a record: its text, a Boolean, or the record or object that it names.
    pub(super) fn record_field(&mut self, id: RecordId, name: &Name) -> Value {
        let record = self.linked.records.get(id);
        match record.value(name) {
            Some((Some("true"), _)) => return self.values.one(What::Test(Test::TRUE)),
            Some((Some("false"), _)) => return self.values.one(What::Test(Test::FALSE)),
            Some((Some(text), span)) => {
                let what = What::Text(self.name(&Name::new(text)));
                return self.values.of([Atom { origin: Some(span), ..Atom::new(what) }]);
            }
            Some((None, _)) => return self.values.null,
            None => {}
        }
        if let Some(stem) = name.without_suffix("__r") {
            let named = record.value(&Name::new(&format!("{stem}__c")));
            let Some((Some(named), _)) = named else { return self.values.null };
            let named = Name::new(named);
            let records = self.linked.records.named(&named);
            if !records.is_empty() {
                return self.records(records.iter().copied());
            }
            return self
                .values
                .one(self.schema.object(&named).map_or(What::Other, What::ObjectToken));
        }
        let is_name = ["DeveloperName", "QualifiedApiName", "Id", "Label", "MasterLabel"]
            .iter()
            .any(|known| name.is(known));
        match (is_name, record.name.as_str()) {
            (true, name) if !name.is_empty() => self.constant(name),
            (true, _) => self.values.other,
            // A field that a record does not mention is empty.
            (false, _) => self.values.null,
        }
    }

    /// The records that a query finds: those that no condition excludes.
    pub(super) fn records_of_query(
        &mut self,
        frame: &mut Frame<'p>,
        binds: Binds<'_>,
        object: ObjectId,
        query: &Query,
    ) -> Vec<RecordId> {
        let all = self.linked.records.of(object);
        let keeps = |world: &mut Self, frame: &mut Frame<'p>, id| match &query.filter {
            Some(filter) => world.record_matches(frame, binds, id, filter) != Some(false),
            None => true,
        };
        all.iter().copied().filter(|&id| keeps(self, frame, id)).collect()
    }

    /// Whether a record meets a filter; nothing where that is not known.
    fn record_matches(
        &mut self,
        frame: &mut Frame<'p>,
        binds: Binds<'_>,
        id: RecordId,
        filter: &Filter,
    ) -> Option<bool> {
        match filter {
            Filter::And(all) => {
                let met: Vec<Option<bool>> = all
                    .iter()
                    .map(|filter| self.record_matches(frame, binds, id, filter))
                    .collect();
                if met.contains(&Some(false)) {
                    Some(false)
                } else {
                    met.into_iter().try_fold(true, |all, one| Some(all && one?))
                }
            }
            Filter::Or(any) => {
                let met: Vec<Option<bool>> = any
                    .iter()
                    .map(|filter| self.record_matches(frame, binds, id, filter))
                    .collect();
                if met.contains(&Some(true)) {
                    Some(true)
                } else {
                    met.into_iter().try_fold(false, |any, one| Some(any || one?))
                }
            }
            Filter::Not(inner) => self.record_matches(frame, binds, id, inner).map(|met| !met),
            Filter::Compare { field, op, value } => {
                let wanted = self.wanted(frame, binds, value)?;
                let mut held = self.values.one(What::Record(id));
                for segment in field.name.as_str().split('.') {
                    held = self.read_field(held, &Name::new(segment), None);
                }
                let held = self.plain_text(held)?;
                let is_one = wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(&held));
                match op {
                    FilterOp::Equal | FilterOp::In => Some(is_one),
                    FilterOp::NotEqual | FilterOp::NotIn => Some(!is_one),
                    FilterOp::Other => None,
                }
            }
            Filter::Unknown => None,
        }
    }

    /// The constants that a condition compares with.
    fn wanted(
        &mut self,
        frame: &mut Frame<'p>,
        binds: Binds<'_>,
        value: &FilterValue,
    ) -> Option<Vec<String>> {
        match value {
            FilterValue::Constants(texts) => Some(
                texts
                    .iter()
                    .map(|text| {
                        if text.eq_ignore_ascii_case("null") { String::new() } else { text.clone() }
                    })
                    .collect(),
            ),
            FilterValue::Bind(bind) => {
                let value = self.bind(frame, binds, *bind);
                let value = self.elements(value);
                let atoms = self.values.each(value);
                let texts = atoms.into_iter().map(|atom| {
                    let one = self.values.of([atom]);
                    self.plain_text(one)
                });
                texts.collect()
            }
            FilterValue::Binds(_) | FilterValue::Subquery(_) => None,
        }
    }

    /// A constant as text; null is empty.
    fn plain_text(&self, value: Value) -> Option<String> {
        match self.values.atoms(value) {
            [Atom { what: What::Test(Test::TRUE), .. }] => Some("true".into()),
            [Atom { what: What::Test(Test::FALSE), .. }] => Some("false".into()),
            // What hangs on nothing is nothing.
            [] | [Atom { what: What::Null, .. }] => Some(String::new()),
            [Atom { what: What::Text(_) | What::ObjectToken(_) | What::ClassToken(_), .. }] => {
                let text = self.variants(value).pop()?;
                (!text.contains(super::text::HOLE)).then_some(text)
            }
            _ => None,
        }
    }

    /// The elements of a loop: each record for itself, then the rest.
    pub(super) fn by_record(&mut self, items: Value) -> Vec<(Option<RecordId>, Value)> {
        let atoms = self.values.each(items);
        let mut parts = Vec::new();
        let mut rest = Vec::new();
        for atom in atoms {
            match atom.what {
                What::Record(id) => parts.push((Some(id), self.values.of([atom]))),
                _ => rest.push(atom),
            }
        }
        if !rest.is_empty() || parts.is_empty() {
            parts.push((None, self.values.of(rest)));
        }
        parts
    }

    /// Whether a row is a record, or one that code creates of an object of which there are records.
    fn is_registration(&self, atom: &Atom) -> bool {
        match atom.what {
            What::Record(_) => true,
            What::Alloc(alloc) if self.is_of_record(alloc) => true,
            What::Alloc(alloc) => match self.alloc_ty(alloc) {
                Ty::SObject(object) => !self.linked.records.of(*object).is_empty(),
                _ => false,
            },
            _ => false,
        }
    }

    /// Of each variable that holds records and that a condition asks about: the records for which it may be true, and may be false.
    pub(super) fn split_records(
        &mut self,
        frame: &mut Frame<'p>,
        cond: ExprId,
    ) -> Vec<(usize, Value, Value)> {
        let mut names = Vec::new();
        mentioned(frame, cond, &mut names);
        let mut split = Vec::new();
        for name in names {
            let key = self.name(name);
            let Some(at) = frame.local(key) else { continue };
            let held = frame.locals[at].1;
            let atoms: Vec<Atom> = self.values.each(held).collect();
            if !atoms.iter().any(|atom| self.is_registration(atom)) {
                continue;
            }
            let (mut yes, mut no) = (Vec::new(), Vec::new());
            for atom in atoms {
                if !self.is_registration(&atom) {
                    yes.push(atom);
                    no.push(atom);
                    continue;
                }
                frame.locals[at].1 = self.values.of([atom]);
                let value = self.expr(frame, cond);
                let test = self.values.test(value);
                yes.push(Atom { reach: atom.reach.and(test.yes), ..atom });
                no.push(Atom { reach: atom.reach.and(test.no), ..atom });
            }
            frame.locals[at].1 = held;
            split.push((at, self.values.of(yes), self.values.of(no)));
        }
        split
    }
}

/// The variables that a condition asks about.
fn mentioned<'p>(frame: &Frame<'p>, id: ExprId, names: &mut Vec<&'p Name>) {
    match &frame.body.exprs[id].kind {
        ExprKind::Name(name) if !names.contains(&name) => names.push(name),
        ExprKind::Field { object, .. } => mentioned(frame, *object, names),
        ExprKind::Not(inner) | ExprKind::Cast { value: inner, .. } => {
            mentioned(frame, *inner, names);
        }
        ExprKind::Binary { operands, .. } => {
            operands.iter().for_each(|&operand| mentioned(frame, operand, names));
        }
        ExprKind::Call { object, args, .. } => {
            object.iter().chain(args).for_each(|&part| mentioned(frame, part, names));
        }
        _ => {}
    }
}
