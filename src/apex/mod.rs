//! Apex to facts: one file at a time, no I/O, no other file's names, no failure.

#[cfg(test)]
mod dump;
pub(crate) mod ir;
mod lower;
mod mask;
mod syntax;

pub(crate) use ir::Unit;
pub(crate) use lower::{read_apex, read_query, read_test_class};

#[cfg(test)]
mod tests;
