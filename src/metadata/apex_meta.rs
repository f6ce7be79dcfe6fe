//! The `-meta.xml` neighbour of a class or trigger.

use crate::base::{FileId, Issue, Name, SourceFile};

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ApexMetaFacts {
    /// The name of the class or trigger: the file's name up to its first `.`.
    pub(crate) name: Name,
    /// Whether it belongs to a trigger rather than to a class.
    pub(crate) of_trigger: bool,
    /// `apiVersion`, such as `62.0`.
    pub(crate) api_version: Option<String>,
    /// False where `<status>` is `Inactive` or `Deleted`: such a trigger does not run.
    pub(crate) active: bool,
}

pub(crate) fn read_apex_meta(_file: FileId, _source: &SourceFile, _issues: &mut Vec<Issue>) -> Option<ApexMetaFacts> {
    None
}
