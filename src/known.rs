//! What people know of their org, and its files do not say.

use crate::apex::ir::DmlVerb;
use crate::base::Name;

/// Handed to the analysis beside the sources.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct Known {
    /// Objects of few rows that everybody uses, besides those whose names say so.
    pub(crate) dictionaries: Vec<Name>,
    /// Objects whose rows integrations write in parallel.
    pub(crate) parallel_loads: Vec<Name>,
    /// Methods that write what they are handed, and whose code the project does not have.
    pub(crate) wrappers: Vec<Wrapper>,
    /// Whether test classes are looked at like other code.
    pub(crate) include_tests: bool,
    /// Base classes of trigger handlers, besides those that are known by their names.
    pub(crate) trigger_bases: Vec<TriggerBase>,
}

/// A base class of a package, whose handlers have methods named after events: `afterUpdate`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct TriggerBase {
    pub(crate) class: Name,
    /// The method that calls them.
    pub(crate) start: Name,
}

/// A method that does DML.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Wrapper {
    pub(crate) class: Name,
    pub(crate) method: Name,
    pub(crate) operation: DmlVerb,
    /// Which argument the rows are, from 0.
    pub(crate) argument: usize,
}
