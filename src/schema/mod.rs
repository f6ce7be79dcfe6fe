//! Objects, fields and relationships: those of the project, and the platform's own.

mod catalogue;
mod dictionary;
mod link;
mod relationship;

pub(crate) use catalogue::{Locks, StandardEdge};
pub(crate) use link::link;

use crate::base::{Id, Ids, Name, Span};
use crate::metadata::{DeleteConstraint, DuplicateRuleFacts};
use rustc_hash::FxHashMap;

pub(crate) type ObjectId = Id<Object>;
pub(crate) type FieldId = Id<Field>;

/// Every object that the project declares or names, and every standard object.
#[derive(Default, Debug)]
pub(crate) struct Schema {
    pub(crate) objects: Ids<Object>,
    pub(crate) fields: Ids<Field>,
    objects_by_name: FxHashMap<Name, ObjectId>,
    fields_by_name: FxHashMap<(ObjectId, Name), FieldId>,
    children_by_name: FxHashMap<(ObjectId, Name), FieldId>,
}

#[derive(Debug)]
pub(crate) struct Object {
    /// As declared; of an object that is only named, as first written.
    pub(crate) name: Name,
    pub(crate) label: Option<String>,
    /// The object's own file, where the project has one.
    pub(crate) span: Option<Span>,
    /// A custom setting: few rows, shared by all.
    pub(crate) custom_setting: bool,
    /// People say so: few rows that everybody uses.
    pub(crate) known_dictionary: bool,
    /// People say that integrations write its rows in parallel.
    pub(crate) loaded_in_parallel: bool,
    /// `sharingModel`, as written.
    pub(crate) sharing_model: Option<String>,
    /// In the order of names.
    pub(crate) fields: Vec<FieldId>,
    /// Relationship fields of any object that point here, in the order of their objects and names.
    pub(crate) children: Vec<FieldId>,
    /// In the order of names.
    pub(crate) duplicate_rules: Vec<DuplicateRuleFacts>,
}

#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) object: ObjectId,
    pub(crate) name: Name,
    /// Nothing for standard fields that the project does not declare.
    pub(crate) place: Option<FieldPlace>,
    pub(crate) kind: FieldKind,
    pub(crate) required: bool,
    /// Whether a filter makes a save read the row that it points to (DC-13).
    pub(crate) filtered: bool,
    #[expect(dead_code, reason = "read by the rules on unique keys to come")]
    pub(crate) unique: bool,
}

/// Where a field is declared.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldPlace {
    /// Its name.
    pub(crate) name: Span,
    /// Its `<type>`.
    pub(crate) kind: Span,
}

#[derive(Debug)]
pub(crate) enum FieldKind {
    MasterDetail {
        to: ObjectId,
        /// Whether details may move to another master (RU-19).
        reparentable: bool,
    },
    Lookup {
        to: Vec<ObjectId>,
        /// What is written, with its place; nothing means `SetNull`, or `Restrict` where required (DC-02, DC-07).
        constraint: Option<(DeleteConstraint, Span)>,
    },
    /// A standard relationship of the catalogue.
    Standard {
        to: Vec<ObjectId>,
        edge: &'static StandardEdge,
    },
    RollUp(RollUp),
    /// Computed when read; locks nothing (RU-13).
    Formula,
    Other,
}

/// A roll-up summary field, on the master (RU-02).
#[derive(Debug)]
pub(crate) struct RollUp {
    /// `count`, `sum`, `min` or `max`
    #[expect(dead_code, reason = "read by the view of roll-ups to come")]
    pub(crate) operation: String,
    /// The detail's field that points to the master, with the place that names it.
    pub(crate) via: Option<(FieldId, Span)>,
    /// The summarised field of the detail; none for `count`.
    pub(crate) summarized: Option<RollUpInput>,
    pub(crate) filters: Vec<RollUpInput>,
}

