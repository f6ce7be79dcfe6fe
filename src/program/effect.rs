//! What code does to the database.

use super::mask::Reach;
use super::row::RowPath;
use crate::base::{Chain, Span};
use crate::schema::ObjectId;

/// What DML does to a row. `upsert` is an insert, an update, or both.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum DmlOp {
    Insert,
    Update,
    Delete,
    Undelete,
}

impl DmlOp {
    pub(crate) const ALL: [DmlOp; 4] =
        [DmlOp::Insert, DmlOp::Update, DmlOp::Delete, DmlOp::Undelete];

    /// `insert`, `update`, …
    pub(crate) fn word(self) -> &'static str {
        match self {
            DmlOp::Insert => "insert",
            DmlOp::Update => "update",
            DmlOp::Delete => "delete",
            DmlOp::Undelete => "undelete",
        }
    }
}

/// What one statement may do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum EffectKind {
    Dml(DmlOp),
    /// `[SELECT … FOR UPDATE]`
    LockingQuery,
}

/// Whether a statement runs once, or again and again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Repeat {
    Once,
    /// Once for each chunk of a `for (List<T> rows : [SELECT …])`.
    PerChunk,
    /// In a loop over rows or a `while`, directly or through a call.
    PerRow,
}

/// One thing that code may do to rows of one object.
#[derive(Clone, Debug)]
pub(crate) struct Effect {
    pub(crate) kind: EffectKind,
    /// Nothing where the type could not be resolved.
    pub(crate) object: Option<ObjectId>,
    pub(crate) row: RowPath,
    pub(crate) reach: Reach,
    pub(crate) repeat: Repeat,
    /// The parents of an inserted row, by the fields that the code sets.
    pub(crate) parents: Vec<(crate::base::Name, RowPath)>,
    /// The statement.
    pub(crate) site: Span,
    /// The method or trigger that holds the statement: `OrderService.refresh`.
    pub(crate) code: String,
    /// Whether the code is sure to be reached; not so where a call may mean one of several classes.
    pub(crate) certain: bool,
    /// From the trigger (or the method, for code that nothing calls) to the statement.
    pub(crate) chain: Chain,
}
