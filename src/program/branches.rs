//! The branches that lead to something in a flow, which runs for each saved row by itself.

use crate::base::{Name, Span};
use std::collections::BTreeSet;

/// One thing that is so wherever control comes to a place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Taken {
    /// One way of a decision, by its number; of a subflow, in one of its runs, by the elements that call it.
    Outcome { decision: Span, calls: Vec<Span>, index: usize },
    /// A field of the saved row has a constant value.
    Value { field: Name, constant: String },
}

/// What is so on every way to a place. Of triggers nothing is: they run for all saved rows at once.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Branches(BTreeSet<Taken>);

impl Branches {
    /// Whether one and the same row never comes to both.
    pub(crate) fn exclude(&self, other: &Branches) -> bool {
        let contradicts = |a: &Taken, b: &Taken| match (a, b) {
            (
                Taken::Outcome { decision, calls, index },
                Taken::Outcome { decision: same, calls: run, index: other },
            ) => (decision, calls) == (same, run) && index != other,
            (Taken::Value { field, constant }, Taken::Value { field: same, constant: other }) => {
                field == same && constant != other
            }
            _ => false,
        };
        self.0.iter().any(|a| other.0.iter().any(|b| contradicts(a, b)))
    }

    /// What is so in the run of a subflow that an element calls.
    pub(crate) fn called_by(&self, element: Span) -> impl Iterator<Item = Taken> {
        self.0.iter().filter_map(move |taken| match taken {
            Taken::Outcome { decision, calls, index } if calls.len() < MOST_CALLS => {
                let calls = calls.iter().copied().chain([element]).collect();
                Some(Taken::Outcome { decision: *decision, calls, index: *index })
            }
            _ => None,
        })
    }

    /// What is so on both of two ways.
    pub(crate) fn common(&self, other: &Branches) -> Branches {
        Branches(self.0.intersection(&other.0).cloned().collect())
    }

    /// Whether every way to a place comes through these, too.
    pub(crate) fn include(&self, other: &Branches) -> bool {
        self.0.is_subset(&other.0)
    }
}

/// More are not kept: what is further away than so many decisions excludes nothing.
const MOST: usize = 64;

/// Decisions of subflows that are called from further away exclude nothing either.
const MOST_CALLS: usize = 4;

impl Extend<Taken> for Branches {
    fn extend<T: IntoIterator<Item = Taken>>(&mut self, taken: T) {
        let free = MOST.saturating_sub(self.0.len());
        self.0.extend(taken.into_iter().take(free));
    }
}

impl FromIterator<Taken> for Branches {
    fn from_iter<T: IntoIterator<Item = Taken>>(taken: T) -> Branches {
        Branches(taken.into_iter().collect())
    }
}
