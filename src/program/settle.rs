//! What is known of the saved rows, whatever the automation.

use super::Automation;
use super::mask::Mask;
use super::row::{Hop, RowPath};
use crate::schema::Schema;

/// Takes out what cannot be, and what is held already.
pub(super) fn settle(automation: &mut Automation, schema: &Schema) {
    hold_converted(automation, schema);
    leave_out_children_of_new_rows(automation);
}

/// Takes the rows that a lead is converted to for rows of its own save: the conversion makes or updates them, and sets the
/// fields that name them (AP-04). Jobs run later, when it holds them no more.
fn hold_converted(automation: &mut Automation, schema: &Schema) {
    let is_held = |row: &RowPath| match row {
        RowPath::Hops(hops) => match hops.as_slice() {
            [Hop::Up { child, field }] => schema.is_converted_to(*child, field),
            _ => false,
        },
        _ => false,
    };
    for effect in &mut automation.effects {
        let parents = effect.parents.iter_mut().map(|(_, row)| row);
        for row in parents.chain([&mut effect.row]).filter(|row| is_held(row)) {
            *row = RowPath::New;
        }
    }
}

/// A row that has just been inserted has no children yet but those that its own save has made, which nobody else can hold.
fn leave_out_children_of_new_rows(automation: &mut Automation) {
    let starts_below = |row: &RowPath| matches!(row, RowPath::Hops(hops) if matches!(hops.first(), Some(Hop::Down { .. })));
    for effect in automation.effects.iter_mut().filter(|effect| starts_below(&effect.row)) {
        effect.reach = effect.reach.without(Mask::INSERT);
    }
    automation.effects.retain(|effect| !effect.reach.is_never());
}
