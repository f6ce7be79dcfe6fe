//! Interprets Apex over a small domain of values, to find what each trigger does to which rows.
//!
//! The steps of a trigger are followed into every method that they reach, with what is known of receivers and arguments.
//! There is no enumeration of paths: where branches meet, values are joined, and each method is interpreted once for
//! a receiver and arguments. What is found is everything that may happen, and when.

mod call;
mod dml;
mod expr;
mod frame;
mod framework;
mod guard;
mod intern;
mod platform;
mod query;
mod recall;
mod record;
mod stmt;
mod test;
mod text;
mod value;
mod world;

use super::effect::{Effect, Repeat};
use super::link::Linked;
use super::mask::Reach;
use super::unknown::unknown_rows;
use super::{Automation, CodeId, Program, Trigger, Unknown};
use crate::apex::ir::{Body, StmtKind};
use crate::base::{Chain, Step};
use crate::schema::Schema;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;
use world::{Note, RawEffect, SavedRows, Trail, World};

/// A world that still changes after so many rounds stays as it is: values only grow, and real code settles in four.
const MAX_ROUNDS: u32 = 12;

/// Follows every trigger, then the code that no trigger reaches.
pub(super) fn run(linked: Linked, schema: &Schema) -> Program {
    let followed: Vec<Followed> =
        linked.triggers.par_iter().map(|trigger| follow(&linked, schema, trigger)).collect();
    let mut unknowns = BTreeSet::new();
    let mut reached: FxHashSet<CodeId> = FxHashSet::default();
    let mut automations = Vec::new();
    for one in followed {
        unknowns.extend(one.unknowns);
        reached.extend(one.reached);
        automations.push(one.automation);
    }
    let stray_loops = stray_loops(&linked, schema, &reached);
    let unknowns = unknowns.into_iter().collect();
    Program { automations, stray_loops, unknowns }
}

struct Followed {
    automation: Automation,
    unknowns: BTreeSet<Unknown>,
    reached: Vec<CodeId>,
}

fn follow(linked: &Linked, schema: &Schema, trigger: &Trigger) -> Followed {
    let mut world = World::new(linked, schema, Some(SavedRows { object: trigger.object }));
    let effects = world.settle(trigger.code);
    let header = Step::new(
        trigger.header,
        format!("`{}` runs when a `{}` is saved", trigger.name, schema.name(trigger.object)),
    );
    let effects: Vec<Effect> = effects
        .iter()
        .map(|raw| world.effect(raw))
        .filter_map(|effect| {
            let reach = effect.reach.and(Reach::under(trigger.events));
            let chain = effect.chain.after(header.clone());
            (!reach.is_never()).then_some(Effect { reach, chain, ..effect })
        })
        .collect();
    let reached = world.reached();
    let mut unknowns = world.unknowns;
    unknowns.extend(effects.iter().filter_map(unknown_rows));
    let automation = Automation { object: trigger.object, effects };
    Followed { automation, unknowns, reached }
}

/// DML in loops of code that no trigger reaches: reported where it stands, once a statement.
fn stray_loops(linked: &Linked, schema: &Schema, reached: &FxHashSet<CodeId>) -> Vec<Effect> {
    let mut world = World::new(linked, schema, None);
    world.round = 1;
    let mut found = Vec::new();
    for (id, code) in linked.code.iter() {
        // A loop is reported from the code that holds it, also where what it calls does the DML.
        if code.is_test || reached.contains(&id) || !code.body.as_ref().is_some_and(has_loop) {
            continue;
        }
        for raw in world.effects_of_any(id) {
            if raw.repeat == Repeat::PerRow && raw.reach != Reach::NEVER {
                let start = Step::new(code.span, format!("`{}`", code.name));
                let effect = world.effect(&raw);
                let chain = effect.chain.after(start);
                found.push(Effect { chain, ..effect });
            }
        }
    }
    found.sort_by(|a, b| {
        a.site
            .cmp(&b.site)
            .then_with(|| a.chain.len().cmp(&b.chain.len()))
            .then_with(|| a.chain.cmp(&b.chain))
    });
    found.dedup_by(|again, first| again.site == first.site);
    found
}

fn has_loop(body: &Body) -> bool {
    body.stmts.iter().any(|(_, stmt)| {
        matches!(
            stmt.kind,
            StmtKind::For { .. } | StmtKind::ForEach { .. } | StmtKind::While { .. }
        )
    })
}

impl World<'_> {
    /// Interprets code again and again, until a round changes nothing.
    fn settle(&mut self, code: CodeId) -> Vec<RawEffect> {
        let mut effects = Vec::new();
        for round in 1..=MAX_ROUNDS {
            self.round = round;
            self.changed = false;
            self.started.clear();
            effects = self.effects_of_any(code);
            if !self.changed {
                break;
            }
        }
        effects
    }

    /// The effect with its path spelled out and its chain in words.
    fn effect(&self, raw: &RawEffect) -> Effect {
        let row = self.paths.get(raw.path).clone();
        let parents = raw
            .parents
            .iter()
            .map(|(name, path)| (self.names.get(*name).clone(), self.paths.get(*path).clone()))
            .collect();
        Effect {
            kind: raw.kind,
            object: raw.object,
            chain: self.chain(&raw.trail, raw),
            row,
            reach: raw.reach,
            repeat: raw.repeat,
            parents,
            site: raw.site,
            certain: raw.certain,
            code: self.linked.code[raw.code].name.clone(),
        }
    }

    fn chain(&self, trail: &Trail, raw: &RawEffect) -> Chain {
        let note = match trail.note {
            Note::Calls(code) => format!("calls `{}`", self.linked.code[code].name),
            Note::Loop => "once for each turn of this loop".to_owned(),
            Note::Origin => "takes the id here".to_owned(),
            Note::Statement => self.statement(raw),
        };
        let step = Step::new(trail.span, note);
        match &trail.next {
            Some(next) => self.chain(next, raw).after(step),
            None => Chain::of(step),
        }
    }

    fn statement(&self, raw: &RawEffect) -> String {
        let verb = match raw.kind {
            super::EffectKind::Dml(op) => op.word(),
            super::EffectKind::LockingQuery => "lock",
        };
        match raw.object {
            Some(object) => format!("{verb}s `{}`", self.schema.name(object)),
            None => format!("{verb}s rows of an unknown object"),
        }
    }
}
