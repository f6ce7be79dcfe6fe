//! The lock graph: whose saves lock whose rows.

use crate::analysis::Analysis;
use crate::base::Confidence;
use crate::locks::{Cause, Lock};
use crate::program::{DmlOp, RowPath};
use crate::schema::ObjectId;
use std::collections::{BTreeMap, BTreeSet};

/// Objects, and the locks between them; in the order of names.
pub(crate) struct Graph {
    pub(crate) nodes: Vec<String>,
    pub(crate) edges: Vec<Edge>,
}

/// Saves of one object lock rows of another.
pub(crate) struct Edge {
    /// Places among the nodes.
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) kinds: BTreeSet<Kind>,
    pub(crate) ops: BTreeSet<DmlOp>,
    /// The ways to the rows: `Line__c.Invoice__c`.
    pub(crate) via: BTreeSet<String>,
}

/// What makes a save lock; the most telling last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Kind {
    Platform,
    Lookup,
    MasterDetail,
    RollUp,
    Query,
    Write,
}

impl Kind {
    /// The word that output uses.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Kind::Platform => "platform",
            Kind::Lookup => "lookup",
            Kind::MasterDetail => "master-detail",
            Kind::RollUp => "roll-up",
            Kind::Query => "locking query",
            Kind::Write => "automation",
        }
    }

    fn of(cause: Cause) -> Option<Kind> {
        match cause {
            Cause::SavedRow => None,
            Cause::MasterDetail(_) => Some(Kind::MasterDetail),
            Cause::RollUp(_) => Some(Kind::RollUp),
            Cause::RestrictingLookup(_) | Cause::CascadingLookup(_) => Some(Kind::Lookup),
            Cause::Standard(_) => Some(Kind::Platform),
            Cause::Write(_) => Some(Kind::Write),
            Cause::LockingQuery => Some(Kind::Query),
        }
    }
}

/// The graph of a project, or of what is at most `depth` locks away from an object. What only the platform does is left
/// out: it is the same in every project.
pub(crate) fn graph(analysis: &Analysis, around: Option<(ObjectId, usize)>) -> Graph {
    let mut edges: BTreeMap<(ObjectId, ObjectId), Draft> = BTreeMap::new();
    for event in analysis.locks.events() {
        let locks = analysis.locks.direct(event).into_iter().flat_map(|direct| &direct.locks);
        for lock in locks.filter(|lock| is_shown(lock)) {
            let (Some(to), Some(kind)) = (lock.object, Kind::of(lock.cause)) else { continue };
            let draft = edges.entry((event.object, to)).or_default();
            draft.kinds.insert(kind);
            draft.ops.insert(event.op);
            draft.via.extend(lock.row.via(&analysis.schema));
        }
    }
    if let Some((object, depth)) = around {
        let near = near(&edges, object, depth);
        edges.retain(|(from, to), _| near.contains(from) && near.contains(to));
    }
    named(analysis, edges)
}

#[derive(Default)]
struct Draft {
    kinds: BTreeSet<Kind>,
    ops: BTreeSet<DmlOp>,
    via: BTreeSet<String>,
}

fn is_shown(lock: &Lock) -> bool {
    let is_known = lock.confidence > Confidence::Low && lock.row != RowPath::Unknown;
    is_known && !lock.row.is_saved() && lock.chain.is_some()
}

/// The objects at most so many locks away, whichever way they lead.
fn near(
    edges: &BTreeMap<(ObjectId, ObjectId), Draft>,
    object: ObjectId,
    depth: usize,
) -> BTreeSet<ObjectId> {
    let mut near = BTreeSet::from([object]);
    for _ in 0..depth {
        let next: Vec<ObjectId> = edges
            .keys()
            .flat_map(|&(from, to)| [(from, to), (to, from)])
            .filter(|(from, _)| near.contains(from))
            .map(|(_, to)| to)
            .collect();
        near.extend(next);
    }
    near
}

fn named(analysis: &Analysis, edges: BTreeMap<(ObjectId, ObjectId), Draft>) -> Graph {
    let name = |object: ObjectId| analysis.schema.name(object).to_string();
    let objects: BTreeSet<String> =
        edges.keys().flat_map(|&(from, to)| [name(from), name(to)]).collect();
    let nodes: Vec<String> = objects.into_iter().collect();
    let place = |object: ObjectId| nodes.binary_search(&name(object)).unwrap_or_default();
    let mut edges: Vec<Edge> = edges
        .into_iter()
        .map(|((from, to), Draft { kinds, ops, via })| Edge {
            from: place(from),
            to: place(to),
            kinds,
            ops,
            via,
        })
        .collect();
    edges.sort_by_key(|edge| (edge.from, edge.to));
    Graph { nodes, edges }
}
