//! What the findings about relationship fields have in common.

use crate::analysis::Analysis;
use crate::base::{Chain, Confidence, Step};
use crate::locks::locks_on;
use crate::program::{DmlOp, Hop, RowPath};
use crate::schema::{FieldId, FieldKind, Schema};

/// The fields that the project declares, with their declared kind.
pub(super) fn declared_fields(schema: &Schema) -> impl Iterator<Item = FieldId> {
    schema
        .objects
        .ids()
        .flat_map(|object| schema.objects[object].fields.iter().copied())
        .filter(|&field| schema.fields[field].place.is_some())
}

/// The saves that lock the target of a field: `Line__c:insert`, …
pub(super) fn events(schema: &Schema, field: FieldId) -> Vec<String> {
    let child = schema.name(schema.fields[field].object);
    let locking = DmlOp::ALL.into_iter().filter(|&op| locks_on(schema, field, op).is_some());
    locking.map(|op| format!("{child}:{}", op.word())).collect()
}

/// The field's name, then the element that makes it lock.
pub(super) fn chain(schema: &Schema, field: FieldId, note: String) -> Option<Chain> {
    let place = schema.fields[field].place?;
    let at = match &schema.fields[field].kind {
        FieldKind::Lookup { constraint: Some((_, span)), .. } => *span,
        _ => place.kind,
    };
    let named = Step::new(place.name, format!("`{}` is declared here", schema.path(field)));
    Some(Chain::of(Step::new(at, note)).after(named))
}

/// Whether a path leads to a parent that a save of this kind locks by schema, before anything else.
pub(super) fn is_locked_by_save(analysis: &Analysis, op: DmlOp, path: &RowPath) -> bool {
    let schema = &analysis.schema;
    let RowPath::Hops(hops) = path else { return false };
    let [Hop::Up { child, field }] = hops.as_slice() else { return false };
    let Some(field) = schema.field(*child, field) else { return false };
    let locks = locks_on(schema, field, op).into_iter().flatten();
    locks.map(|lock| lock.confidence).max().is_some_and(|sure| sure > Confidence::Low)
}
