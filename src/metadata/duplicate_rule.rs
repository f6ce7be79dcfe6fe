//! A duplicate rule: `duplicateRules/Object.Name.duplicateRule-meta.xml` (DU-01).

use crate::base::{FileId, Issue, Name, SourceFile, Span};

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct DuplicateRuleFacts {
    /// The object in the file's name, before the first `.`.
    pub(crate) object: Name,
    /// The rule's developer name: the file's name between the first `.` and the suffix.
    pub(crate) name: String,
    /// `masterLabel`, what Setup shows; the developer name where absent.
    pub(crate) label: String,
    /// The place of `<isActive>`, or of the root element.
    pub(crate) span: Span,
    pub(crate) active: bool,
    /// `actionOnInsert`, `actionOnUpdate`: `Allow` or `Block`, as written.
    pub(crate) action_on_insert: Option<String>,
    pub(crate) action_on_update: Option<String>,
    /// `duplicateRuleMatchRules`, in file order.
    pub(crate) match_rules: Vec<MatchRule>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct MatchRule {
    /// `matchingRule`: the developer name.
    pub(crate) name: String,
    /// `matchRuleSObjectType`: the object that the rule compares with.
    pub(crate) object: Option<Name>,
    pub(crate) span: Span,
}

pub(crate) fn read_duplicate_rule(_file: FileId, _source: &SourceFile, _issues: &mut Vec<Issue>) -> Option<DuplicateRuleFacts> {
    None
}
