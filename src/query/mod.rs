//! What people ask of the model, as plain data.

mod explain;
mod names;

pub(crate) use explain::{Explanation, LockedRows, Started, explain};
pub(crate) use names::object_named;
