//! Code that no trigger reaches: controllers, services, jobs that people or the clock start.

use super::locking::in_batch_start;
use super::world::{Cron, RawEffect, World};
use crate::apex::ir::{Body, StmtKind};
use crate::base::{Span, Step};
use crate::program::effect::{Effect, EffectKind, JobKind, Repeat};
use crate::program::link::Linked;
use crate::program::mask::{Fields, Reach};
use crate::program::{CodeId, Routine};
use crate::schema::Schema;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

#[derive(Default)]
pub(super) struct Stray {
    /// What is called by none of the rest, in the order of files.
    pub(super) routines: Vec<Routine>,
    /// DML in loops, once a statement, from the code that holds the loop.
    pub(super) loops: Vec<Effect>,
    /// What the jobs do that the routines start.
    pub(super) jobs: Vec<Effect>,
    pub(super) crons: BTreeSet<Cron>,
}

/// So many parts of the code are followed side by side, each in a world of its own. The number does not depend on the
/// machine, since what a world finds may depend on what else is in it.
const PARTS: usize = 8;

pub(super) fn all(linked: &Linked, schema: &Schema, reached: &FxHashSet<CodeId>) -> Stray {
    let stray: Vec<CodeId> = linked
        .code
        .iter()
        .filter(|(id, code)| !code.is_test && code.body.is_some() && !reached.contains(id))
        .map(|(id, _)| id)
        .collect();
    let size = stray.len().div_ceil(PARTS).max(1);
    let parts: Vec<Part> =
        stray.par_chunks(size).map(|code| Part::follow(linked, schema, code)).collect();
    let called: FxHashSet<CodeId> = parts.iter().flat_map(|part| &part.called).copied().collect();
    let mut stray = Stray::default();
    for part in parts {
        let heads = part.routines.into_iter().filter(|(id, _)| !called.contains(id));
        stray.routines.extend(heads.map(|(_, routine)| routine));
        stray.loops.extend(part.loops);
        stray.jobs.extend(part.jobs);
        stray.crons.extend(part.crons);
    }
    keep_nearest(&mut stray.loops);
    let once = once(&stray.routines);
    stray.loops.retain(|effect| !once.contains(&effect.site));
    stray
}

/// The statements that every way from a head to them runs once, whatever their own code knows of the rows it is handed.
fn once(routines: &[Routine]) -> BTreeSet<Span> {
    let effects = || routines.iter().flat_map(|routine| &routine.effects);
    let repeated: BTreeSet<Span> = effects()
        .filter(|effect| effect.repeat != Repeat::Once)
        .map(|effect| effect.site)
        .collect();
    effects().map(|effect| effect.site).filter(|site| !repeated.contains(site)).collect()
}

/// Some of the code, by itself.
struct Part {
    routines: Vec<(CodeId, Routine)>,
    loops: Vec<Effect>,
    jobs: Vec<Effect>,
    crons: BTreeSet<Cron>,
    called: FxHashSet<CodeId>,
}

impl Part {
    fn follow(linked: &Linked, schema: &Schema, code: &[CodeId]) -> Part {
        let mut world = World::new(linked, schema, None);
        world.in_job = true;
        let effects: Vec<(CodeId, Vec<RawEffect>)> = world.settle(|world| {
            code.iter().map(|&id| (id, world.effects_of_stray(id))).collect::<Vec<_>>()
        });
        let called = world.called();
        let routines: Vec<(CodeId, Routine)> = effects
            .iter()
            .filter(|(id, effects)| !called.contains(id) && !effects.is_empty())
            .map(|(id, effects)| (*id, world.routine(*id, effects)))
            .collect();
        let loops = loops(&world, &effects);
        let jobs = world.jobs_of(routines.iter().flat_map(|(_, routine)| &routine.effects));
        Part { routines, loops, jobs, crons: world.crons, called }
    }
}

fn loops(world: &World<'_>, all: &[(CodeId, Vec<RawEffect>)]) -> Vec<Effect> {
    let mut found = Vec::new();
    for (id, effects) in all {
        // A loop is reported from the code that holds it, also where what it calls does the DML.
        if !world.linked.code[*id].body.as_ref().is_some_and(has_loop) {
            continue;
        }
        let is_dml = |raw: &&RawEffect| matches!(raw.kind, EffectKind::Dml(_));
        let repeats = |raw: &&RawEffect| raw.repeat == Repeat::PerRow && raw.reach != Reach::NEVER;
        found.extend(effects.iter().filter(is_dml).filter(repeats).map(|raw| world.from(*id, raw)));
    }
    keep_nearest(&mut found);
    found
}

/// Of the ways to a statement, the shortest.
fn keep_nearest(effects: &mut Vec<Effect>) {
    effects.sort_by(|a, b| {
        a.site
            .cmp(&b.site)
            .then_with(|| a.chain.len().cmp(&b.chain.len()))
            .then_with(|| a.chain.cmp(&b.chain))
    });
    effects.dedup_by(|again, first| again.site == first.site);
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
    fn effects_of_stray(&mut self, id: CodeId) -> Vec<RawEffect> {
        let mut effects = self.effects_of_any(id);
        if self.starts_batch(&self.linked.code[id]) {
            in_batch_start(&mut effects);
        }
        effects
    }

    fn routine(&self, id: CodeId, effects: &[RawEffect]) -> Routine {
        let code = &self.linked.code[id];
        let class = code.class.map(|class| &self.linked.symbols.classes[class]);
        let is_job = code.name.to_ascii_lowercase().ends_with(".execute");
        // Of a class that is both, the step of a batch is told by the rows that it takes.
        let is_kind = |kind: &&JobKind| (**kind == JobKind::Batch) == (code.params.len() == 2);
        let kind = class.and_then(|class| class.jobs.iter().find(is_kind).copied());
        let by_class = kind.filter(|_| is_job);
        let job = if code.is_future { Some(JobKind::Future) } else { by_class };
        let page = class.filter(|_| code.is_remote).map(|class| class.name.clone());
        Routine {
            name: code.name.clone(),
            page,
            job,
            effects: effects
                .iter()
                .map(|raw| self.from(id, raw))
                .map(|effect| Effect { sets: self.set_in_job(&effect, job), ..effect })
                .collect(),
        }
    }

    /// The fields that a routine sets. A page sets others on the rows that it shows; the rows of a batch are those of its query.
    fn set_in_job(&self, effect: &Effect, job: Option<JobKind>) -> Fields {
        match (job, effect.object) {
            (None, _) => Fields::ANY,
            (Some(JobKind::Batch), Some(object)) => self.set_on(object),
            (Some(_), _) => effect.sets,
        }
    }

    /// An effect with its chain from the head of some code.
    fn from(&self, id: CodeId, raw: &RawEffect) -> Effect {
        let code = &self.linked.code[id];
        let effect = self.effect(raw);
        let chain = effect.chain.after(Step::new(code.span, format!("`{}`", code.name)));
        Effect { chain, ..effect }
    }
}
