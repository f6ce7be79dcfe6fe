//! Apex to facts: one file at a time, no I/O, no other file's names, no failure.

#[cfg(test)]
mod dump;
pub(crate) mod ir;
mod lower;
mod mask;
mod outline;
mod syntax;

pub(crate) use ir::Unit;
pub(crate) use lower::{read_apex, read_query, read_test_class};
pub(crate) use outline::{Declaration, comments, declarations};

#[cfg(test)]
mod tests;
