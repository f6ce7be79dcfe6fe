//! Interprets Apex over a small domain of values, to find what each trigger does to which rows.
//!
//! The steps of a trigger are followed into every method that they reach, with what is known of receivers and arguments.
//! There is no enumeration of paths: where branches meet, values are joined, and each method is interpreted once for
//! a receiver and arguments. What is found is everything that may happen, and when.

mod batch;
mod call;
mod casting;
mod clock;
mod deletes;
mod dml;
mod expr;
mod failure;
mod frame;
mod framework;
mod guard;
mod intern;
mod interview;
mod invocable;
mod jobs;
mod locking;
mod names;
mod platform;
mod query;
mod reading;
mod recall;
mod record;
mod set_fields;
mod stmt;
mod stray;
mod tables;
mod test;
mod text;
mod value;
mod world;
mod writing;

use super::branches::Branches;
use super::effect::{Effect, JobKind};
use super::flow::{self, Action, Flows};
use super::guards::{Guards, Switches};
use super::link::Linked;
use super::mask::{Fields, Mask, Reach};
use super::unknown::unknown_rows;
use super::{Automation, CodeId, Program, Schedule, Source, Trigger, Unknown};
use super::{rollup_tool, settle, workflow};
use crate::apex::ir::{Body, ExprKind, NewArgs};
use crate::base::{Chain, Name, Span, Step};
use crate::schema::{ObjectId, Schema};
use interview::Interviews;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::collections::{BTreeMap, BTreeSet};
use world::{Cron, Note, RawEffect, SavedRows, Trail, World};

/// A world that still changes after so many rounds stays as it is: values only grow, and real code settles in four.
const MAX_ROUNDS: u32 = 12;

/// In jobs and in code that no save reaches less is needed: what is handed over, and what objects are made with.
const MAX_JOB_ROUNDS: u32 = 3;

/// Follows every trigger, then the code that no trigger reaches.
pub(super) fn run(linked: Linked, schema: &Schema) -> Program {
    let followed: Vec<Followed> =
        linked.triggers.par_iter().map(|trigger| follow(&linked, schema, trigger)).collect();
    let mut unknowns = BTreeSet::new();
    let mut crons = BTreeSet::new();
    let mut reached: FxHashSet<CodeId> = FxHashSet::default();
    let mut automations = Vec::new();
    let mut set_before = Vec::new();
    for one in followed {
        unknowns.extend(one.unknowns);
        crons.extend(one.crons);
        reached.extend(one.reached);
        set_before.push((one.automation.object, one.set_before));
        automations.push(one.automation);
    }
    let mut batches = batch::all(&linked, schema);
    let stray = stray::all(&linked, schema, &reached);
    crons.extend(stray.crons);
    let apex = |action: &Action<'_>| invocable::effects(&linked, schema, action);
    let all_flows = Flows::new(&linked.flows, schema, &apex);
    let flows = flow::follow(&all_flows);
    let by_flows = flows.automations.iter().flat_map(|flow| &flow.effects);
    unknowns.extend(by_flows.filter_map(unknown_rows));
    unknowns.extend(flows.unknowns);
    set_before.extend(flows.set_before);
    set_before.extend(workflow::set_fields(&linked.workflows, schema));
    // Triggers come first, then workflow, then flows (section 5.3 of the facts sheet); roll-up tools have triggers of their own.
    automations.extend(rollup_tool::follow(&linked.roll_up_tools, schema));
    automations.extend(workflow::follow(&linked.workflows, schema));
    automations.extend(flows.automations);
    let mut routines = stray.routines;
    routines.extend(flows.routines);
    let mut interviews = Interviews::new(&all_flows);
    let mut jobs = stray.jobs;
    jobs.extend(flows.jobs);
    // Of what a flow does that code runs, some comes after a wait.
    let mut run = |effects: &mut Vec<Effect>, saved, jobs: &mut Vec<Effect>| {
        interviews.follow(effects, saved);
        jobs.extend(effects.extract_if(.., |effect| effect.job.is_some()));
    };
    for automation in &mut automations {
        let Automation { object, effects, jobs, .. } = automation;
        run(effects, Some(*object), jobs);
        let mut started = std::mem::take(jobs);
        run(&mut started, Some(*object), jobs);
        settle::settle(automation, schema);
    }
    batches.iter_mut().for_each(|batch| run(&mut batch.effects, Some(batch.scope), &mut jobs));
    routines.iter_mut().for_each(|routine| run(&mut routine.effects, None, &mut jobs));
    let mut started = std::mem::take(&mut jobs);
    run(&mut started, None, &mut jobs);
    unknowns.extend(interviews.unknowns);
    let guards = Guards::new(&linked);
    let by_automations = automations.iter_mut().flat_map(|automation| &mut automation.effects);
    let by_routines = routines.iter_mut().flat_map(|routine| &mut routine.effects);
    let by_batches = batches.iter_mut().flat_map(|batch| &mut batch.effects);
    by_automations.chain(by_routines).chain(by_batches).for_each(|effect| guards.note(effect));
    Program {
        automations,
        set_by_saves: by_object(set_before),
        batches,
        routines,
        jobs,
        stray_loops: stray.loops,
        schedules: schedules(&linked, crons),
        roll_up_tools: linked.roll_up_tools,
        subscriptions: linked.subscriptions,
        unknowns: unknowns.into_iter().collect(),
    }
}

fn by_object(set: Vec<(ObjectId, Fields)>) -> BTreeMap<ObjectId, Fields> {
    let mut by_object = BTreeMap::new();
    for (object, fields) in set {
        let known = by_object.entry(object).or_insert(Fields::NONE);
        *known = known.or(fields);
    }
    by_object
}

