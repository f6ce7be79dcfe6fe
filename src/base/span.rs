//! Where something stands, and the evidence that leads there.

use std::sync::Arc;

/// A file of `Sources`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct FileId(pub(crate) u32);

/// A range of bytes in one file. Lines and columns exist only in output.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Span {
    pub(crate) file: FileId,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Span {
    /// The very beginning of a file: the place of what concerns the file as a whole.
    pub(crate) fn start_of(file: FileId) -> Span {
        Span { file, start: 0, end: 0 }
    }

    /// Whether another span lies in this one, or is the same.
    pub(crate) fn contains(self, inner: Span) -> bool {
        inner.file == self.file && self.start <= inner.start && inner.end <= self.end
    }
}

/// One piece of evidence: a place, and what it shows.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Step {
    pub(crate) span: Span,
    pub(crate) note: String,
}

impl Step {
    pub(crate) fn new(span: Span, note: impl Into<String>) -> Step {
        Step { span, note: note.into() }
    }
}

/// Evidence in reading order, from the save to the place that locks. Never empty.
///
/// A caller's chain is its call step before the callee's chain, so chains share their tails.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Chain(Arc<Link>);

#[derive(PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Link {
    step: Step,
    rest: Option<Chain>,
}

impl Chain {
    pub(crate) fn of(step: Step) -> Chain {
        Chain(Arc::new(Link { step, rest: None }))
    }

    /// The steps in this order; nothing if there are none.
    pub(crate) fn of_steps(steps: Vec<Step>) -> Option<Chain> {
        steps.into_iter().rev().fold(None, |chain: Option<Chain>, step| {
            Some(match chain {
                Some(chain) => chain.after(step),
                None => Chain::of(step),
            })
        })
    }

    /// This chain with `step` before it.
    pub(crate) fn after(&self, step: Step) -> Chain {
        Chain(Arc::new(Link { step, rest: Some(self.clone()) }))
    }

    /// This chain, then `tail`.
    pub(crate) fn then(&self, tail: &Chain) -> Chain {
        let steps: Vec<&Step> = self.steps().collect();
        steps.into_iter().rev().fold(tail.clone(), |chain, step| chain.after(step.clone()))
    }

    pub(crate) fn steps(&self) -> impl Iterator<Item = &Step> {
        std::iter::successors(Some(self), |chain| chain.0.rest.as_ref()).map(|chain| &chain.0.step)
    }

    pub(crate) fn first(&self) -> &Step {
        &self.0.step
    }

    /// The step at the end: the place that one would edit.
    pub(crate) fn last(&self) -> &Step {
        self.steps().last().expect("a chain is never empty")
    }

    pub(crate) fn len(&self) -> usize {
        self.steps().count()
    }
}