/// A field of the detail that a roll-up reads.
#[derive(Debug)]
pub(crate) struct RollUpInput {
    pub(crate) object: ObjectId,
    pub(crate) name: Name,
    pub(crate) span: Span,
    /// Nothing where neither the project nor the catalogue declares the field.
    pub(crate) field: Option<FieldId>,
}

impl Schema {
    pub(crate) fn object(&self, name: &Name) -> Option<ObjectId> {
        self.objects_by_name.get(name).copied()
    }

    /// A field by its name. Custom fields of `Task` and `Event` belong to `Activity` (DC-12).
    pub(crate) fn field(&self, object: ObjectId, name: &Name) -> Option<FieldId> {
        let own = self.fields_by_name.get(&(object, name.clone())).copied();
        own.or_else(|| {
            let of = &self.objects[object].name;
            let activity = (of.is("Task") || of.is("Event"))
                .then(|| self.object(&Name::new("Activity")))??;
            self.fields_by_name.get(&(activity, name.clone())).copied()
        })
    }

    /// Whether a field holds what was last written to it. The platform computes formulas and roll-ups; of standard fields that
    /// are no relationships it is not known, since it derives some from others.
    pub(crate) fn is_stored(&self, field: FieldId) -> bool {
        let field = &self.fields[field];
        match field.kind {
            FieldKind::MasterDetail { .. }
            | FieldKind::Lookup { .. }
            | FieldKind::Standard { .. } => true,
            FieldKind::RollUp(_) | FieldKind::Formula => false,
            FieldKind::Other => field.name.has_suffix("__c"),
        }
    }

    /// Whether a field of a lead points to a row that its conversion makes or updates, so that the save which sets the field
    /// holds the row already (AP-04).
    pub(crate) fn is_converted_to(&self, object: ObjectId, field: &Name) -> bool {
        let names = ["ConvertedAccountId", "ConvertedContactId", "ConvertedOpportunityId"];
        self.name(object).is("Lead") && names.iter().any(|name| field.is(name))
    }

    /// The declared name of an object.
    pub(crate) fn name(&self, object: ObjectId) -> &Name {
        &self.objects[object].name
    }

    /// `Object.Field`, as declared.
    pub(crate) fn path(&self, field: FieldId) -> String {
        let field = &self.fields[field];
        format!("{}.{}", self.name(field.object), field.name)
    }

    /// The field's targets; none where it is no relationship.
    pub(crate) fn targets(&self, field: FieldId) -> &[ObjectId] {
        match &self.fields[field].kind {
            FieldKind::MasterDetail { to, .. } => std::slice::from_ref(to),
            FieldKind::Lookup { to, .. } | FieldKind::Standard { to, .. } => to,
            FieldKind::RollUp(_) | FieldKind::Formula | FieldKind::Other => &[],
        }
    }

    /// Whether it is a platform event or a change event: its triggers run in transactions of their own (PA-06).
    pub(crate) fn is_event(&self, object: ObjectId) -> bool {
        let name = self.name(object);
        name.has_suffix("__e") || name.has_suffix("ChangeEvent")
    }

    /// The roll-up summaries that read details through `via`.
    pub(crate) fn roll_ups_over(&self, via: FieldId) -> impl Iterator<Item = (FieldId, &RollUp)> {
        let masters = self.targets(via).to_vec();
        masters
            .into_iter()
            .flat_map(|master| self.roll_ups_of(master))
            .filter(move |(_, roll_up)| roll_up.via.is_some_and(|(field, _)| field == via))
    }

    /// The roll-up summaries that a master holds.
    pub(crate) fn roll_ups_of(&self, master: ObjectId) -> impl Iterator<Item = (FieldId, &RollUp)> {
        self.objects[master].fields.iter().filter_map(|&id| match &self.fields[id].kind {
            FieldKind::RollUp(roll_up) => Some((id, roll_up)),
            _ => None,
        })
    }
}
