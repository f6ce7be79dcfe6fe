//! What an interpretation was made from, so that it is made again only when something of that has changed.

use super::value::Value;
use super::world::{Cell, ContextId, RawEffect, World};
use rustc_hash::FxHashSet;
use std::rc::Rc;

/// The places that an interpretation has read, and the interpretations that it has called, with what each gave.
#[derive(Clone, Default)]
pub(super) struct Sources {
    reads: Vec<(Cell, Option<Value>)>,
    read: FxHashSet<Cell>,
    calls: Vec<(ContextId, Value, Rc<[RawEffect]>)>,
}

impl Sources {
    /// What a place held when it was first read: if it has changed since, what came of it is stale.
    pub(super) fn note_read(&mut self, cell: Cell, value: Option<Value>) {
        if self.read.insert(cell) {
            self.reads.push((cell, value));
        }
    }

    pub(super) fn callees(&self) -> impl Iterator<Item = ContextId> {
        self.calls.iter().map(|(callee, ..)| *callee)
    }

    pub(super) fn note_call(
        &mut self,
        context: ContextId,
        returns: Value,
        effects: &Rc<[RawEffect]>,
    ) {
        self.calls.push((context, returns, effects.clone()));
    }
}

impl World<'_> {
    /// Whether what was interpreted in an earlier round would come out the same, and so needs no second time.
    /// Of code that calls itself it is taken for granted: if that was wrong, something has changed, and there is another round.
    pub(super) fn is_current(&mut self, context: ContextId) -> bool {
        let known = self.contexts[context].round;
        if known == self.round {
            return true;
        }
        if known == 0 {
            return false;
        }
        self.contexts[context].round = self.round;
        let sources = self.contexts[context].sources.clone();
        let is_same = sources.reads.iter().all(|(cell, value)| self.held(*cell) == *value)
            && sources.calls.iter().all(|(callee, returns, effects)| {
                let same = self.is_current(*callee);
                let callee = &self.contexts[*callee];
                same && callee.returns == *returns && Rc::ptr_eq(&callee.effects, effects)
            });
        if !is_same {
            self.contexts[context].round = known;
        }
        is_same
    }
}
