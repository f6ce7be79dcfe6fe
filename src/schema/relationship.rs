//! Relationship names: `Account`, `Invoice__r`, `Contacts`, `Lines__r`.

use super::{FieldId, ObjectId, Schema};
use crate::base::Name;

/// A field path of a query, resolved from its object: `Account.ParentId` is two relationship hops.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FilterPath {
    /// The relationship fields that lead from the object to the row that holds `field`.
    pub(crate) hops: Vec<(ObjectId, Name)>,
    /// The object that holds `field`; nothing where a hop is unknown.
    pub(crate) object: Option<ObjectId>,
    pub(crate) field: Name,
}

impl Schema {
    /// The name of the field behind a parent relationship: `Invoice__r` is `Invoice__c`, `Account` is `AccountId`.
    pub(crate) fn parent_field_name(&self, object: ObjectId, relationship: &Name) -> Option<Name> {
        if let Some(stem) = relationship.without_suffix("__r") {
            return Some(Name::new(&format!("{stem}__c")));
        }
        let name = Name::new(&format!("{relationship}Id"));
        self.field(object, &name).map(|field| self.fields[field].name.clone())
    }

    /// The field behind a child relationship: `Account` and `Contacts` give `Contact.AccountId`.
    pub(crate) fn child_field(&self, parent: ObjectId, relationship: &Name) -> Option<FieldId> {
        let stem = relationship.without_suffix("__r").map(Name::new);
        let name = stem.unwrap_or_else(|| relationship.clone());
        self.children_by_name.get(&(parent, name)).copied()
    }

    /// Whether a field points to a row. One that nothing declares, a standard or a package's one, does if it is named so.
    pub(crate) fn is_reference(&self, object: ObjectId, name: &Name) -> bool {
        match self.field(object, name) {
            Some(field) => !self.targets(field).is_empty(),
            None => name.has_suffix("Id") || name.has_suffix("__c"),
        }
    }

    /// Resolves `Parent__r.Grand__r.Field__c` from an object.
    pub(crate) fn filter_path(&self, object: ObjectId, path: &str) -> FilterPath {
        let mut hops = Vec::new();
        let mut at = Some(object);
        let mut segments: Vec<&str> = path.split('.').map(str::trim).collect();
        let field = segments.pop().unwrap_or_default();
        for segment in segments {
            let Some(object) = at else { break };
            let relationship = Name::new(segment);
            let Some(name) = self.parent_field_name(object, &relationship) else {
                at = None;
                break;
            };
            at = self.field(object, &name).and_then(|field| self.targets(field).first().copied());
            hops.push((object, name));
        }
        FilterPath { hops, object: at, field: Name::new(field) }
    }
}
