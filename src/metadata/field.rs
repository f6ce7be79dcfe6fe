//! A field of an object: `*.field-meta.xml`, or `<fields>` inside an object file.

use crate::base::{Issue, Name, SourceFile, FileId, Span};

/// One `CustomField`, as far as locking cares.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FieldFacts {
    pub(crate) object: Name,
    pub(crate) name: Name,
    /// The place of the field: its `<fullName>` (or the root element where that is missing).
    pub(crate) span: Span,
    /// The place of `<type>`, or `span` where there is none: what one would edit.
    pub(crate) type_span: Span,
    pub(crate) kind: FieldTypeFacts,
    pub(crate) required: bool,
    pub(crate) unique: bool,
    pub(crate) external_id: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum FieldTypeFacts {
    MasterDetail {
        /// One target, in practice; empty where the element is missing.
        to: Vec<Name>,
        /// `relationshipName`, without `__r`.
        relationship: Option<Name>,
        /// `reparentableMasterDetail`; false where absent (RU-19).
        reparentable: bool,
    },
    Lookup {
        to: Vec<Name>,
        relationship: Option<Name>,
        /// The constraint with the place of its element; `None` where absent (DC-02).
        delete_constraint: Option<(DeleteConstraint, Span)>,
    },
    /// A roll-up summary (RU-02). The paths are kept as written: `Child__c.Field__c`.
    RollUp {
        /// `summaryOperation`, lower case: `count`, `sum`, `min`, `max`.
        operation: String,
        /// `summaryForeignKey`: `Child__c.Fk__c`, with its place.
        foreign_key: Option<(String, Span)>,
        /// `summarizedField`: `Child__c.Field__c`, with its place; none for `count`.
        summarized: Option<(String, Span)>,
        /// `field` of each `summaryFilterItems`, with its place.
        filters: Vec<(String, Span)>,
    },
    /// A formula of any type: the text of `<formula>`, and the type it returns.
    Formula { formula: String },
    /// `MetadataRelationship`, `Hierarchy`, `ExternalLookup`, `IndirectLookup`: no row lock (DC-11).
    OtherRelationship { to: Vec<Name> },
    /// Any other type, by its name; empty where `<type>` is missing (a standard field).
    Plain(String),
}

/// DC-01. An unknown value is an issue and read as `SetNull`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum DeleteConstraint {
    SetNull,
    Restrict,
    Cascade,
}

/// Reads `objects/X/fields/*.field-meta.xml`. The object's name comes from the path.
pub(crate) fn read_field(_file: FileId, _source: &SourceFile, _issues: &mut Vec<Issue>) -> Option<FieldFacts> {
    None
}
