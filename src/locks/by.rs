//! By which automation of a save something happens.

use crate::base::Span;
use crate::program::{Automation, Branches, Effect, Source};

/// The automation of the first save that leads to a lock.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct By {
    /// The trigger's header, or what stands for it.
    header: Span,
    source: Source,
    branches: Branches,
}

impl By {
    pub(super) fn of(automation: &Automation, effect: &Effect) -> By {
        By {
            header: Automation::header(effect),
            source: automation.source,
            branches: effect.branches.clone(),
        }
    }

    /// Whether it is one of those that run once more after workflow has set fields.
    pub(super) fn is_trigger(&self) -> bool {
        matches!(self.source, Source::Trigger | Source::RollUpTool)
    }

    /// Whether it is known which of two happens first, and one row may come to both.
    pub(super) fn is_ordered(&self, other: &By) -> bool {
        let in_order = self.header == other.header || self.source.is_ordered(other.source);
        in_order && !self.branches.exclude(&other.branches)
    }
}
