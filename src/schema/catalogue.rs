//! What the platform brings: standard objects, and the standard relationships whose saves lock (facts sheet, section 7).

use crate::base::Confidence;

/// How a standard relationship behaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum StandardKind {
    /// Like master-detail: required, cascading or with native totals.
    MasterDetail,
    Lookup,
    /// Several target types.
    Polymorphic,
}

/// Whether an operation on the child locks the parent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Locks {
    Yes,
    /// `?` in the sheet: worded as possible.
    Possibly,
    No,
}

/// One row of section 7.
#[derive(Debug)]
pub(crate) struct StandardEdge {
    pub(crate) child: &'static str,
    pub(crate) field: &'static str,
    /// Target objects; for polymorphic fields the usual ones.
    pub(crate) parents: &'static [&'static str],
    /// The parent's name for its children: `Contacts` for `Contact.AccountId`; none where there is none.
    pub(crate) children: Option<&'static str>,
    pub(crate) nillable: bool,
    pub(crate) updatable: bool,
    pub(crate) kind: StandardKind,
    pub(crate) insert: Locks,
    pub(crate) update: Locks,
    pub(crate) delete: Locks,
    /// High for evidence D, medium for K and S, low for I.
    pub(crate) confidence: Confidence,
    pub(crate) facts: &'static [&'static str],
}

/// Section 7 of the facts sheet, sorted by child and field.
pub(crate) static EDGES: &[StandardEdge] = &[];

/// API names of standard objects, lower case, sorted.
pub(crate) static OBJECTS: &[&str] = &[];
