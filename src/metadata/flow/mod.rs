//! A flow: `flows/Name.flow-meta.xml` (FL-01, FL-02).

mod logic;

pub(crate) use logic::Logic;

use super::xml::{Element as Node, Xml};
use crate::base::{FileId, Issue, Name, SourceFile, Span};

/// One `Flow`, or one version of it.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct FlowFacts {
    /// The file's name, without the number of a version (`Name-2.flow`).
    pub(crate) name: Name,
    /// The number in the file's name.
    pub(crate) version: Option<u32>,
    /// `<status>Active</status>`; nothing where there is no status.
    pub(crate) active: Option<bool>,
    pub(crate) process: ProcessType,
    pub(crate) start: Start,
    /// In file order.
    pub(crate) elements: Vec<FlowElement>,
    pub(crate) variables: Vec<Variable>,
    /// Names and expressions.
    pub(crate) formulas: Vec<(Name, String)>,
    /// The names of `constants`.
    pub(crate) constants: Vec<Name>,
    /// The place of the root element.
    pub(crate) span: Span,
}

/// `processType`
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ProcessType {
    /// `AutoLaunchedFlow` and the like: started by a save, the clock, another flow, or code.
    Automatic,
    /// `Workflow`: a process of Process Builder.
    Builder,
    /// Anything in which a person takes part.
    Other,
}

/// `start`: what starts the flow, and where it begins.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Start {
    /// The place of `<start>`, or of the root element.
    pub(crate) span: Span,
    pub(crate) object: Option<Name>,
    /// `triggerType`, as written.
    pub(crate) trigger: Option<String>,
    /// `recordTriggerType`, as written.
    pub(crate) saves: Option<String>,
    /// `doesRequireRecordChangedToMeetCriteria`
    pub(crate) on_change: bool,
    pub(crate) filters: Vec<Filter>,
    pub(crate) logic: Logic,
    pub(crate) formula: Option<String>,
    /// `triggerOrder`: among the flows of one save.
    pub(crate) order: Option<u32>,
    pub(crate) next: Option<Name>,
    pub(crate) paths: Vec<LaterPath>,
}

/// One of `scheduledPaths`: elements that run in a transaction of their own.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct LaterPath {
    pub(crate) span: Span,
    pub(crate) next: Name,
}

/// Something on the canvas.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct FlowElement {
    pub(crate) name: Name,
    /// The place of its `<name>`.
    pub(crate) span: Span,
    pub(crate) kind: ElementKind,
    pub(crate) next: Option<Name>,
    /// Where a failure leads.
    pub(crate) fault: Option<Name>,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum ElementKind {
    Create {
        /// With `values`; or else `input` is a record or a collection of records.
        object: Option<Name>,
        values: Vec<(Name, FlowValue)>,
        input: Option<String>,
        /// The variable that takes the new id.
        id_into: Option<String>,
    },
    Update(Rows),
    Delete(Rows),
    Lookup {
        rows: Rows,
        /// `outputReference`
        into: Option<String>,
        /// Variables that take fields of the row.
        fields_into: Vec<(String, Name)>,
    },
    Loop {
        over: String,
        /// The variable that takes the row; or else the loop's own name stands for it.
        item: Option<String>,
        body: Option<Name>,
    },
    Decision(Vec<Outcome>),
    /// Variables or their fields, and what they take.
    Assign(Vec<(String, FlowValue)>),
    /// An invocable method, by its class.
    Apex {
        class: Name,
        inputs: Vec<(Name, FlowValue)>,
    },
    Subflow {
        flow: Name,
        inputs: Vec<(Name, FlowValue)>,
        /// Its variables, and those that take their values; or else the element's own name stands for them.
        outputs: Vec<(Name, String)>,
    },
    /// `collectionProcessors`: some of a collection, or all in another order.
    Collection(String),
    /// What comes after it runs in a transaction of its own, on each of these ways.
    Wait(Vec<Name>),
    Other,
}

