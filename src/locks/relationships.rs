//! What a save locks by the schema alone: section 1.4 of the facts sheet, and section 7 for standard relationships.

use super::{Cause, Caused, Direct, Lock, SaveEvent};
use crate::base::{Chain, Confidence, Step};
use crate::metadata::DeleteConstraint;
use crate::program::{DmlOp, Fields, Hop, RowPath, Switches};
use crate::schema::{Field, FieldId, FieldKind, Locks, ObjectId, Schema};

/// The parents that a save locks through its relationship fields.
pub(crate) fn locks_of_save(schema: &Schema, event: SaveEvent) -> Vec<Lock> {
    let object = &schema.objects[event.object];
    object.fields.iter().filter_map(|&field| locks_on(schema, field, event.op)).flatten().collect()
}

/// The locks that an operation takes on the targets of one field; nothing where the field takes none.
pub(crate) fn locks_on(schema: &Schema, id: FieldId, op: DmlOp) -> Option<Vec<Lock>> {
    let field = &schema.fields[id];
    let (cause, confidence, facts) = match &field.kind {
        FieldKind::MasterDetail { .. } => {
            (Cause::MasterDetail(id), master_detail(op), vec!["CS-08", "DR-01"])
        }
        FieldKind::Lookup { .. } => match constraint(schema, id) {
            DeleteConstraint::SetNull => return None,
            DeleteConstraint::Restrict => {
                (Cause::RestrictingLookup(id), constrained(op), vec!["CS-09", "DC-05"])
            }
            DeleteConstraint::Cascade => {
                (Cause::CascadingLookup(id), constrained(op), vec!["CS-09", "DC-05", "DC-09"])
            }
        },
        FieldKind::Standard { edge, .. } => {
            let locks = match op {
                DmlOp::Insert => edge.insert,
                DmlOp::Update => edge.update,
                DmlOp::Delete | DmlOp::Undelete => edge.delete,
            };
            let confidence = match locks {
                Locks::Yes => edge.confidence,
                Locks::Possibly => Confidence::Low,
                Locks::No => return None,
            };
            (Cause::Standard(id), confidence, edge.facts.to_vec())
        }
        FieldKind::RollUp(_) | FieldKind::Formula | FieldKind::Other => return None,
    };
    let row = RowPath::saved().hop(up(field));
    let chain = declaration(schema, field);
    let lock = |&target: &ObjectId| Lock {
        object: Some(target),
        row: row.clone(),
        cause,
        confidence,
        facts: facts.clone(),
        needs: Fields::ANY,
        switches: Switches::default(),
        by: None,
        chain: chain.clone(),
    };
    Some(schema.targets(id).iter().map(lock).collect())
}

/// CS-08 lists insert, delete and re-parenting; that any update locks is said by DR-01 alone (1.5 B).
fn master_detail(op: DmlOp) -> Confidence {
    match op {
        DmlOp::Insert | DmlOp::Delete => Confidence::High,
        DmlOp::Update | DmlOp::Undelete => Confidence::Medium,
    }
}

/// The operations of CS-09 are lost: insert and a new target are certain, the others possible (1.5 E).
fn constrained(op: DmlOp) -> Confidence {
    match op {
        DmlOp::Insert => Confidence::High,
        DmlOp::Undelete => Confidence::Medium,
        DmlOp::Update | DmlOp::Delete => Confidence::Low,
    }
}

/// What a lookup does when its target is deleted. Absent is `SetNull` (DC-02), but a required lookup cannot be cleared (DC-07);
/// a self-lookup always clears (DC-06).
pub(crate) fn constraint(schema: &Schema, id: FieldId) -> DeleteConstraint {
    let field = &schema.fields[id];
    let FieldKind::Lookup { to, constraint } = &field.kind else {
        return DeleteConstraint::SetNull;
    };
    if to.contains(&field.object) {
        return DeleteConstraint::SetNull;
    }
    match constraint {
        Some((written, _)) => *written,
        None if field.required => DeleteConstraint::Restrict,
        None => DeleteConstraint::SetNull,
    }
}

/// A roll-up writes the master after everything else, as an update with all automation of its own (AU-01, RU-04, RU-05).
pub(super) fn add_roll_ups(schema: &Schema, event: SaveEvent, direct: &mut Direct) {
    for &id in &schema.objects[event.object].fields {
        let field = &schema.fields[id];
        let Some((_, roll_up)) = schema.roll_ups_over(id).next() else { continue };
        let row = RowPath::saved().hop(up(field));
        let place = roll_up.via.map(|(_, span)| span);
        for &master in schema.targets(id) {
            let detail = schema.name(event.object);
            let note = format!(
                "a roll-up of `{}` over `{detail}`: the platform updates the master",
                schema.name(master)
            );
            let chain = place.map(|span| Chain::of(Step::new(span, note)));
            let lock = Lock {
                object: Some(master),
                row: row.clone(),
                cause: Cause::RollUp(id),
                confidence: Confidence::High,
                facts: vec!["CS-07", "AU-01"],
                needs: Fields::ANY,
                switches: Switches::default(),
                by: None,
                chain: chain.clone(),
            };
            direct.locks.push(lock);
            let event = SaveEvent { object: master, op: DmlOp::Update };
            let (row, confidence) = (row.clone(), Confidence::High);
            let (parents, after) = (Vec::new(), direct.locks.len());
            // It changes roll-ups, which nobody sets.
            let (needs, sets, is_again, by) = (Fields::ANY, Fields::NONE, false, None);
            let switches = Switches::default();
            let caused = Caused {
                event,
                row,
                parents,
                after,
                confidence,
                needs,
                sets,
                is_again,
                switches,
                by,
                chain,
            };
            direct.causes.push(caused);
        }
    }
}

fn up(field: &Field) -> Hop {
    Hop::Up { child: field.object, field: field.name.clone() }
}

/// The field's declaration, as evidence.
fn declaration(schema: &Schema, field: &Field) -> Option<Chain> {
    let place = field.place?;
    let note = format!("`{}.{}` is declared here", schema.name(field.object), field.name);
    Some(Chain::of(Step::new(place.kind, note)))
}
