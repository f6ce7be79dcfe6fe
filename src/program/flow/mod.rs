//! Flows: what they do to which rows, and when (FL-01, FL-02).
//!
//! A flow is followed along its connectors; its variables hold whatever is assigned to them anywhere. What is found are the
//! same effects as those of triggers, so that the lock model and the rules need not tell them apart.

mod paths;
mod values;

use super::effect::{DmlOp, Effect, EffectKind, Failure, Job, JobKind, Repeat};
use super::mask::{Mask, Reach};
use super::row::RowPath;
use super::{Automation, Routine, Source, Unknown, UnknownReason};
use crate::base::{Chain, Name, Span, Step};
use crate::metadata::{ElementKind, FlowElement, FlowFacts, ProcessType};
use crate::schema::{ObjectId, Schema};
use paths::Visit;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use values::{Scope, Values};

/// A call of an invocable method.
pub(super) struct Action<'a> {
    pub(super) class: &'a Name,
    /// The object whose save it is.
    pub(super) saved: Option<ObjectId>,
    /// The rows whose ids, or which themselves, are its only input; none where there are several inputs.
    pub(super) input: Vec<(ObjectId, RowPath)>,
}

/// What an invocable method does; nothing where there is none.
pub(super) type Apex<'a> = dyn Fn(&Action<'_>) -> Option<Vec<Effect>> + 'a;

#[derive(Default)]
pub(super) struct Followed {
    /// Of flows that saves and events start.
    pub(super) automations: Vec<Automation>,
    /// Of those that people, the clock or code start.
    pub(super) routines: Vec<Routine>,
    /// Flows and classes that are called and not there.
    pub(super) unknowns: BTreeSet<Unknown>,
}

/// Subflows of subflows: no more than real flows have, so that one which calls itself ends.
const MAX_DEPTH: usize = 8;

/// Follows every active flow.
pub(super) fn follow(flows: &[FlowFacts], schema: &Schema, apex: &Apex<'_>) -> Followed {
    let flows = newest(flows);
    let mut followed = Followed::default();
    let called: FxHashSet<&Name> = flows.values().flat_map(|flow| subflows(flow)).collect();
    let mut in_order: Vec<&FlowFacts> = flows.values().copied().collect();
    in_order.sort_by_key(|flow| flow.span);
    for flow in in_order {
        let object = flow.start.object.as_ref().and_then(|object| schema.object(object));
        let known = RefCell::default();
        let missing = RefCell::default();
        let follower = Follower { known, missing, flows: &flows, schema, apex, saved: object };
        match (started_by(flow), object) {
            // It only sets fields of the row that is being saved.
            (StartedBy::Save(mask), Some(_)) if mask.is_empty() => {}
            (StartedBy::Save(mask), Some(object)) => {
                followed.automations.push(follower.automation(flow, object, mask));
            }
            (StartedBy::Clock, _) => {
                followed.routines.push(follower.routine(flow, Some(JobKind::Scheduled)));
            }
            _ if called.contains(&flow.name) => {}
            _ => followed.routines.push(follower.routine(flow, None)),
        }
        followed.unknowns.extend(follower.missing.into_inner());
    }
    followed
}

/// Of several active versions, the newest.
fn newest(flows: &[FlowFacts]) -> FxHashMap<&Name, &FlowFacts> {
    let mut newest: FxHashMap<&Name, &FlowFacts> = FxHashMap::default();
    for flow in flows {
        let known = newest.entry(&flow.name).or_insert(flow);
        if known.version < flow.version {
            *known = flow;
        }
    }
    newest
}

fn subflows(flow: &FlowFacts) -> impl Iterator<Item = &Name> {
    flow.elements.iter().filter_map(|element| match &element.kind {
        ElementKind::Subflow { flow, .. } => Some(flow),
        _ => None,
    })
}

enum StartedBy {
    /// Of rows of its object, under these events.
    Save(Mask),
    Clock,
    Other,
}

fn started_by(flow: &FlowFacts) -> StartedBy {
    let after = |saves: &str| match saves {
        "Create" | "onCreateOnly" => Mask::AFTER.and(Mask::INSERT),
        "Update" => Mask::AFTER.and(Mask::UPDATE),
        "Delete" => Mask::AFTER.and(Mask::DELETE),
        _ => Mask::AFTER.and(Mask::INSERT.or(Mask::UPDATE)),
    };
    let saves = flow.start.saves.as_deref().unwrap_or_default();
    match (flow.process, flow.start.trigger.as_deref()) {
        (ProcessType::Builder, _) => StartedBy::Save(after(saves)),
        (_, Some("RecordAfterSave")) => StartedBy::Save(after(saves)),
        (_, Some("RecordBeforeDelete")) => StartedBy::Save(Mask::BEFORE.and(Mask::DELETE)),
        (_, Some("RecordBeforeSave")) => StartedBy::Save(Mask::NONE),
        (_, Some("PlatformEvent")) => StartedBy::Save(Mask::AFTER.and(Mask::INSERT)),
        (_, Some("Scheduled")) => StartedBy::Clock,
        _ => StartedBy::Other,
    }
}

