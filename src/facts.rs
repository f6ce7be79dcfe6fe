//! One file to one value: pure, so that files are read in parallel.

use crate::apex;
use crate::base::{FileId, FileKind, Issue, SourceFile};
use crate::known::Known;
use crate::metadata;

/// What one file says.
#[derive(Clone, Debug)]
pub(crate) enum Facts {
    Apex(apex::Unit),
    ApexMeta(metadata::ApexMetaFacts),
    Object(metadata::ObjectFacts),
    Field(metadata::FieldFacts),
    DuplicateRule(metadata::DuplicateRuleFacts),
    CustomMetadata(metadata::CustomMetadataFacts),
    Flow(metadata::FlowFacts),
    FlowDefinition(metadata::FlowDefinitionFacts),
    SubscriberConfig(metadata::SubscriberConfigFacts),
    Workflow(metadata::WorkflowFacts),
    /// Nothing that counts: an empty file, or one that an issue explains.
    Nothing,
}

/// Reads one file. Never fails: what cannot be read is an issue.
pub(crate) fn read(
    file: FileId,
    source: &SourceFile,
    known: &Known,
    issues: &mut Vec<Issue>,
) -> Facts {
    match source.kind {
        FileKind::ApexClass if known.include_tests => {
            Facts::Apex(apex::read_apex(file, source, issues).with_tests())
        }
        FileKind::ApexClass => {
            let test_class = apex::read_test_class(file, source);
            Facts::Apex(test_class.unwrap_or_else(|| apex::read_apex(file, source, issues)))
        }
        FileKind::ApexTrigger => Facts::Apex(apex::read_apex(file, source, issues)),
        FileKind::ApexMeta => fact(metadata::read_apex_meta(file, source, issues), Facts::ApexMeta),
        FileKind::Object => fact(metadata::read_object(file, source, issues), Facts::Object),
        FileKind::Field => fact(metadata::read_field(file, source, issues), Facts::Field),
        FileKind::DuplicateRule => {
            fact(metadata::read_duplicate_rule(file, source, issues), Facts::DuplicateRule)
        }
        FileKind::CustomMetadata => {
            fact(metadata::read_custom_metadata(file, source, issues), Facts::CustomMetadata)
        }
        FileKind::SubscriberConfig => {
            fact(metadata::read_subscriber_config(file, source, issues), Facts::SubscriberConfig)
        }
        FileKind::Flow => fact(metadata::read_flow(file, source, issues), Facts::Flow),
        FileKind::FlowDefinition => {
            fact(metadata::read_flow_definition(file, source, issues), Facts::FlowDefinition)
        }
        FileKind::Workflow => fact(metadata::read_workflow(file, source, issues), Facts::Workflow),
        FileKind::Unread | FileKind::Config => Facts::Nothing,
    }
}

fn fact<T>(value: Option<T>, wrap: fn(T) -> Facts) -> Facts {
    value.map_or(Facts::Nothing, wrap)
}
