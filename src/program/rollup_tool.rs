//! Roll-ups that are declared in custom metadata, and carried out by Apex of a package: DLRS (RT-01), apex-rollup (RT-02).

use super::effect::{DmlOp, Effect, EffectKind};
use super::mask::{Mask, Reach, Test};
use super::row::{Hop, RowPath};
use super::{Automation, Source};
use crate::base::{Chain, Name, Span, Step};
use crate::metadata::CustomMetadataFacts;
use crate::schema::{ObjectId, Schema};

/// A roll-up that writes the parent in the save of the child.
#[derive(Debug)]
pub(crate) struct RollUpTool {
    /// `DLRS`, `apex-rollup`
    pub(crate) tool: &'static str,
    pub(crate) name: Name,
    pub(crate) child: ObjectId,
    pub(crate) parent: ObjectId,
    /// The child's field that points to the parent.
    pub(crate) field: Name,
    /// What makes it synchronous.
    pub(crate) mode: Span,
}

/// The records of known tools that are active and synchronous, in the order of files.
pub(super) fn tools(records: &[CustomMetadataFacts], schema: &Schema) -> Vec<RollUpTool> {
    records
        .iter()
        .filter_map(|record| dlrs(record, schema).or_else(|| rollup(record, records, schema)))
        .collect()
}

/// `LookupRollupSummary2__mdt`, with or without the package's namespace.
fn dlrs(record: &CustomMetadataFacts, schema: &Schema) -> Option<RollUpTool> {
    if !is_type(record, "LookupRollupSummary2__mdt") {
        return None;
    }
    let (mode, span) = value(record, "CalculationMode__c")?;
    let is_active = value(record, "Active__c").is_none_or(|(active, _)| active == "true");
    if !is_active || !mode.eq_ignore_ascii_case("Realtime") {
        return None;
    }
    Some(RollUpTool {
        tool: "DLRS",
        name: record.name.clone(),
        child: schema.object(&Name::new(value(record, "ChildObject__c")?.0))?,
        parent: schema.object(&Name::new(value(record, "ParentObject__c")?.0))?,
        field: Name::new(value(record, "RelationshipField__c")?.0),
        mode: span,
    })
}

/// `Rollup__mdt`, whose control says whether it is synchronous.
fn rollup(
    record: &CustomMetadataFacts,
    records: &[CustomMetadataFacts],
    schema: &Schema,
) -> Option<RollUpTool> {
    let is_disabled =
        value(record, "IsDisabled__c").is_some_and(|(disabled, _)| disabled == "true");
    if !is_type(record, "Rollup__mdt") || is_disabled {
        return None;
    }
    let named = value(record, "RollupControl__c")?.0;
    let control = records
        .iter()
        .find(|control| is_type(control, "RollupControl__mdt") && control.name.is(named))?;
    let (mode, span) = value(control, "ShouldRunAs__c")?;
    if !mode.to_ascii_lowercase().starts_with("synchronous") {
        return None;
    }
    let either = |name: &str, text: &str| value(record, name).or_else(|| value(record, text));
    Some(RollUpTool {
        tool: "apex-rollup",
        name: record.name.clone(),
        child: schema.object(&Name::new(either("CalcItem__c", "CalcItemText__c")?.0))?,
        parent: schema.object(&Name::new(either("LookupObject__c", "LookupObjectText__c")?.0))?,
        field: Name::new(last(
            either("LookupFieldOnCalcItem__c", "LookupFieldOnCalcItemText__c")?.0,
        )),
        mode: span,
    })
}

/// A field as a relationship names it: `Child__c.Parent__c`.
fn last(field: &str) -> &str {
    field.rsplit('.').next().unwrap_or(field)
}

fn is_type(record: &CustomMetadataFacts, name: &str) -> bool {
    let ty = record.record_type.as_str();
    ty.rsplit_once(name).is_some_and(|(namespace, rest)| {
        rest.is_empty() && (namespace.is_empty() || namespace.ends_with("__"))
    })
}

/// A value that is there, by its field without namespace.
fn value<'a>(record: &'a CustomMetadataFacts, field: &str) -> Option<(&'a str, Span)> {
    let is_field = |known: &Name| {
        let known = known.as_str();
        let stem = known.len().checked_sub(field.len());
        stem.and_then(|at| known.split_at_checked(at)).is_some_and(|(namespace, name)| {
            name.eq_ignore_ascii_case(field) && (namespace.is_empty() || namespace.ends_with("__"))
        })
    };
    let found = record.values.iter().find(|value| is_field(&value.field))?;
    Some((found.value.as_deref()?, found.span))
}

/// What the tools do in the saves of children: they recalculate where a relevant field has changed.
pub(super) fn follow(tools: &[RollUpTool], schema: &Schema) -> Vec<Automation> {
    let automation = |tool: &RollUpTool| {
        let (child, parent) = (schema.name(tool.child), schema.name(tool.parent));
        let row = RowPath::saved().hop(Hop::Up { child: tool.child, field: tool.field.clone() });
        let note = format!(
            "{} recalculates `{}` in each save of a `{child}`, and updates the `{parent}`",
            tool.tool, tool.name
        );
        let rest = Mask::ALL.without(Mask::UPDATE);
        let reach = Reach::under(Mask::AFTER).and(Test::event(rest).or(Test::CHANGED).yes);
        let write = Effect {
            object: Some(tool.parent),
            row,
            ..Effect::new(
                EffectKind::Dml(DmlOp::Update),
                reach,
                tool.mode,
                format!("{} {}", tool.tool, tool.name),
                Chain::of(Step::new(tool.mode, note)),
            )
        };
        Automation {
            name: tool.name.clone(),
            source: Source::RollUpTool,
            object: tool.child,
            effects: vec![write],
            jobs: Vec::new(),
        }
    };
    tools.iter().map(automation).collect()
}
