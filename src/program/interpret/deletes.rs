//! What guards a delete: queries of the rows that refer to the saved rows, and `addError` (section on guards of the facts sheet).

use super::frame::Frame;
use super::query::Found;
use super::value::{Atom, Value, What};
use super::world::World;
use crate::apex::ir::{Query, Selected};
use crate::base::Span;
use crate::program::effect::{EffectKind, Sight};
use crate::program::mask::{Mask, Reach};
use crate::program::row::{Hop, RowPath};
use crate::schema::ObjectId;

impl<'p> World<'p> {
    /// `row.addError(…)` on a row that is to be deleted.
    pub(super) fn refuse(&mut self, frame: &mut Frame<'p>, rows: Value, site: Span) {
        let is_doomed = |atom: &Atom| match atom.what {
            What::Row { path, .. } => {
                self.paths.get(path).is_saved() && self.may_delete(frame.reach.and(atom.reach))
            }
            _ => false,
        };
        if let Some(saved) = self.saved
            && self.values.atoms(rows).iter().any(is_doomed)
        {
            let rows = Some((saved.object, RowPath::saved()));
            self.note(frame, EffectKind::Refusal, rows, site);
        }
    }

    /// A query of rows that point to rows which are to be deleted.
    pub(super) fn note_references(
        &mut self,
        frame: &mut Frame<'p>,
        object: ObjectId,
        found: &[Found],
        query: &Query,
    ) {
        if !self.may_delete(frame.reach) {
            return;
        }
        let class = frame.code.class.map(|class| &self.linked.symbols.classes[class]);
        let sight = match query.user_mode {
            Some(true) => Sight::UserMode,
            Some(false) => Sight::All,
            None if class.is_some_and(|class| class.sharing) => Sight::Shared,
            None => Sight::All,
        };
        let mut rows: Vec<(ObjectId, RowPath)> =
            found.iter().map(|found| (object, found.path.clone())).collect();
        rows.extend(found.iter().flat_map(|found| self.selected_children(object, found, query)));
        for (child, path) in rows.into_iter().filter(|(_, path)| path.is_children()) {
            let kind = EffectKind::ReferenceQuery(sight);
            self.note(frame, kind, Some((child, path)), query.span);
        }
    }

    /// `(SELECT Id FROM Bookings__r)`
    fn selected_children(
        &self,
        object: ObjectId,
        found: &Found,
        query: &Query,
    ) -> Vec<(ObjectId, RowPath)> {
        let inner = query.select.iter().filter_map(|selected| match selected {
            Selected::Subquery(inner) => inner.from.first(),
            _ => None,
        });
        let fields = inner.filter_map(|from| self.schema.child_field(object, &from.object.name));
        let fields = fields.map(|field| &self.schema.fields[field]);
        fields
            .map(|field| {
                let hop = Hop::Down { child: field.object, field: field.name.clone() };
                (field.object, found.path.hop(hop))
            })
            .collect()
    }

    /// Whether control may be here before rows are deleted.
    fn may_delete(&self, reach: Reach) -> bool {
        let before_delete = Mask::BEFORE.and(Mask::DELETE);
        let events = self.saved.map_or(Mask::NONE, |saved| saved.events);
        !self.in_job && reach.mask.and(events).meets(before_delete)
    }
}