/// Which rows: those of a variable, or those of an object that meet filters.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Rows {
    pub(crate) input: Option<String>,
    pub(crate) object: Option<Name>,
    pub(crate) filters: Vec<Filter>,
    /// `inputAssignments`: the fields that an update sets.
    pub(crate) sets: Vec<Name>,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Filter {
    pub(crate) field: Name,
    /// As written: `EqualTo`, `IsChanged`, …
    pub(crate) operator: String,
    pub(crate) value: FlowValue,
    /// Whether no row is found that does not meet it.
    pub(crate) must: bool,
}

/// One of the outcomes of a decision.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Outcome {
    /// By which later conditions ask whether it was taken.
    pub(crate) name: Name,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) logic: Logic,
    /// `doesRequireRecordChangedToMeetCriteria`
    pub(crate) on_change: bool,
    pub(crate) next: Option<Name>,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Condition {
    pub(crate) left: String,
    pub(crate) operator: String,
    pub(crate) right: FlowValue,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum FlowValue {
    /// `elementReference`: `$Record.AccountId`
    Reference(String),
    /// A constant, in words; empty for nothing.
    Constant(String),
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Variable {
    pub(crate) name: Name,
    /// Of records.
    pub(crate) object: Option<Name>,
    /// Whether flows that call this one may take it.
    pub(crate) is_output: bool,
}

impl FlowFacts {
    /// Every object that it names.
    pub(crate) fn objects(&self) -> impl Iterator<Item = &Name> {
        let named = self.elements.iter().filter_map(|element| match &element.kind {
            ElementKind::Create { object, .. } => object.as_ref(),
            ElementKind::Update(rows) | ElementKind::Delete(rows) => rows.object.as_ref(),
            ElementKind::Lookup { rows, .. } => rows.object.as_ref(),
            _ => None,
        });
        let variables = self.variables.iter().filter_map(|variable| variable.object.as_ref());
        self.start.object.iter().chain(named).chain(variables)
    }
}

/// Reads a flow of either format.
pub(crate) fn read_flow(
    file: FileId,
    source: &SourceFile,
    issues: &mut Vec<Issue>,
) -> Option<FlowFacts> {
    let xml = Xml::parse(file, source, "Flow", issues)?;
    let root = xml.root();
    let (name, version) = name_and_version(source.file_name());
    let process = match root.string("processType") {
        Some("Workflow") => ProcessType::Builder,
        Some("AutoLaunchedFlow" | "CustomEvent" | "InvocableProcess") => ProcessType::Automatic,
        _ => ProcessType::Other,
    };
    let mut flow = FlowFacts {
        name: Name::new(name),
        version,
        active: root.string("status").map(|status| status == "Active"),
        process,
        start: start(root),
        elements: elements(root),
        // What a transform makes is declared as a variable is.
        variables: ["variables", "transforms"]
            .iter()
            .flat_map(|tag| root.children(tag))
            .filter_map(variable)
            .collect(),
        constants: root
            .children("constants")
            .filter_map(|constant| constant.string("name").map(Name::new))
            .collect(),
        formulas: root.children("formulas").filter_map(formula).collect(),
        span: root.span(),
    };
    if process == ProcessType::Builder {
        flow.start.object = process_value(root, "ObjectType").map(Name::new);
        flow.start.saves = process_value(root, "TriggerType").map(str::to_owned);
    }
    Some(flow)
}

/// `Name-2.flow` is the second version of `Name`.
fn name_and_version(file: &str) -> (&str, Option<u32>) {
    let stem = file.split('.').next().unwrap_or(file);
    match stem.rsplit_once('-').map(|(name, version)| (name, version.parse())) {
        Some((name, Ok(version))) => (name, Some(version)),
        _ => (stem, None),
    }
}

/// What Process Builder keeps beside a flow.
fn process_value<'a>(root: Node<'a>, name: &str) -> Option<&'a str> {
    let values = root.children("processMetadataValues");
    let mut named = values.filter(|value| value.string("name") == Some(name));
    named.find_map(|value| value.child("value")?.string("stringValue"))
}

