//! Rows that are known from the source: custom metadata records, and rows with class names that code creates.
//!
//! Trigger frameworks keep their registrations in such rows (RT-03). What reads them is followed with their values.

use super::symbols::Symbols;
use super::types::{Ty, Types};
use super::{Code, CodeId};
use crate::apex::ir::{ExprKind, Literal, NewArgs};
use crate::base::{Id, Ids, Name, Span};
use crate::metadata::CustomMetadataFacts;
use crate::schema::{ObjectId, Schema};
use rustc_hash::{FxHashMap, FxHashSet};

pub(super) type RecordId = Id<Record>;

#[derive(Debug)]
pub(super) struct Record {
    pub(super) object: ObjectId,
    /// The developer name; empty for rows that code creates.
    pub(super) name: Name,
    /// The fields that are set; `None` where one is set to nothing.
    values: FxHashMap<Name, (Option<String>, Span)>,
}

impl Record {
    /// The value of a field with its place: `None` where the field is not set, `Some(None)` where it is set to nothing.
    pub(super) fn value(&self, field: &Name) -> Option<(Option<&str>, Span)> {
        self.values.get(field).map(|(value, span)| (value.as_deref(), *span))
    }
}

/// All known rows, by their object.
#[derive(Default, Debug)]
pub(super) struct Records {
    all: Ids<Record>,
    by_object: FxHashMap<ObjectId, Vec<RecordId>>,
    by_name: FxHashMap<Name, Vec<RecordId>>,
}

impl Records {
    pub(super) fn get(&self, id: RecordId) -> &Record {
        &self.all[id]
    }

    pub(super) fn of(&self, object: ObjectId) -> &[RecordId] {
        self.by_object.get(&object).map_or(&[], Vec::as_slice)
    }

    /// The records of a developer name, of whatever type.
    pub(super) fn named(&self, name: &Name) -> &[RecordId] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    pub(super) fn add_metadata(&mut self, facts: CustomMetadataFacts, schema: &Schema) {
        let Some(object) = schema.object(&facts.record_type) else { return };
        let values = facts
            .values
            .into_iter()
            .map(|value| (value.field, (value.value, value.span)))
            .collect();
        self.add(Record { object, name: facts.name, values });
    }

    /// Leaves only records of types that register classes, and those that they name: other metadata is data like any other.
    pub(super) fn keep_registrations(&mut self, symbols: &Symbols) {
        // Of each field: how many values it has, and how many of them name a class.
        let mut fields: FxHashMap<(ObjectId, &Name), (usize, usize)> = FxHashMap::default();
        for (_, record) in self.all.iter() {
            for (field, (value, _)) in
                record.values.iter().filter(|(_, (value, _))| value.is_some())
            {
                let (all, classes) = fields.entry((record.object, field)).or_default();
                *all += 1;
                *classes += usize::from(is_class(value.as_deref(), symbols));
            }
        }
        // A word that happens to be the name of a class is no registration; classes of packages are not known.
        let registering: FxHashSet<ObjectId> = fields
            .into_iter()
            .filter(|(_, (all, classes))| *classes > 0 && all <= &(classes * 2))
            .map(|((object, _), _)| object)
            .collect();
        let named: FxHashSet<ObjectId> = self
            .all
            .iter()
            .filter(|(_, record)| registering.contains(&record.object))
            .flat_map(|(_, record)| record.values.values())
            .filter_map(|(value, _)| value.as_deref())
            .flat_map(|value| self.named(&Name::new(value)))
            .map(|&id| self.all[id].object)
            .collect();
        let is_kept = |object: &ObjectId| registering.contains(object) || named.contains(object);
        self.by_object.retain(|object, _| is_kept(object));
        let all = &self.all;
        self.by_name.values_mut().for_each(|ids| ids.retain(|&id| is_kept(&all[id].object)));
    }

    /// The rows that code creates with constant values, one of which names a class: registrations that it inserts.
    /// Custom metadata cannot be inserted: such rows stand for something else.
    pub(super) fn add_created(
        &mut self,
        code: &Ids<Code>,
        types: &Types,
        symbols: &Symbols,
        schema: &Schema,
    ) {
        let ids: Vec<CodeId> = code.ids().filter(|&id| !code[id].is_test).collect();
        for id in ids {
            let code = &code[id];
            let Some(body) = &code.body else { continue };
            for (expr, created) in body.exprs.iter() {
                let ExprKind::New { args: NewArgs::Fields(fields), .. } = &created.kind else {
                    continue;
                };
                let Some(&Ty::SObject(object)) =
                    code.expr_types.get(expr.index()).map(|&ty| types.get(ty))
                else {
                    continue;
                };
                let constants = fields.iter().filter_map(|(field, value)| {
                    Some((
                        field.name.clone(),
                        (constant(&body.exprs[*value].kind)?, body.exprs[*value].span),
                    ))
                });
                let values: FxHashMap<Name, (Option<String>, Span)> = constants.collect();
                let names_class =
                    |(value, _): &(Option<String>, Span)| is_class(value.as_deref(), symbols);
                let is_metadata = schema.name(object).without_suffix("__mdt").is_some();
                if !is_metadata && values.values().any(names_class) {
                    self.add(Record { object, name: Name::default(), values });
                }
            }
        }
    }

    fn add(&mut self, record: Record) {
        let (object, name) = (record.object, record.name.clone());
        let id = self.all.push(record);
        self.by_object.entry(object).or_default().push(id);
        self.by_name.entry(name).or_default().push(id);
    }
}

/// Whether a value names a class of the project that is no test.
fn is_class(value: Option<&str>, symbols: &Symbols) -> bool {
    let class = value.and_then(|value| symbols.class_named(&Name::new(value), None));
    class.is_some_and(|class| !symbols.classes[class].is_test)
}

fn constant(value: &ExprKind) -> Option<Option<String>> {
    match value {
        ExprKind::Literal(Literal::Text(text) | Literal::Number(text)) => Some(Some(text.clone())),
        ExprKind::Literal(Literal::Bool(value)) => Some(Some(value.to_string())),
        ExprKind::Literal(Literal::Null) => Some(None),
        _ => None,
    }
}
