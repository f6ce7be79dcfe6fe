//! What people ask of the model, as plain data.

mod conflicts;
mod diff;
mod explain;
mod graph;
mod names;

pub(crate) use conflicts::worst_conflicts;
pub(crate) use diff::{Change, ModelDiff, diff};
pub(crate) use explain::{Explanation, LockedRows, Started, explain};
pub(crate) use graph::{Edge, Graph, Kind, graph};
pub(crate) use names::object_named;

#[cfg(test)]
mod tests;