fn start(root: Node<'_>) -> Start {
    let node = root.child("start");
    let text = |name: &str| node?.string(name);
    // Before version 49 there was no `<start>`.
    let first = root.string("startElementReference").map(Name::new);
    let paths = node.into_iter().flat_map(|node| node.children("scheduledPaths"));
    Start {
        span: node.unwrap_or(root).span(),
        object: text("object").map(Name::new),
        trigger: text("triggerType").map(str::to_owned),
        saves: text("recordTriggerType").map(str::to_owned),
        on_change: node.is_some_and(|node| node.flag("doesRequireRecordChangedToMeetCriteria")),
        filters: node.map(filters).unwrap_or_default(),
        logic: node.map_or(Logic::And(Vec::new()), filter_logic),
        order: root.string("triggerOrder").and_then(|order| order.parse().ok()),
        formula: text("filterFormula").map(str::to_owned),
        next: node.and_then(|node| target(node, "connector")).or(first),
        paths: paths
            .filter_map(|path| {
                Some(LaterPath { span: path.span(), next: target(path, "connector")? })
            })
            .collect(),
    }
}

/// How an element of a tag is read.
type Reader = fn(Node<'_>) -> ElementKind;

fn elements(root: Node<'_>) -> Vec<FlowElement> {
    const KINDS: &[(&str, Reader)] = &[
        ("actionCalls", action),
        ("apexPluginCalls", |_| ElementKind::Other),
        ("assignments", assignment),
        ("collectionProcessors", collection),
        ("customErrors", |_| ElementKind::Other),
        ("decisions", decision),
        ("loops", loop_over),
        ("orchestratedStages", |_| ElementKind::Other),
        ("recordCreates", create),
        ("recordDeletes", |node| ElementKind::Delete(rows(node))),
        ("recordLookups", lookup),
        ("recordRollbacks", |_| ElementKind::Other),
        ("recordUpdates", |node| ElementKind::Update(rows(node))),
        ("screens", |_| ElementKind::Other),
        ("steps", |_| ElementKind::Other),
        ("subflows", subflow),
        ("transforms", |_| ElementKind::Other),
        ("waits", wait),
    ];
    let mut all = Vec::new();
    for (tag, kind) in KINDS {
        for node in root.children(tag) {
            let Some((name, span)) = node.value("name") else { continue };
            // A loop goes on, and a decision without a matching outcome, by other names.
            let next = ["connector", "noMoreValuesConnector", "defaultConnector"];
            all.push(FlowElement {
                name: Name::new(name),
                span,
                kind: kind(node),
                next: next.iter().find_map(|next| target(node, next)),
                fault: target(node, "faultConnector"),
            });
        }
    }
    all.sort_by_key(|element| element.span);
    all
}

fn target(node: Node<'_>, connector: &str) -> Option<Name> {
    node.child(connector)?.string("targetReference").map(Name::new)
}

fn action(node: Node<'_>) -> ElementKind {
    match (node.string("actionType"), node.string("actionName")) {
        (Some("apex"), Some(class)) => {
            ElementKind::Apex { class: Name::new(class), inputs: inputs(node, "inputParameters") }
        }
        // A process of Process Builder starts a flow by an action.
        (Some("flow"), Some(flow)) => {
            let inputs = inputs(node, "inputParameters");
            ElementKind::Subflow { flow: Name::new(flow), inputs, outputs: Vec::new() }
        }
        _ => ElementKind::Other,
    }
}

fn inputs(node: Node<'_>, tag: &str) -> Vec<(Name, FlowValue)> {
    let named = |input: Node<'_>| Some((Name::new(input.string("name")?), value(input, "value")));
    node.children(tag).filter_map(named).collect()
}

fn assignment(node: Node<'_>) -> ElementKind {
    let item =
        |item: Node<'_>| Some((item.string("assignToReference")?.to_owned(), value(item, "value")));
    // What is taken away or counted brings nothing in.
    let brings = |item: &Node<'_>| {
        !item.string("operator").is_some_and(|operator| {
            operator.starts_with("Remove") || operator == "AssignCount" || operator == "Subtract"
        })
    };
    ElementKind::Assign(node.children("assignmentItems").filter(brings).filter_map(item).collect())
}

