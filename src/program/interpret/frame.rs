//! One piece of code being interpreted: its variables, where control stands, and what it has done so far.

use super::failure::{Tried, Try};
use super::value::{NameKey, PathKey, Value};
use super::world::{ContextId, Note, RawEffect, Trail, World};
use crate::apex::ir::Body;
use crate::base::Span;
use crate::program::effect::{EffectKind, Repeat};
use crate::program::mask::Reach;
use crate::program::records::RecordId;
use crate::program::{Code, CodeId};
use crate::schema::ObjectId;
use rustc_hash::FxHashMap;
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
    /// The `try` blocks around, outermost first.
    pub(super) tries: Vec<Try>,
    /// What was tried before control came to the `catch` blocks around.
    pub(super) tried: Vec<Tried<'p>>,
    pub(super) returns: Value,
    pub(super) effects: Vec<RawEffect>,
    /// Where in `effects` what a statement does to some rows stands.
    pub(super) places: FxHashMap<Place, usize>,
    /// The effects of callees that are taken over already, by their identity (which they keep while they are here) and what
    /// stood around the call.
    pub(super) taken_over: FxHashMap<Taken, Rc<[RawEffect]>>,
}

/// The identity of a callee's effects; reach, loop, `once` and `guessing` of the call, and how many `try` blocks
/// are around it.
type Taken = (*const (), Reach, Repeat, bool, bool, usize);

type Place = (Span, EffectKind, Option<ObjectId>, PathKey);

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

    /// Adds an effect of this code, as it is here: within the branches and loops around.
    pub(super) fn push_effect(&mut self, effect: RawEffect) {
        let site = effect.site;
        self.take_over(&effect, site, |effect| effect.trail.clone());
    }

    /// Takes over what a callee does. The same, from the same branch, needs no second time.
    pub(super) fn take_over_all(&mut self, callee: CodeId, effects: &Rc<[RawEffect]>, span: Span) {
        if self.is_taken_over(effects) {
            return;
        }
        for effect in effects.iter() {
            self.take_over(effect, span, |effect| {
                let next = Some(effect.trail.clone());
                Rc::new(Trail { span, note: Note::Calls(callee), next })
            });
        }
    }

    fn is_taken_over(&mut self, effects: &Rc<[RawEffect]>) -> bool {
        let same = (
            Rc::as_ptr(effects).cast(),
            self.reach,
            self.repeat(),
            self.once,
            self.guessing,
            self.tries.len(),
        );
        effects.is_empty() || self.taken_over.insert(same, effects.clone()).is_some()
    }

    fn take_over(
        &mut self,
        effect: &RawEffect,
        site: Span,
        trail: impl Fn(&RawEffect) -> Rc<Trail>,
    ) {
        let reach = effect.reach.and(self.reach);
        if reach.is_never() {
            return;
        }
        let single = effect.single || self.once;
        let certain = effect.certain && !self.guessing;
        let failure = self.failure(effect, site);
        let repeat = if single { effect.repeat } else { effect.repeat.max(self.repeat()) };
        let in_loops =
            |frame: &Self| if single { trail(effect) } else { frame.in_loops(trail(effect)) };
        let place = (effect.site, effect.kind, effect.object, effect.path);
        if let Some(&at) = self.places.get(&place) {
            if self.effects[at].repeat < repeat {
                self.effects[at].trail = in_loops(self);
                self.effects[at].repeat = repeat;
            }
            let known = &mut self.effects[at];
            known.reach = known.reach.or(reach);
            known.single &= single;
            known.certain |= certain;
            known.is_whole &= effect.is_whole;
            known.failure = known.failure.max(failure);
        } else if self.effects.len() < MAX_EFFECTS {
            let trail = in_loops(self);
            self.places.insert(place, self.effects.len());
            self.effects.push(RawEffect {
                reach,
                repeat,
                single,
                certain,
                failure,
                trail,
                ..effect.clone()
            });
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
