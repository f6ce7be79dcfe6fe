//! One piece of code being interpreted: its variables, where control stands, and what it has done so far.

use super::value::{NameKey, Value};
use super::world::{ContextId, Note, RawEffect, Trail, World};
use crate::apex::ir::Body;
use crate::base::Span;
use crate::program::effect::Repeat;
use crate::program::mask::Reach;
use crate::program::records::RecordId;
use crate::program::{Code, CodeId};
use std::rc::Rc;

pub(super) struct Frame<'p> {
    pub(super) id: CodeId,
    pub(super) code: &'p Code,
    pub(super) body: &'p Body,
    pub(super) context: ContextId,
    pub(super) this: Value,
    /// Innermost last.
    pub(super) locals: Vec<(NameKey, Value)>,
    /// When control gets here.
    pub(super) reach: Reach,
    /// Within a call that may mean one of several classes.
    pub(super) guessing: bool,
    /// Within the branch that computes a value which is then kept: the loops around do not repeat it.
    pub(super) once: bool,
    /// What a branch's condition says of variables, which hides what they hold elsewhere; innermost last.
    pub(super) narrowed: Vec<(NameKey, Value)>,
    /// The registration that a loop has come to.
    pub(super) record: Option<RecordId>,
    /// The loops around, outermost first.
    pub(super) loops: Vec<(Span, Repeat)>,
    pub(super) returns: Value,
    pub(super) effects: Vec<RawEffect>,
}

/// More effects of one piece of code than this are a data loader, not automation.
const MAX_EFFECTS: usize = 400;

impl<'p> Frame<'p> {
    pub(super) fn local(&self, name: NameKey) -> Option<usize> {
        self.locals.iter().rposition(|(known, _)| *known == name)
    }

    pub(super) fn repeat(&self) -> Repeat {
        let flush = self.loops.iter().rposition(|(_, repeat)| *repeat == Repeat::PerChunk);
        // Within a chunk, only the loops inside count.
        let inner = self.loops.get(flush.unwrap_or(0)..).unwrap_or_default();
        inner.iter().map(|(_, repeat)| *repeat).max().unwrap_or(Repeat::Once)
    }

    /// Adds an effect of this code or of a callee, as it is here: within the branches and loops around.
    pub(super) fn push_effect(&mut self, effect: RawEffect) {
        let reach = effect.reach.and(self.reach);
        if reach.is_never() {
            return;
        }
        let single = effect.single || self.once;
        let certain = effect.certain && !self.guessing;
        let repeat = if single { effect.repeat } else { effect.repeat.max(self.repeat()) };
        let same = |known: &&mut RawEffect| {
            known.site == effect.site
                && known.kind == effect.kind
                && known.object == effect.object
                && known.path == effect.path
        };
        let trail = if single { effect.trail } else { self.in_loops(effect.trail) };
        if let Some(known) = self.effects.iter_mut().find(same) {
            known.reach = known.reach.or(reach);
            if known.repeat < repeat {
                known.repeat = repeat;
                known.trail = trail;
            }
            known.single &= single;
            known.certain |= certain;
            return;
        }
        if self.effects.len() < MAX_EFFECTS {
            self.effects.push(RawEffect { reach, repeat, single, certain, trail, ..effect });
        }
    }

    /// The steps with the innermost loop around before them.
    fn in_loops(&self, trail: Rc<Trail>) -> Rc<Trail> {
        match self.loops.iter().rev().find(|(_, repeat)| *repeat == Repeat::PerRow) {
            Some((span, _)) => Rc::new(Trail { span: *span, note: Note::Loop, next: Some(trail) }),
            None => trail,
        }
    }
}

impl<'p> World<'p> {
    /// Where two branches meet: every variable may be what it is in either.
    pub(super) fn join_locals(
        &mut self,
        into: &mut [(NameKey, Value)],
        other: &[(NameKey, Value)],
    ) {
        for ((_, value), (_, other)) in into.iter_mut().zip(other) {
            *value = self.values.join(*value, *other);
        }
    }
}