fn collection(node: Node<'_>) -> ElementKind {
    match node.string("collectionReference") {
        Some(collection) => ElementKind::Collection(collection.to_owned()),
        None => ElementKind::Other,
    }
}

fn decision(node: Node<'_>) -> ElementKind {
    let outcomes = node.children("rules").map(|rule| {
        let conditions: Vec<Condition> = rule.children("conditions").map(condition).collect();
        Outcome {
            name: Name::new(rule.string("name").unwrap_or_default()),
            logic: Logic::read(rule.string("conditionLogic"), conditions.len()),
            conditions,
            on_change: rule.flag("doesRequireRecordChangedToMeetCriteria"),
            next: target(rule, "connector"),
        }
    });
    ElementKind::Decision(outcomes.collect())
}

fn condition(node: Node<'_>) -> Condition {
    Condition {
        left: node.string("leftValueReference").unwrap_or_default().to_owned(),
        operator: node.string("operator").unwrap_or_default().to_owned(),
        right: value(node, "rightValue"),
    }
}

fn wait(node: Node<'_>) -> ElementKind {
    let events = node.children("waitEvents");
    ElementKind::Wait(events.filter_map(|event| target(event, "connector")).collect())
}

fn loop_over(node: Node<'_>) -> ElementKind {
    ElementKind::Loop {
        over: node.string("collectionReference").unwrap_or_default().to_owned(),
        item: node.string("assignNextValueToReference").map(str::to_owned),
        body: target(node, "nextValueConnector"),
    }
}

fn create(node: Node<'_>) -> ElementKind {
    let field = |item: Node<'_>| Some((Name::new(item.string("field")?), value(item, "value")));
    ElementKind::Create {
        object: node.string("object").map(Name::new),
        values: node.children("inputAssignments").filter_map(field).collect(),
        input: node.string("inputReference").map(str::to_owned),
        id_into: node.string("assignRecordIdToReference").map(str::to_owned),
    }
}

fn lookup(node: Node<'_>) -> ElementKind {
    let field = |item: Node<'_>| {
        Some((item.string("assignToReference")?.to_owned(), Name::new(item.string("field")?)))
    };
    ElementKind::Lookup {
        rows: rows(node),
        into: node.string("outputReference").map(str::to_owned),
        fields_into: node.children("outputAssignments").filter_map(field).collect(),
    }
}

fn subflow(node: Node<'_>) -> ElementKind {
    let output = |output: Node<'_>| {
        let target = output.string("assignToReference")?.to_owned();
        Some((Name::new(output.string("name")?), target))
    };
    match node.string("flowName") {
        Some(flow) => ElementKind::Subflow {
            flow: Name::new(flow),
            inputs: inputs(node, "inputAssignments"),
            outputs: node.children("outputAssignments").filter_map(output).collect(),
        },
        None => ElementKind::Other,
    }
}

fn rows(node: Node<'_>) -> Rows {
    Rows {
        input: node.string("inputReference").map(str::to_owned),
        object: node.string("object").map(Name::new),
        filters: filters(node),
        sets: node
            .children("inputAssignments")
            .filter_map(|assignment| assignment.string("field").map(Name::new))
            .collect(),
    }
}

fn filters(node: Node<'_>) -> Vec<Filter> {
    let required = filter_logic(node).required();
    let filters = node.children("filters").enumerate();
    filters
        .map(|(index, filter)| Filter {
            field: Name::new(filter.string("field").unwrap_or_default()),
            operator: filter.string("operator").unwrap_or_default().to_owned(),
            value: value(filter, "value"),
            must: required.contains(&index),
        })
        .collect()
}