/// The times that code schedules, and those that stand beside the name of a job in constants.
fn schedules(linked: &Linked, crons: BTreeSet<Cron>) -> Vec<Schedule> {
    let called = crons.into_iter().map(|(site, cron, class)| {
        let branches = tables::branches_at(linked, site);
        Schedule { site, cron, class, branches }
    });
    let mut all: Vec<Schedule> = called.chain(tables::schedules(linked)).collect();
    all.sort();
    all
}

struct Followed {
    automation: Automation,
    /// The fields that it sets on the rows that are being saved.
    set_before: Fields,
    unknowns: BTreeSet<Unknown>,
    crons: BTreeSet<Cron>,
    reached: Vec<CodeId>,
}

fn follow(linked: &Linked, schema: &Schema, trigger: &Trigger) -> Followed {
    let mut world = World::new(
        linked,
        schema,
        Some(SavedRows { object: trigger.object, events: trigger.events }),
    );
    let effects = world.settle(|world| world.effects_of_any(trigger.code));
    let header = Step::new(
        trigger.header,
        format!("`{}` runs when a `{}` is saved", trigger.name, schema.name(trigger.object)),
    );
    let reached = world.reached();
    let effects: Vec<Effect> = effects
        .iter()
        .map(|raw| world.effect(raw))
        .filter_map(|effect| {
            let reach = effect.reach.and(Reach::under(trigger.events));
            let chain = effect.chain.after(header.clone());
            (!reach.is_never()).then_some(Effect { reach, chain, ..effect })
        })
        .collect();
    let is_before = trigger.events.meets(Mask::BEFORE.and(Mask::UPDATE));
    let set_before = if is_before { world.set_on(trigger.object) } else { Fields::NONE };
    let mut unknowns = std::mem::take(&mut world.unknowns);
    unknowns.extend(effects.iter().filter_map(unknown_rows));
    let jobs = world.jobs_of(&effects);
    let automation = Automation {
        name: trigger.name.clone(),
        source: Source::Trigger,
        object: trigger.object,
        effects,
        jobs,
    };
    Followed { automation, set_before, unknowns, crons: world.crons, reached }
}

impl World<'_> {
    /// Interprets code again and again, until a round changes nothing.
    fn settle<T: Default>(&mut self, mut run: impl FnMut(&mut Self) -> T) -> T {
        let mut result = T::default();
        let most = if self.in_job { MAX_JOB_ROUNDS } else { MAX_ROUNDS };
        for _ in 0..most {
            self.round += 1;
            self.changed = false;
            self.started.clear();
            result = run(self);
            if !self.changed {
                break;
            }
        }
        result
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
            switches: Switches::default(),
            branches: Branches::default(),
            job: None,
            failure: raw.failure,
            query: raw.query,
            sets: self.sets(raw),
            is_whole: raw.is_whole,
            assigned: self.assigned(raw),
            operand: failure::operand(&self.linked.code[raw.code], raw.site),
            code: self.linked.code[raw.code].name.clone(),
        }
    }

    /// Of users, it depends on the fields whether the group membership lock is taken (GL-03): those that the code on the way
    /// to the statement assigns.
    fn assigned(&self, raw: &RawEffect) -> Vec<Name> {
        let is_user = raw.object.is_some_and(|object| self.schema.name(object).is("User"));
        if !is_user {
            return Vec::new();
        }
        let way = std::iter::successors(Some(&raw.trail), |trail| trail.next.as_ref());
        let spans: Vec<Span> = way.map(|trail| trail.span).collect();
        let bodies = self.linked.code.iter().filter_map(|(_, code)| code.body.as_ref());
        let on_way =
            bodies.filter(|body| body.exprs.iter().any(|(_, expr)| spans.contains(&expr.span)));
        on_way.flat_map(assigned_in).collect()
    }

    fn chain(&self, trail: &Trail, raw: &RawEffect) -> Chain {
        let note = match trail.note {
            Note::Calls(code) => format!("calls `{}`", self.linked.code[code].name),
            Note::Loop => "once for each turn of this loop".to_owned(),
            Note::Origin => crate::program::effect::ORIGIN.to_owned(),
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
            super::EffectKind::Start(kind) => match (kind, raw.object) {
                (JobKind::Event, Some(event)) => {
                    return format!("publishes `{}`", self.schema.name(event));
                }
                _ => return format!("starts {}", kind.words()),
            },
            super::EffectKind::Interview(flow) => {
                return format!("runs the flow `{}`", self.linked.flows[flow].name);
            }
            super::EffectKind::Callout => return "calls a web service".to_owned(),
            super::EffectKind::BusyWait => return "waits in a loop".to_owned(),
            super::EffectKind::TriggersAgain => return "saves the rows again".to_owned(),
            super::EffectKind::Refusal => return "refuses the delete".to_owned(),
            super::EffectKind::ReferenceQuery(_) => "read",
        };
        match raw.object {
            Some(object) => format!("{verb}s `{}`", self.schema.name(object)),
            None => format!("{verb}s rows of an unknown object"),
        }
    }
}

/// The fields that code sets, of whatever rows.
fn assigned_in(body: &Body) -> Vec<Name> {
    let mut assigned = Vec::new();
    for (_, expr) in body.exprs.iter() {
        match &expr.kind {
            ExprKind::New { args: NewArgs::Fields(fields), .. } => {
                assigned.extend(fields.iter().map(|(field, _)| field.name.clone()));
            }
            ExprKind::Assign { left, .. } => {
                if let ExprKind::Field { name, .. } = &body.exprs[*left].kind {
                    assigned.push(name.name.clone());
                }
            }
            _ => {}
        }
    }
    assigned
}