/// Effects by the flow and its inputs.
type Known = BTreeMap<(Name, Values), Rc<[Effect]>>;

/// One flow with those that it calls.
struct Follower<'a> {
    /// What subflows do with what they are handed, whenever they are reached.
    known: RefCell<Known>,
    missing: RefCell<BTreeSet<Unknown>>,
    flows: &'a FxHashMap<&'a Name, &'a FlowFacts>,
    schema: &'a Schema,
    apex: &'a Apex<'a>,
    saved: Option<ObjectId>,
}

impl Follower<'_> {
    fn automation(&self, flow: &FlowFacts, object: ObjectId, mask: Mask) -> Automation {
        let start = &flow.start;
        let reach = Reach::under(mask).and(paths::entry(flow));
        let note =
            format!("the flow `{}` runs when a `{}` is saved", flow.name, self.schema.name(object));
        let header = Step::new(start.span, note);
        let mut effects = match &start.next {
            Some(next) => self.effects(flow, next, reach, Values::default(), 0),
            None => Vec::new(),
        };
        let mut jobs = Vec::new();
        for (span, next, reach) in later(flow, reach) {
            let starts = Step::new(span, "starts a path that runs later");
            let kind = EffectKind::Start(JobKind::Path);
            effects.push(effect(flow, span, reach, kind, starts));
            let job = Job { kind: JobKind::Path, started: span };
            let done = self.effects(flow, next, reach, Values::default(), 0);
            jobs.extend(done.into_iter().map(|effect| Effect { job: Some(job), ..effect }));
        }
        let headed = |effects: Vec<Effect>| {
            let with_header =
                |effect: Effect| Effect { chain: effect.chain.after(header.clone()), ..effect };
            effects.into_iter().map(with_header).collect()
        };
        Automation {
            name: flow.name.clone(),
            source: Source::Flow,
            object,
            effects: headed(effects),
            jobs: headed(jobs),
        }
    }

    fn routine(&self, flow: &FlowFacts, job: Option<JobKind>) -> Routine {
        let name = format!("flow {}", flow.name);
        let header = Step::new(flow.start.span, format!("`{name}`"));
        let effects = match &flow.start.next {
            Some(next) => self.effects(flow, next, Reach::ALWAYS, Values::default(), 0),
            None => Vec::new(),
        };
        let effects = effects
            .into_iter()
            .map(|effect| Effect { chain: effect.chain.after(header.clone()), ..effect })
            .collect();
        Routine { name, page: None, job, effects }
    }

    fn miss(&self, visit: &Visit<'_>, reason: UnknownReason) {
        let span = visit.element.span;
        self.missing.borrow_mut().insert(Unknown { span, reason });
    }

    fn subflow(&self, name: &Name, values: Values, depth: usize) -> Rc<[Effect]> {
        let key = (name.clone(), values);
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let flow = self.flows.get(name).copied();
        let done: Rc<[Effect]> = match flow.and_then(|flow| Some((flow, flow.start.next.as_ref()?)))
        {
            Some((flow, start)) => {
                // A flow that calls itself does not do so again.
                self.known.borrow_mut().insert(key.clone(), Rc::from([]));
                self.effects(flow, start, Reach::ALWAYS, key.1.clone(), depth).into()
            }
            None => Rc::from([]),
        };
        self.known.borrow_mut().insert(key, done.clone());
        done
    }

    fn effects(
        &self,
        flow: &FlowFacts,
        start: &Name,
        reach: Reach,
        values: Values,
        depth: usize,
    ) -> Vec<Effect> {
        let visits = paths::visits(flow, start, reach);
        let mut scope = Scope { flow, schema: self.schema, saved: self.saved, values };
        scope.settle(&visits);
        let effects = visits.iter().flat_map(|visit| self.effects_of(&scope, visit, depth));
        joined(effects)
    }

    fn effects_of(&self, scope: &Scope<'_>, visit: &Visit<'_>, depth: usize) -> Vec<Effect> {
        let element = visit.element;
        match &element.kind {
            ElementKind::Create { object, values, input, .. } => {
                let object = scope.object(object.as_ref(), input.as_deref());
                if let Some(event) = object.filter(|object| self.schema.is_event(*object)) {
                    return vec![self.publish(scope, visit, event)];
                }
                let parents = scope.parents(values, input.as_deref());
                let made = self.write(scope, visit, DmlOp::Insert, object, RowPath::New);
                vec![Effect { parents, ..made }]
            }
            ElementKind::Update(rows) | ElementKind::Delete(rows) => {
                let is_delete = matches!(element.kind, ElementKind::Delete(_));
                let op = if is_delete { DmlOp::Delete } else { DmlOp::Update };
                let written = scope.written(rows).into_iter();
                written.map(|(object, row)| self.write(scope, visit, op, object, row)).collect()
            }
            ElementKind::Apex { class, inputs } => {
                let input = match inputs.as_slice() {
                    [(_, only)] => scope.rows_of_ids(&scope.value(only), None),
                    _ => Vec::new(),
                };
                let done = (self.apex)(&Action { class, saved: self.saved, input });
                let done = done.unwrap_or_else(|| {
                    self.miss(visit, UnknownReason::ManagedCall);
                    Vec::new()
                });
                called(visit, done, &format!("calls `{class}`"))
            }
            ElementKind::Subflow { flow, inputs } if depth < MAX_DEPTH => {
                if !self.flows.contains_key(flow) {
                    self.miss(visit, UnknownReason::MissingFlow);
                }
                let mut values = Values::default();
                for (name, value) in inputs {
                    values.give(name.clone(), scope.value(value));
                }
                let done = self.subflow(flow, values, depth + 1).to_vec();
                called(visit, done, &format!("runs the flow `{flow}`"))
            }
            _ => Vec::new(),
        }
    }

    /// A new row of a platform event is an event.
    fn publish(&self, scope: &Scope<'_>, visit: &Visit<'_>, event: ObjectId) -> Effect {
        let span = visit.element.span;
        let step = Step::new(span, format!("publishes `{}`", self.schema.name(event)));
        let kind = EffectKind::Start(JobKind::Event);
        let published = effect(scope.flow, span, visit.reach, kind, step);
        in_loop(visit, Effect { object: Some(event), row: RowPath::New, ..published })
    }

    fn write(
        &self,
        scope: &Scope<'_>,
        visit: &Visit<'_>,
        op: DmlOp,
        object: Option<ObjectId>,
        row: RowPath,
    ) -> Effect {
        let what = match object {
            Some(object) => format!("`{}`", self.schema.name(object)),
            None => "rows of an unknown object".to_owned(),
        };
        let span = visit.element.span;
        let step = Step::new(span, format!("{}s {what}", op.word()));
        let done = effect(scope.flow, span, visit.reach, EffectKind::Dml(op), step);
        in_loop(visit, Effect { object, row, failure: failure(visit.element), ..done })
    }
}

