//! Workflow rules and their field updates: `workflows/Object.workflow-meta.xml` (WF-01).

use super::xml::{Element, Xml};
use crate::base::{FileId, Issue, Name, SourceFile, Span};

/// The `Workflow` of one object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct WorkflowFacts {
    /// The file's name before its suffix.
    pub(crate) object: Name,
    /// Those that write a parent, in file order.
    pub(crate) parent_updates: Vec<ParentUpdate>,
    /// The field updates of the row itself: their names, and the fields that they set.
    pub(crate) own_updates: Vec<(String, Name)>,
    /// The active ones, in file order.
    pub(crate) rules: Vec<WorkflowRule>,
}

/// A `fieldUpdates` with a `targetObject`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ParentUpdate {
    pub(crate) name: String,
    /// The field that points to the parent, as written: `AccountId`, `Invoice__c`.
    pub(crate) target: Name,
    /// The parent's field that it sets.
    pub(crate) field: Option<Name>,
    /// The place of `targetObject`'s value.
    pub(crate) span: Span,
}

/// One of `rules` that is active.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct WorkflowRule {
    pub(crate) name: String,
    /// The place of its name.
    pub(crate) span: Span,
    pub(crate) runs: Runs,
    /// The names of the field updates that it carries out at once.
    pub(crate) updates: Vec<String>,
    /// `workflowTimeTriggers`: what runs hours or days later, in a transaction of its own.
    pub(crate) later: Vec<LaterUpdates>,
}

/// The field updates of one time trigger.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct LaterUpdates {
    pub(crate) span: Span,
    pub(crate) updates: Vec<String>,
}

/// `triggerType`
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Runs {
    /// `onCreateOnly`
    Created,
    /// `onCreateOrTriggeringUpdate`: of updates, those by which a row begins to meet the criteria.
    Changed,
    /// `onAllChanges`
    Saved,
}

/// Reads the workflow of an object, in either format.
pub(crate) fn read_workflow(
    file: FileId,
    source: &SourceFile,
    issues: &mut Vec<Issue>,
) -> Option<WorkflowFacts> {
    let xml = Xml::parse(file, source, "Workflow", issues)?;
    let root = xml.root();
    let file_name = Name::new(source.file_name());
    let stem = [".workflow-meta.xml", ".workflow"]
        .iter()
        .find_map(|suffix| file_name.without_suffix(suffix));
    Some(WorkflowFacts {
        object: Name::new(stem.unwrap_or_default()),
        parent_updates: root.children("fieldUpdates").filter_map(parent_update).collect(),
        own_updates: root.children("fieldUpdates").filter_map(own_update).collect(),
        rules: root.children("rules").filter(|rule| rule.flag("active")).filter_map(rule).collect(),
    })
}

fn own_update(node: Element<'_>) -> Option<(String, Name)> {
    let is_own = node.value("targetObject").is_none();
    is_own.then(|| Some((node.string("fullName")?.to_owned(), Name::new(node.string("field")?))))?
}

fn parent_update(node: Element<'_>) -> Option<ParentUpdate> {
    let (target, span) = node.value("targetObject")?;
    let name = node.string("fullName")?.to_owned();
    let field = node.string("field").map(Name::new);
    Some(ParentUpdate { name, target: Name::new(target), field, span })
}

fn rule(node: Element<'_>) -> Option<WorkflowRule> {
    let (name, span) = node.value("fullName")?;
    let later = node
        .children("workflowTimeTriggers")
        .map(|node| LaterUpdates { span: node.span(), updates: updates(node) })
        .filter(|later| !later.updates.is_empty());
    let runs = match node.string("triggerType") {
        Some("onCreateOnly") => Runs::Created,
        Some("onCreateOrTriggeringUpdate") => Runs::Changed,
        _ => Runs::Saved,
    };
    let (updates, later) = (updates(node), later.collect());
    Some(WorkflowRule { name: name.to_owned(), span, runs, updates, later })
}

fn updates(node: Element<'_>) -> Vec<String> {
    let updates =
        node.children("actions").filter(|action| action.string("type") == Some("FieldUpdate"));
    updates.filter_map(|action| action.string("name").map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Runs, read_workflow};
    use crate::base::{FileId, FileKind, SourceFile};
    use crate::metadata::text_at;

    #[test]
    fn active_rules_that_write_a_parent() {
        let text = "<Workflow><fieldUpdates><fullName>Stamp</fullName><field>Stamp__c</field>\
                    <targetObject>AccountId</targetObject></fieldUpdates>\
                    <fieldUpdates><fullName>Own</fullName><field>Stamp__c</field></fieldUpdates>\
                    <rules><fullName>On</fullName><actions><name>Stamp</name><type>FieldUpdate</type></actions>\
                    <actions><name>Tell</name><type>Alert</type></actions><active>true</active>\
                    <workflowTimeTriggers><actions><name>Own</name><type>FieldUpdate</type></actions>\
                    </workflowTimeTriggers><workflowTimeTriggers/>\
                    <triggerType>onCreateOnly</triggerType></rules>\
                    <rules><fullName>Off</fullName><active>false</active></rules></Workflow>";
        let path = "workflows/Contact.workflow".to_owned();
        let source = SourceFile::new(path, FileKind::Workflow, text.to_owned());
        let facts = read_workflow(FileId(0), &source, &mut Vec::new()).unwrap();
        assert_eq!(facts.object.as_str(), "Contact");
        let [update] = facts.parent_updates.as_slice() else { panic!() };
        assert_eq!(text_at(&source, update.span), "AccountId");
        let [rule] = facts.rules.as_slice() else { panic!() };
        assert_eq!((rule.name.as_str(), rule.runs), ("On", Runs::Created));
        assert_eq!(rule.updates, ["Stamp"]);
        let [later] = rule.later.as_slice() else { panic!() };
        assert_eq!(later.updates, ["Own"]);
    }
}
