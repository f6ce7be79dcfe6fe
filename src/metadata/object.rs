//! An object: `*.object-meta.xml`, or `*.object` with its fields inside.

use super::FieldFacts;
use crate::base::{FileId, Issue, Name, SourceFile, Span};

/// One `CustomObject` file, as far as locking cares. An object may have several, in several package directories.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ObjectFacts {
    pub(crate) name: Name,
    /// The place of the root element.
    pub(crate) span: Span,
    pub(crate) label: Option<String>,
    /// `customSettingsType`: `Hierarchy` or `List`; the object is a custom setting.
    pub(crate) custom_setting: bool,
    /// `sharingModel` (`ControlledByParent`, `Private`, …), as written.
    pub(crate) sharing_model: Option<String>,
    /// The fields inside the file: all of them in the Metadata API format, none in decomposed source.
    pub(crate) fields: Vec<FieldFacts>,
}

/// Reads an object file of either format. The object's name comes from the file name.
pub(crate) fn read_object(_file: FileId, _source: &SourceFile, _issues: &mut Vec<Issue>) -> Option<ObjectFacts> {
    None
}
