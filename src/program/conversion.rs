//! What the conversion of a lead holds.

use super::Automation;
use super::row::{Hop, RowPath};
use crate::schema::Schema;

/// Takes the rows that a lead is converted to for rows of its own save: the conversion makes or updates them, and sets the
/// fields that name them (AP-04). Jobs run later, when it holds them no more.
pub(super) fn settle(automation: &mut Automation, schema: &Schema) {
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