/// Each thing once that is done to some rows at a place, whichever of several ways leads to it.
fn joined(effects: impl Iterator<Item = Effect>) -> Vec<Effect> {
    let mut places: FxHashMap<(Span, EffectKind, Option<ObjectId>, RowPath), usize> =
        FxHashMap::default();
    let mut joined: Vec<Effect> = Vec::new();
    for effect in effects {
        let place = (effect.site, effect.kind, effect.object, effect.row.clone());
        match places.get(&place) {
            Some(&at) => {
                let known = &mut joined[at];
                known.reach = known.reach.or(effect.reach);
                known.failure = known.failure.max(effect.failure);
                known.certain |= effect.certain;
                if known.repeat < effect.repeat {
                    known.repeat = effect.repeat;
                    known.chain = effect.chain;
                }
            }
            None => {
                places.insert(place, joined.len());
                joined.push(effect);
            }
        }
    }
    joined
}

/// What something else does that an element calls.
fn called(visit: &Visit<'_>, done: Vec<Effect>, note: &str) -> Vec<Effect> {
    let step = Step::new(visit.element.span, note);
    done.into_iter()
        .map(|effect| Effect {
            reach: effect.reach.and(visit.reach),
            chain: effect.chain.after(step.clone()),
            failure: effect.failure.max(failure(visit.element)),
            ..effect
        })
        .filter(|effect| !effect.reach.is_never())
        .map(|effect| in_loop(visit, effect))
        .collect()
}

/// What runs in transactions of its own: scheduled and asynchronous paths, and what comes after a wait.
fn later(flow: &FlowFacts, reach: Reach) -> Vec<(Span, &Name, Reach)> {
    let mut later: Vec<(Span, &Name, Reach)> =
        flow.start.paths.iter().map(|path| (path.span, &path.next, reach)).collect();
    for visit in flow.start.next.iter().flat_map(|next| paths::visits(flow, next, reach)) {
        if let ElementKind::Wait(events) = &visit.element.kind {
            later.extend(events.iter().map(|next| (visit.element.span, next, visit.reach)));
        }
    }
    later
}

/// A fault path looks at the failure.
fn failure(element: &FlowElement) -> Failure {
    if element.fault.is_some() { Failure::Handled } else { Failure::Thrown }
}

/// An effect with the loop around it.
fn in_loop(visit: &Visit<'_>, effect: Effect) -> Effect {
    match visit.loop_around {
        Some(span) => Effect {
            repeat: Repeat::PerRow,
            chain: effect.chain.after(Step::new(span, "once for each turn of this loop")),
            ..effect
        },
        None => effect,
    }
}

fn flow_name(flow: &FlowFacts) -> String {
    format!("flow {}", flow.name)
}

/// Something that an element does, to rows that are not known yet.
fn effect(flow: &FlowFacts, site: Span, reach: Reach, kind: EffectKind, step: Step) -> Effect {
    Effect::new(kind, reach, site, flow_name(flow), Chain::of(step))
}
