//! What code does to the database.

use super::branches::Branches;
use super::guards::Switches;
use super::mask::{Fields, Reach};
use super::row::RowPath;
use crate::base::{Chain, Id, Span};
use crate::metadata::FlowFacts;
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
    /// Starts work that runs in a transaction of its own.
    Start(JobKind),
    /// Workflow has set fields of the saved rows: the triggers on updates run once more (section 5.3 of the facts sheet).
    TriggersAgain,
    /// Runs a flow: while linking only, then what the flow does stands here.
    Interview(Id<FlowFacts>),
    /// Calls a web service: locks that queries have taken are lost (LK-09).
    Callout,
    /// A loop that only waits until some time has passed.
    BusyWait,
    /// `addError` on the saved rows, before they are deleted.
    Refusal,
    /// Reads rows that refer to the saved rows, before these are deleted.
    ReferenceQuery(Sight),
}

/// Which rows a query sees (GD-08).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Sight {
    All,
    /// Those that sharing lets the user see.
    Shared,
    /// Those that the user may see, with the user's rights.
    UserMode,
}

/// Work in a transaction of its own (PA-02 … PA-05).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum JobKind {
    Batch,
    Event,
    Finalizer,
    Future,
    /// A scheduled or asynchronous path of a flow (FL-01).
    Path,
    Queueable,
    Scheduled,
}

impl JobKind {
    /// `a batch`, `an event trigger`, …
    pub(crate) fn words(self) -> &'static str {
        match self {
            JobKind::Batch => "a batch",
            JobKind::Event => "an event trigger",
            JobKind::Finalizer => "a finalizer",
            JobKind::Future => "a future method",
            JobKind::Path => "a path of a flow that runs later",
            JobKind::Queueable => "a queueable",
            JobKind::Scheduled => "a scheduled job",
        }
    }
}

/// The transaction of an effect that does not happen in that of the save.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Job {
    pub(crate) kind: JobKind,
    /// The statement that starts it.
    pub(crate) started: Span,
    /// Whether it is the last of a batch: `finish` runs when all chunks are done.
    pub(crate) is_finish: bool,
}

impl Job {
    pub(crate) fn new(kind: JobKind, started: Span) -> Job {
        Job { kind, started, is_finish: false }
    }
}

/// What becomes of a failure of a statement; of several ways to it, the greatest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Failure {
    /// It ends the transaction.
    Thrown,
    /// Code looks at it.
    Handled,
    /// It is caught, or reported in results, and nobody looks at it.
    Forgotten,
    /// The statement is tried again in the same transaction.
    Retried,
}

/// What a locking query asks for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct LockingQuery {
    pub(crate) extent: Extent,
    pub(crate) flaw: Option<Flaw>,
    /// The code around names types that cannot be locked (FU-08), so that it may well leave them out.
    pub(crate) knows_unlockable: bool,
}

/// How many rows a query may find.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Extent {
    /// One by its id, or a few by a `LIMIT`.
    Few,
    /// Those of a collection of ids.
    Given,
    /// As many as there are.
    Open,
}

/// What does not go with `FOR UPDATE` (FU-02 … FU-06, FU-09).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Flaw {
    OrderBy,
    AllRows,
    Aggregate,
    SubSelect,
    /// In `start` of a batch, where it does nothing.
    BatchStart,
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

/// What the step of a chain says that shows where an id comes from. It is no step of control.
pub(crate) const ORIGIN: &str = "takes the id here";

/// One thing that code may do to rows of one object.
#[derive(Clone, Debug)]
pub(crate) struct Effect {
    pub(crate) kind: EffectKind,
    /// Nothing where the type could not be resolved.
    pub(crate) object: Option<ObjectId>,
    pub(crate) row: RowPath,
    pub(crate) reach: Reach,
    pub(crate) repeat: Repeat,
    /// The parents of an inserted row, by the fields that the code sets; the inputs of a flow.
    pub(crate) parents: Vec<(crate::base::Name, RowPath)>,
    /// Nothing for what happens in the transaction of the save.
    pub(crate) job: Option<Job>,
    pub(crate) failure: Failure,
    /// Of a locking query.
    pub(crate) query: Option<LockingQuery>,
    /// The statement.
    pub(crate) site: Span,
    /// The variable whose rows the statement writes: `rows`, `this.rows`, `rows.values()`.
    pub(crate) operand: Option<crate::base::Name>,
    /// Of updates: the fields that the code may set.
    pub(crate) sets: Fields,
    /// Whether it writes all rows of some ids: none is left out.
    pub(crate) is_whole: bool,
    /// Of users: the fields that the code around assigns.
    pub(crate) assigned: Vec<crate::base::Name>,
    /// The method or trigger that holds the statement: `OrderService.refresh`.
    pub(crate) code: String,
    /// Whether the code is sure to be reached; not so where a call may mean one of several classes.
    pub(crate) certain: bool,
    /// What the code on the way does with static Booleans.
    pub(crate) switches: Switches,
    /// Of flows: what is so of each row that comes to it.
    pub(crate) branches: Branches,
    /// From the trigger (or the method, for code that nothing calls) to the statement.
    pub(crate) chain: Chain,
}

impl Effect {
    /// Something that automation without Apex does, once, to rows that are not known yet.
    pub(super) fn new(
        kind: EffectKind,
        reach: Reach,
        site: Span,
        code: String,
        chain: Chain,
    ) -> Effect {
        Effect {
            kind,
            object: None,
            row: RowPath::Unknown,
            reach,
            repeat: Repeat::Once,
            parents: Vec::new(),
            job: None,
            failure: Failure::Thrown,
            query: None,
            site,
            operand: None,
            sets: Fields::ANY,
            is_whole: false,
            assigned: Vec::new(),
            code,
            certain: true,
            switches: Switches::default(),
            branches: Branches::default(),
            chain,
        }
    }

    /// Whether it writes rows that exist already: an insert touches no row that others could hold.
    pub(crate) fn changes_rows(&self) -> bool {
        matches!(self.kind, EffectKind::Dml(op) if op != DmlOp::Insert) && self.row != RowPath::New
    }

    /// Whether it is a query that locks what it finds: one that may not lock, or finds nothing to lock, does not.
    pub(crate) fn is_locking_query(&self) -> bool {
        self.kind == EffectKind::LockingQuery && self.query.is_none_or(|query| query.flaw.is_none())
    }
}
