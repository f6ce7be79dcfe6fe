//! What the variables and elements of a flow hold, as far as it says which rows are written.

use super::Input;
use super::paths::Visit;
use crate::base::Name;
use crate::metadata::{ElementKind, Filter, FlowElement, FlowFacts, FlowValue, Rows};
use crate::program::row::{Hop, RowPath};
use crate::schema::{ObjectId, Schema};
use std::collections::{BTreeMap, BTreeSet};

/// One thing that a name may stand for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Held {
    Rows {
        object: ObjectId,
        path: RowPath,
    },
    /// A field of such rows.
    Field {
        object: ObjectId,
        path: RowPath,
        name: Name,
    },
}

pub(super) type Value = BTreeSet<Held>;

/// What is held under each name. Nothing is forgotten: what is assigned anywhere is held everywhere.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Values {
    variables: BTreeMap<Name, Value>,
    /// What is assigned to the fields of record variables, and of the collections that they are added to.
    fields: BTreeMap<(Name, Name), Value>,
}

/// Values only grow, and real flows settle in three rounds.
const MAX_ROUNDS: usize = 8;

pub(super) struct Scope<'a> {
    pub(super) flow: &'a FlowFacts,
    pub(super) schema: &'a Schema,
    pub(super) saved: Option<ObjectId>,
    pub(super) values: Values,
}

/// A name that may stand for more rows than this stands for any.
const MAX_HELD: usize = 64;

impl Values {
    /// What code hands to a flow.
    pub(super) fn given(inputs: &[Input], saved: Option<ObjectId>, schema: &Schema) -> Values {
        let mut values = Values::default();
        for Input { name, row } in inputs {
            if let Some(object) = row.object(saved, schema) {
                let path = row.clone();
                values.give(name.clone(), Value::from([Held::Rows { object, path }]));
            }
        }
        values
    }

    fn give(&mut self, name: Name, value: Value) -> bool {
        hold(self.variables.entry(name).or_default(), value)
    }

    fn give_field(&mut self, owner: Name, field: Name, value: Value) -> bool {
        hold(self.fields.entry((owner, field)).or_default(), value)
    }

    /// What is assigned to the fields of a name.
    fn fields_of(&self, owner: &Name) -> Vec<(Name, Value)> {
        let fields = self.fields.iter().filter(|((known, _), _)| known == owner);
        fields.map(|((_, field), value)| (field.clone(), value.clone())).collect()
    }
}

/// Adds to what is held; whether that changes it.
fn hold(held: &mut Value, more: Value) -> bool {
    let before = held.clone();
    held.extend(more);
    let any = |object: ObjectId| Held::Rows { object, path: RowPath::Unknown };
    let is_full = held.len() > MAX_HELD;
    // Beside rows that may be any, others say nothing.
    let objects: BTreeSet<ObjectId> = held
        .iter()
        .map(Held::object)
        .filter(|object| is_full || held.contains(&any(*object)))
        .collect();
    held.retain(|one| !objects.contains(&one.object()));
    held.extend(objects.into_iter().map(any));
    *held != before
}

impl Held {
    fn object(&self) -> ObjectId {
        match self {
            Held::Rows { object, .. } | Held::Field { object, .. } => *object,
        }
    }
}

