//! Metadata XML to facts: one file at a time, no I/O, no other file's names, no failure.

mod apex_meta;
mod custom_metadata;
mod duplicate_rule;
mod field;
mod flow;
mod flow_definition;
mod object;
mod package;
mod subscriber_config;
mod workflow;
mod xml;

pub(crate) use apex_meta::{ApexMetaFacts, read_apex_meta};
pub(crate) use custom_metadata::{CustomMetadataFacts, read_custom_metadata};
pub(crate) use duplicate_rule::{DuplicateRuleFacts, read_duplicate_rule};
pub(crate) use field::{DeleteConstraint, FieldFacts, FieldTypeFacts, read_field};
pub(crate) use flow::{
    Condition, ElementKind, Filter, FlowElement, FlowFacts, FlowValue, Logic, Outcome, ProcessType,
    Rows, read_flow,
};
pub(crate) use flow_definition::{FlowDefinitionFacts, read_flow_definition};
pub(crate) use object::{ObjectFacts, read_object};
pub(crate) use package::{Part, parts, read_package};
pub(crate) use subscriber_config::{SubscriberConfigFacts, read_subscriber_config};
pub(crate) use workflow::{ParentUpdate, Runs, WorkflowFacts, WorkflowRule, read_workflow};

/// The text of a span, for tests of places.
#[cfg(test)]
fn text_at(source: &crate::base::SourceFile, span: crate::base::Span) -> &str {
    source.text.get(span.start as usize..span.end as usize).unwrap()
}