fn filter_logic(node: Node<'_>) -> Logic {
    Logic::read(node.string("filterLogic"), node.children("filters").count())
}

/// A reference, or a constant of whatever type.
fn value(node: Node<'_>, name: &str) -> FlowValue {
    const CONSTANTS: [&str; 6] = [
        "stringValue",
        "booleanValue",
        "numberValue",
        "dateValue",
        "dateTimeValue",
        "setupReference",
    ];
    let Some(value) = node.child(name) else { return FlowValue::Constant(String::new()) };
    match value.string("elementReference") {
        Some(reference) => FlowValue::Reference(reference.to_owned()),
        None => {
            let text = CONSTANTS.iter().find_map(|kind| value.string(kind));
            FlowValue::Constant(text.unwrap_or_default().to_owned())
        }
    }
}

fn variable(node: Node<'_>) -> Option<Variable> {
    Some(Variable {
        name: Name::new(node.string("name")?),
        object: node.string("objectType").map(Name::new),
        is_output: node.flag("isOutput"),
    })
}

fn formula(node: Node<'_>) -> Option<(Name, String)> {
    Some((Name::new(node.string("name")?), node.string("expression")?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{ElementKind, FlowFacts, FlowValue, ProcessType, read_flow};
    use crate::base::{FileId, FileKind, SourceFile};
    use crate::metadata::text_at;

    fn flow(file: &str, inner: &str) -> FlowFacts {
        let text =
            format!("<Flow xmlns=\"http://soap.sforce.com/2006/04/metadata\">{inner}</Flow>");
        let source = SourceFile::new(format!("flows/{file}"), FileKind::Flow, text);
        let mut issues = Vec::new();
        let flow = read_flow(FileId(0), &source, &mut issues).unwrap();
        assert!(issues.is_empty(), "{issues:?}");
        for element in &flow.elements {
            assert_eq!(text_at(&source, element.span), element.name.as_str());
        }
        flow
    }

    #[test]
    fn a_save_starts_it() {
        let flow = flow(
            "Stamp.flow-meta.xml",
            "<processType>AutoLaunchedFlow</processType><status>Active</status><start>\
             <object>Line__c</object><triggerType>RecordAfterSave</triggerType>\
             <recordTriggerType>CreateAndUpdate</recordTriggerType>\
             <connector><targetReference>Stamp</targetReference></connector>\
             <scheduledPaths><connector><targetReference>Later</targetReference></connector>\
             <pathType>AsyncAfterCommit</pathType></scheduledPaths></start>\
             <recordUpdates><name>Stamp</name><filters><field>Id</field><operator>EqualTo</operator>\
             <value><elementReference>$Record.Invoice__c</elementReference></value></filters>\
             <object>Invoice__c</object></recordUpdates>",
        );
        assert_eq!((flow.name.as_str(), flow.version), ("Stamp", None));
        assert_eq!((flow.active, flow.process), (Some(true), ProcessType::Automatic));
        assert_eq!(flow.start.next.unwrap().as_str(), "Stamp");
        assert_eq!(flow.start.paths[0].next.as_str(), "Later");
        let ElementKind::Update(rows) = &flow.elements[0].kind else { panic!() };
        assert!(rows.filters[0].must);
        assert_eq!(rows.filters[0].value, FlowValue::Reference("$Record.Invoice__c".into()));
    }

    #[test]
    fn versions_and_processes() {
        let flow = flow(
            "Old_Process-12.flow",
            "<processType>Workflow</processType><status>Obsolete</status>\
             <startElementReference>Ask</startElementReference>\
             <processMetadataValues><name>ObjectType</name><value><stringValue>Case</stringValue>\
             </value></processMetadataValues>",
        );
        assert_eq!((flow.name.as_str(), flow.version), ("Old_Process", Some(12)));
        assert_eq!((flow.active, flow.process), (Some(false), ProcessType::Builder));
        assert_eq!(flow.start.object.unwrap().as_str(), "Case");
        assert_eq!(flow.start.next.unwrap().as_str(), "Ask");
    }
}