impl Scope<'_> {
    /// Follows assignments, lookups and loops until they bring nothing new.
    pub(super) fn settle(&mut self, visits: &[Visit<'_>]) {
        for _ in 0..MAX_ROUNDS {
            let changed = visits.iter().fold(false, |changed, visit| self.take(visit) | changed);
            if !changed {
                break;
            }
        }
    }

    fn take(&mut self, visit: &Visit<'_>) -> bool {
        let element = &visit.element;
        match &element.kind {
            ElementKind::Lookup { rows, into, fields_into } => {
                let Some(found) = self.found(rows) else { return false };
                let mut changed = self.values.give(element.name.clone(), found.clone());
                for (target, field) in fields_into {
                    let value = self.field(&found, field);
                    changed |= self.give(target, value);
                }
                into.as_ref().is_some_and(|into| self.give(into, found)) | changed
            }
            ElementKind::Loop { over, item, .. } => {
                let item = item.clone().unwrap_or_else(|| element.name.to_string());
                self.copy(over, &item)
            }
            ElementKind::Collection(over) => self.copy(over, element.name.as_str()),
            ElementKind::Assign(items) => items.iter().fold(false, |changed, (target, value)| {
                let brings = match value {
                    FlowValue::Reference(from) if !target.contains('.') => self.copy(from, target),
                    _ => self.give(target, self.value(value)),
                };
                brings | changed
            }),
            ElementKind::Create { object, input, id_into, .. } => {
                let object = self.object(object.as_ref(), input.as_deref());
                let Some(object) = object else { return false };
                let made = Value::from([Held::Rows { object, path: RowPath::New }]);
                let changed = self.values.give(element.name.clone(), made.clone());
                id_into.as_ref().is_some_and(|into| self.give(into, made)) | changed
            }
            _ => false,
        }
    }

    /// `variable`, or `variable.Field`.
    fn give(&mut self, target: &str, value: Value) -> bool {
        match target.split_once('.') {
            None => self.values.give(Name::new(target), value),
            Some((variable, field)) => {
                self.values.give_field(Name::new(variable), Name::new(field), value)
            }
        }
    }

    /// Another name for what a reference stands for, with the fields that were assigned to it.
    fn copy(&mut self, from: &str, to: &str) -> bool {
        let to = Name::new(to);
        let mut changed = self.values.give(to.clone(), self.reference(from));
        for (field, value) in self.values.fields_of(&Name::new(from)) {
            changed |= self.values.give_field(to.clone(), field, value);
        }
        changed
    }

    /// What a subflow is handed.
    pub(super) fn handed(&self, inputs: &[(Name, FlowValue)]) -> Values {
        let mut values = Values::default();
        for (name, value) in inputs {
            values.give(name.clone(), self.value(value));
            if let FlowValue::Reference(from) = value {
                for (field, value) in self.values.fields_of(&Name::new(from)) {
                    values.give_field(name.clone(), field, value);
                }
            }
        }
        values
    }

    /// What the output variables hold, for flows that call this one.
    pub(super) fn outputs(&self) -> Values {
        let mut outputs = Values::default();
        for variable in self.flow.variables.iter().filter(|variable| variable.is_output) {
            let name = &variable.name;
            outputs.give(name.clone(), self.reference(name.as_str()));
            for (field, value) in self.values.fields_of(name) {
                outputs.give_field(name.clone(), field, value);
            }
        }
        outputs
    }

    /// Takes what a subflow returns: under the names that its element gives, or under the element's own.
    pub(super) fn take_outputs(&mut self, element: &FlowElement, returned: &Values) -> bool {
        let ElementKind::Subflow { outputs, .. } = &element.kind else { return false };
        let mut changed = false;
        for (name, target) in outputs {
            let value = returned.variables.get(name).cloned().unwrap_or_default();
            changed |= self.give(target, value);
            for (field, value) in returned.fields_of(name) {
                changed |= self.values.give_field(Name::new(target), field, value);
            }
        }
        if outputs.is_empty() {
            for (name, value) in &returned.variables {
                changed |=
                    self.values.give_field(element.name.clone(), name.clone(), value.clone());
            }
        }
        changed
    }

    pub(super) fn value(&self, value: &FlowValue) -> Value {
        match value {
            FlowValue::Reference(reference) => self.reference(reference),
            FlowValue::Constant(_) => Value::new(),
        }
    }

    /// `$Record.Account.OwnerId`, `Get_Account.Id`, `contact`
    fn reference(&self, reference: &str) -> Value {
        let reference = self.alias(reference).unwrap_or(reference);
        let mut segments = reference.split('.');
        let first = segments.next().unwrap_or_default();
        let mut at = match (first, self.saved) {
            (
                "$Record" | "$Record__Prior" | "myVariable_current" | "myVariable_old",
                Some(object),
            ) => Value::from([Held::Rows { object, path: RowPath::saved() }]),
            _ => self.values.variables.get(&Name::new(first)).cloned().unwrap_or_default(),
        };
        for (index, segment) in segments.enumerate() {
            let name = Name::new(segment);
            let held = self.field(&at, &name);
            let assigned = self.values.fields.get(&(Name::new(first), name));
            at = match assigned.filter(|_| index == 0) {
                Some(assigned) => held.union(assigned).cloned().collect(),
                None => held,
            };
        }
        at
    }

    /// What a formula refers to that is nothing but a reference: `{!$Record.Account__c}`
    fn alias(&self, name: &str) -> Option<&str> {
        let formula = self.flow.formulas.iter().find(|(known, _)| known.is(name));
        let inside = formula?.1.trim().strip_prefix("{!")?.strip_suffix('}')?.trim();
        let is_reference =
            inside.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '$'));
        is_reference.then_some(inside)
    }

    /// Whether a value is the same in every save: a literal, a constant of the flow, a label, a setting.
    fn is_constant(&self, value: &FlowValue) -> bool {
        let FlowValue::Reference(reference) = value else { return true };
        let first = reference.split('.').next().unwrap_or_default();
        self.flow.constants.iter().any(|constant| constant.is(first))
            || ["$Label", "$CustomMetadata", "$Api", "$Organization"].contains(&first)
    }

    /// A field of rows, or the rows behind a relationship.
    fn field(&self, of: &Value, name: &Name) -> Value {
        of.iter().filter_map(|held| self.field_of(held, name)).collect()
    }

    fn field_of(&self, held: &Held, name: &Name) -> Option<Held> {
        let Held::Rows { object, path } = held else { return None };
        if let Some(field) = self.schema.child_field(*object, name) {
            let field = &self.schema.fields[field];
            let hop = Hop::Down { child: field.object, field: field.name.clone() };
            return Some(Held::Rows { object: field.object, path: path.hop(hop) });
        }
        let is_relationship = name.has_suffix("__r") || self.schema.field(*object, name).is_none();
        if let Some(field) =
            self.schema.parent_field_name(*object, name).filter(|_| is_relationship)
        {
            return self.parent(*object, path, &field);
        }
        Some(Held::Field { object: *object, path: path.clone(), name: name.clone() })
    }

    fn parent(&self, object: ObjectId, path: &RowPath, field: &Name) -> Option<Held> {
        let target = self.target(object, field, None)?;
        let hop = Hop::Up { child: object, field: field.clone() };
        Some(Held::Rows { object: target, path: path.hop(hop) })
    }

    /// The rows whose ids a value may be; of `wanted`, where it is known whose ids they are.
    pub(super) fn rows_of_ids(
        &self,
        ids: &Value,
        wanted: Option<ObjectId>,
    ) -> Vec<(ObjectId, RowPath)> {
        let rows = ids.iter().filter_map(|held| match held {
            Held::Rows { object, path } => Some((*object, path.clone())),
            Held::Field { object, path, name } if name.is("Id") => Some((*object, path.clone())),
            Held::Field { object, path, name } => {
                let target = self.target(*object, name, wanted)?;
                let hop = Hop::Up { child: *object, field: name.clone() };
                Some((target, path.hop(hop)))
            }
        });
        rows.filter(|(object, _)| wanted.is_none_or(|wanted| wanted == *object)).collect()
    }

    /// The object that a field points to. One that the project does not declare points to what its value is compared with.
    fn target(&self, object: ObjectId, name: &Name, wanted: Option<ObjectId>) -> Option<ObjectId> {
        match self.schema.field(object, name) {
            Some(field) => {
                let targets = self.schema.targets(field);
                let is_wanted = |target: &&ObjectId| wanted == Some(**target);
                targets.iter().find(is_wanted).or(targets.first()).copied()
            }
            None => wanted.filter(|_| self.schema.is_reference(object, name)),
        }
    }

    /// The object that a field points to, where there is but one.
    fn only_target(&self, object: ObjectId, field: &Name) -> Option<ObjectId> {
        match self.schema.targets(self.schema.field(object, field)?) {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// The rows that a lookup finds, or nothing where its object is not known.
    fn found(&self, rows: &Rows) -> Option<Value> {
        let object = self.schema.object(rows.object.as_ref()?)?;
        let paths = self.paths(object, rows);
        Some(paths.into_iter().map(|path| Held::Rows { object, path }).collect())
    }

    /// The rows that an element writes: those of a variable, or those that it looks up.
    pub(super) fn written(&self, rows: &Rows) -> Vec<(Option<ObjectId>, RowPath)> {
        if let Some(input) = &rows.input {
            return self.rows_in(input);
        }
        match rows.object.as_ref().and_then(|object| self.schema.object(object)) {
            Some(object) => {
                let paths = self.paths(object, rows);
                paths.into_iter().map(|path| (Some(object), path)).collect()
            }
            None => vec![(None, RowPath::Unknown)],
        }
    }

    /// The rows that a record variable or a collection stands for: what it was given, or what its id says.
    fn rows_in(&self, input: &str) -> Vec<(Option<ObjectId>, RowPath)> {
        let mut rows: BTreeSet<(ObjectId, RowPath)> = BTreeSet::new();
        for held in self.reference(input) {
            if let Held::Rows { object, path } = held {
                rows.insert((object, path));
            }
        }
        let id = (Name::new(input), Name::new("Id"));
        let declared = self.object(None, Some(input));
        if let Some(ids) = self.values.fields.get(&id) {
            rows.extend(self.rows_of_ids(ids, declared));
        }
        if rows.is_empty() {
            return vec![(declared, RowPath::Unknown)];
        }
        rows.into_iter().map(|(object, path)| (Some(object), path)).collect()
    }

    /// How the rows of an object that meet some filters are found from the saved rows.
    fn paths(&self, object: ObjectId, rows: &Rows) -> Vec<RowPath> {
        let is_relation =
            |filter: &&Filter| filter.must && matches!(filter.operator.as_str(), "EqualTo" | "In");
        let found = rows.filters.iter().filter(is_relation).map(|filter| self.path(object, filter));
        // Of several filters that must all be met, that with the nearest rows says most; all that it may mean counts.
        let nearest = found
            .filter(|paths| !paths.is_empty())
            .min_by_key(|paths| paths.iter().map(hops).max());
        if let Some(paths) = nearest {
            return paths;
        }
        let uses_record = rows.filters.iter().any(|filter| !self.value(&filter.value).is_empty());
        let is_constant = rows.filters.iter().all(|filter| self.is_constant(&filter.value));
        vec![match (uses_record, is_constant) {
            (true, _) => RowPath::Filter,
            (false, true) => RowPath::Constant,
            (false, false) => RowPath::Unknown,
        }]
    }

    /// `Id = $Record.Invoice__c`, `Invoice__c = $Record.Id`
    fn path(&self, object: ObjectId, filter: &Filter) -> Vec<RowPath> {
        let value = self.value(&filter.value);
        if filter.field.is("Id") {
            let ids = self.rows_of_ids(&value, Some(object));
            return ids.into_iter().map(|(_, path)| path).collect();
        }
        let declared = self.schema.field(object, &filter.field);
        let name = declared.map_or(&filter.field, |field| &self.schema.fields[field].name);
        let points_to = |of: ObjectId| match declared {
            Some(field) => self.schema.targets(field).contains(&of),
            None => self.schema.is_reference(object, name),
        };
        self.rows_of_ids(&value, None)
            .into_iter()
            .filter(|(of, _)| points_to(*of))
            .map(|(_, path)| path.hop(Hop::Down { child: object, field: name.clone() }))
            .collect()
    }

    /// The object of what is written: as written, or as the variable is declared.
    pub(super) fn object(&self, object: Option<&Name>, input: Option<&str>) -> Option<ObjectId> {
        let declared = || {
            let input = input?;
            let variable = self.flow.variables.iter().find(|variable| variable.name.is(input))?;
            variable.object.as_ref()
        };
        self.schema.object(object.or_else(declared)?)
    }

    /// The parents of new rows: by fields that are set where they are made, or on the variable.
    pub(super) fn parents(
        &self,
        object: Option<ObjectId>,
        values: &[(Name, FlowValue)],
        input: Option<&str>,
    ) -> Vec<(Name, RowPath)> {
        let set = values.iter().map(|(field, value)| (field.clone(), self.value(value)));
        let variable = input.map(Name::new);
        let assigned = self
            .values
            .fields
            .iter()
            .filter(|((owner, _), _)| variable.as_ref() == Some(owner))
            .map(|((_, field), value)| (field.clone(), value.clone()));
        set.chain(assigned)
            .flat_map(|(field, value)| {
                let rows =
                    self.rows_of_ids(&value, object.and_then(|of| self.only_target(of, &field)));
                rows.into_iter().map(move |(_, path)| (field.clone(), path)).collect::<Vec<_>>()
            })
            .collect()
    }
}

/// How far away rows are; those that are found along no relationship are furthest.
fn hops(path: &RowPath) -> usize {
    match path {
        RowPath::Hops(hops) => hops.len(),
        _ => usize::MAX,
    }
}
