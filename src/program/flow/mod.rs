//! Flows: what they do to which rows, and when (FL-01, FL-02).
//!
//! A flow is followed along its connectors; its variables hold whatever is assigned to them anywhere. What is found are the
//! same effects as those of triggers, so that the lock model and the rules need not tell them apart.

mod formula;
mod paths;
mod values;

use super::branches::Branches;
use super::effect::{DmlOp, Effect, EffectKind, Failure, Job, JobKind, Repeat};
use super::mask::{Fields, Mask, Reach};
use super::row::RowPath;
use super::{Automation, FlowOrder, Routine, Source, Unknown, UnknownReason};
use crate::base::{Chain, Id, Ids, Name, Span, Step};
use crate::metadata::{ElementKind, FlowElement, FlowFacts, ProcessType, Rows};
use crate::schema::{ObjectId, Schema};
use paths::{FieldOf, Visit};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use values::{Scope, Values};

/// A call of an invocable method.
pub(super) struct Action<'a> {
    pub(super) class: &'a Name,
    /// The object whose save it is.
    pub(super) saved: Option<ObjectId>,
    /// Its inputs by their names: rows, or the rows whose ids they are.
    pub(super) inputs: Vec<(&'a Name, Vec<(ObjectId, RowPath)>)>,
}

/// What an invocable method does; nothing where there is none.
pub(super) type Apex<'a> = dyn Fn(&Action<'_>) -> Option<Vec<Effect>> + 'a;

#[derive(Default)]
pub(super) struct Followed {
    /// Of flows that saves and events start.
    pub(super) automations: Vec<Automation>,
    /// Of those that people, the clock or code start.
    pub(super) routines: Vec<Routine>,
    /// What these do later.
    pub(super) jobs: Vec<Effect>,
    /// What flows set on the rows that are being saved.
    pub(super) set_before: Vec<(ObjectId, Fields)>,
    /// Flows and classes that are called and not there.
    pub(super) unknowns: BTreeSet<Unknown>,
}

impl Followed {
    fn add(&mut self, (routine, jobs): (Routine, Vec<Effect>)) {
        self.routines.push(routine);
        self.jobs.extend(jobs);
    }
}

/// Subflows of subflows deeper than this are not followed, which is told.
const MAX_DEPTH: usize = 100;

/// A subflow that is handed more different things than this is followed for anything.
const MAX_INPUTS: usize = 32;

/// Flows that call each other are followed again until nothing changes: what they do only grows.
const MAX_ROUNDS: usize = 12;

/// A flow with more waits and later paths than this is followed up to so many.
const MAX_LATER: usize = 64;

/// The active flows, and what it takes to follow them.
pub(super) struct Flows<'a> {
    all: &'a Ids<FlowFacts>,
    /// Of several active versions, the newest.
    newest: FxHashMap<&'a Name, &'a FlowFacts>,
    schema: &'a Schema,
    apex: &'a Apex<'a>,
}

impl<'a> Flows<'a> {
    pub(super) fn new(
        all: &'a Ids<FlowFacts>,
        schema: &'a Schema,
        apex: &'a Apex<'a>,
    ) -> Flows<'a> {
        Flows { all, newest: newest(all), schema, apex }
    }

    /// The field of the saved row that a reference names, whether before the save or after it.
    fn field_of(&self, saved: Option<ObjectId>, reference: &str) -> Fields {
        let field = reference.split_once('.').filter(|(row, _)| {
            ["$Record", "$Record__Prior", "myVariable_current", "myVariable_old"].contains(row)
        });
        match (field, saved) {
            (Some((_, field)), Some(object)) => Fields::one(self.schema, object, &Name::new(field)),
            _ => Fields::ANY,
        }
    }
}

/// A row that an input variable is given, or whose id it is.
pub(super) struct Input {
    pub(super) name: Name,
    pub(super) row: RowPath,
}

/// What a flow does that code runs in the save of an object.
pub(super) fn interview(
    flows: &Flows<'_>,
    flow: Id<FlowFacts>,
    saved: Option<ObjectId>,
    inputs: &[Input],
    unknowns: &mut BTreeSet<Unknown>,
) -> Vec<Effect> {
    let Some(flow) = flows.newest.get(&flows.all[flow].name) else { return Vec::new() };
    let mut follower = Follower::new(flows, saved);
    let values = Values::given(inputs, saved, flows.schema);
    let effects = follower.whole(flow, Reach::ALWAYS, &Branches::default(), &values);
    unknowns.extend(follower.missing);
    effects
}

/// Follows every active flow.
pub(super) fn follow(flows: &Flows<'_>) -> Followed {
    let mut followed = Followed::default();
    for flow in in_order(&flows.newest) {
        let object = flow.start.object.as_ref().and_then(|object| flows.schema.object(object));
        let mut follower = Follower::new(flows, object);
        match (started_by(flow), object) {
            // It only sets fields of the row that is being saved.
            (StartedBy::Save(mask), Some(object)) if mask.is_empty() => {
                followed.set_before.push((object, set_before(flow, object, flows.schema)));
            }
            (StartedBy::Save(mask), Some(object)) => {
                followed.automations.push(follower.automation(flow, object, mask));
            }
            (StartedBy::Clock, _) => {
                followed.add(follower.routine(flow, Some(JobKind::Scheduled)));
            }
            _ => followed.add(follower.routine(flow, None)),
        }
        followed.unknowns.extend(follower.missing);
    }
    followed
}

/// The flows that something other than a flow starts, in the order in which the platform takes those of one save. Of flows that only flows call, and that call each other, the first.
fn in_order<'a>(flows: &FxHashMap<&Name, &'a FlowFacts>) -> Vec<&'a FlowFacts> {
    let mut all: Vec<&FlowFacts> = flows.values().copied().collect();
    all.sort_by_key(|flow| flow.span);
    let called: FxHashSet<&Name> =
        all.iter().flat_map(|flow| subflows(flow).filter(|name| !flow.name.eq(name))).collect();
    let (heads, rest): (Vec<&FlowFacts>, Vec<&FlowFacts>) = all.iter().partition(|flow| {
        !matches!(started_by(flow), StartedBy::Other) || !called.contains(&flow.name)
    });
    let mut started = Vec::new();
    let mut seen: FxHashSet<&Name> = FxHashSet::default();
    for head in heads.into_iter().chain(rest) {
        if seen.insert(&head.name) || !matches!(started_by(head), StartedBy::Other) {
            started.push(head);
        }
        let mut open = vec![head];
        while let Some(flow) = open.pop() {
            let next = subflows(flow).filter_map(|name| flows.get(name).copied());
            open.extend(next.filter(|flow| seen.insert(&flow.name)));
        }
    }
    started.sort_by_key(|flow| (order(flow), flow.span));
    started
}

fn newest(flows: &Ids<FlowFacts>) -> FxHashMap<&Name, &FlowFacts> {
    let mut newest: FxHashMap<&Name, &FlowFacts> = FxHashMap::default();
    for (_, flow) in flows.iter() {
        let known = newest.entry(&flow.name).or_insert(flow);
        if known.version < flow.version {
            *known = flow;
        }
    }
    newest
}

fn order(flow: &FlowFacts) -> FlowOrder {
    match flow.start.order {
        Some(number) if number <= 1_000 => FlowOrder::First(number),
        None => FlowOrder::Unnumbered,
        Some(number) => FlowOrder::Last(number),
    }
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

/// What a flow does, and what its output variables hold then.
#[derive(Clone)]
struct Done {
    effects: Rc<[Effect]>,
    outputs: Rc<Values>,
}

/// What a subflow does with what it is handed, whenever it is reached.
struct Known {
    done: Done,
    /// The round in which it was last followed.
    round: usize,
}

/// One flow with those that it calls.
struct Follower<'a> {
    flows: &'a Flows<'a>,
    schema: &'a Schema,
    saved: Option<ObjectId>,
    known: BTreeMap<(Name, Values), Known>,
    /// How many different inputs each subflow has.
    inputs: FxHashMap<Name, usize>,
    round: usize,
    changed: bool,
    missing: BTreeSet<Unknown>,
}

impl<'a> Follower<'a> {
    fn new(flows: &'a Flows<'a>, saved: Option<ObjectId>) -> Follower<'a> {
        Follower {
            flows,
            schema: flows.schema,
            saved,
            known: BTreeMap::new(),
            inputs: FxHashMap::default(),
            round: 0,
            changed: false,
            missing: BTreeSet::new(),
        }
    }

    fn automation(&mut self, flow: &FlowFacts, object: ObjectId, mask: Mask) -> Automation {
        let reach = Reach::under(mask)
            .and(paths::entry(flow, &|name| self.flows.field_of(self.saved, name)));
        let (given, nothing) = (paths::entry_branches(flow), Values::default());
        let note =
            format!("the flow `{}` runs when a `{}` is saved", flow.name, self.schema.name(object));
        let header = Step::new(flow.start.span, note);
        let mut effects = self.whole(flow, reach, &given, &nothing);
        let is_later = |effect: &mut Effect| effect.job.is_some();
        let jobs: Vec<Effect> = effects.extract_if(.., is_later).collect();
        let headed = |effects: Vec<Effect>| {
            let with_header =
                |effect: Effect| Effect { chain: effect.chain.after(header.clone()), ..effect };
            effects.into_iter().map(with_header).collect()
        };
        Automation {
            name: flow.name.clone(),
            source: Source::Flow(order(flow)),
            object,
            effects: headed(effects),
            jobs: headed(jobs),
        }
    }

    /// What a flow does that no save starts, with what it does later.
    fn routine(&mut self, flow: &FlowFacts, job: Option<JobKind>) -> (Routine, Vec<Effect>) {
        let name = format!("flow {}", flow.name);
        let header = Step::new(flow.start.span, format!("`{name}`"));
        let effects = self.whole(flow, Reach::ALWAYS, &Branches::default(), &Values::default());
        let with_header =
            |effect: Effect| Effect { chain: effect.chain.after(header.clone()), ..effect };
        let (jobs, effects) =
            effects.into_iter().map(with_header).partition(|effect| effect.job.is_some());
        (Routine { name, page: None, job, effects }, jobs)
    }

    /// What a flow does at once, and what it does later.
    fn whole(
        &mut self,
        flow: &FlowFacts,
        reach: Reach,
        given: &Branches,
        values: &Values,
    ) -> Vec<Effect> {
        let mut effects = match &flow.start.next {
            Some(next) => self.settled(flow, next, reach, given, values),
            None => Vec::new(),
        };
        let (flows, saved) = (self.flows, self.saved);
        for (span, next, reach) in later(flow, reach, &|name| flows.field_of(saved, name)) {
            effects.push(starts_path(flow, span, reach));
            let done = self.settled(flow, next, reach, given, values);
            effects.extend(done.iter().map(|effect| later_by(effect, span)));
        }
        effects
    }

    /// Follows a flow until what its subflows do changes no more.
    fn settled(
        &mut self,
        flow: &FlowFacts,
        start: &Name,
        reach: Reach,
        given: &Branches,
        values: &Values,
    ) -> Vec<Effect> {
        let mut effects = Rc::from([]);
        for _ in 0..MAX_ROUNDS {
            self.round += 1;
            self.changed = false;
            effects = self.done(flow, start, reach, given, values.clone(), 0).effects;
            if !self.changed {
                break;
            }
        }
        effects.to_vec()
    }

    /// What a subflow does; while it is being followed, what is known of it so far.
    fn subflow(&mut self, name: &Name, mut values: Values, depth: usize) -> Done {
        let nothing = || Done { effects: Rc::from([]), outputs: Rc::default() };
        let flow = self.flows.newest.get(name).copied();
        let Some((flow, start)) = flow.and_then(|flow| Some((flow, flow.start.next.as_ref()?)))
        else {
            return nothing();
        };
        if !self.known.contains_key(&(name.clone(), values.clone())) {
            let count = self.inputs.entry(name.clone()).or_default();
            *count += 1;
            if *count > MAX_INPUTS {
                values = Values::default();
            }
        }
        let key = (name.clone(), values);
        let before = match self.known.get_mut(&key) {
            Some(known) if known.round == self.round => return known.done.clone(),
            Some(known) => {
                known.round = self.round;
                known.done.clone()
            }
            None => {
                let known = Known { done: nothing(), round: self.round };
                self.known.insert(key.clone(), known);
                nothing()
            }
        };
        let given = Branches::default();
        let mut done = self.done(flow, start, Reach::ALWAYS, &given, key.1.clone(), depth);
        let waits = later(flow, Reach::ALWAYS, &|name| self.flows.field_of(self.saved, name));
        if !waits.is_empty() {
            let mut effects = done.effects.to_vec();
            for (span, next, reach) in waits {
                effects.push(starts_path(flow, span, reach));
                let after = self.done(flow, next, reach, &given, key.1.clone(), depth);
                effects.extend(after.effects.iter().map(|effect| later_by(effect, span)));
            }
            done.effects = joined(effects.into_iter()).into();
        }
        self.changed |= !is_same(&before, &done);
        self.known.insert(key, Known { done: done.clone(), round: self.round });
        done
    }

    fn done(
        &mut self,
        flow: &FlowFacts,
        start: &Name,
        reach: Reach,
        given: &Branches,
        values: Values,
        depth: usize,
    ) -> Done {
        let (flows, saved) = (self.flows, self.saved);
        let field_of = |reference: &str| flows.field_of(saved, reference);
        let visits = paths::visits(flow, start, reach, given, &field_of);
        let mut scope = Scope { flow, schema: self.schema, saved: self.saved, values };
        let mut effects = Vec::new();
        // What subflows return says more of what comes after them.
        for _ in 0..MAX_ROUNDS {
            scope.settle(&visits);
            let mut returned = Vec::new();
            effects.clear();
            for visit in &visits {
                effects.extend(self.effects_of(&scope, visit, depth, &mut returned));
            }
            let take = |changed, (element, outputs): &(&FlowElement, Rc<Values>)| {
                scope.take_outputs(element, outputs) | changed
            };
            if !returned.iter().fold(false, take) {
                break;
            }
        }
        Done { effects: joined(effects.into_iter()).into(), outputs: Rc::new(scope.outputs()) }
    }

    fn effects_of<'v>(
        &mut self,
        scope: &Scope<'_>,
        visit: &Visit<'v>,
        depth: usize,
        returned: &mut Vec<(&'v FlowElement, Rc<Values>)>,
    ) -> Vec<Effect> {
        let span = visit.element.span;
        match &visit.element.kind {
            ElementKind::Create { object, values, input, .. } => {
                let object = scope.object(object.as_ref(), input.as_deref());
                if let Some(event) = object.filter(|object| self.schema.is_event(*object)) {
                    return vec![self.publish(scope, visit, event)];
                }
                let parents = scope.parents(object, values, input.as_deref());
                let made = self.write(scope, visit, DmlOp::Insert, object, RowPath::New);
                vec![Effect { parents, ..made }]
            }
            ElementKind::Update(rows) | ElementKind::Delete(rows) => {
                let is_delete = matches!(visit.element.kind, ElementKind::Delete(_));
                let op = if is_delete { DmlOp::Delete } else { DmlOp::Update };
                let write = |(object, row)| {
                    let sets = sets(self.schema, object, rows);
                    Effect { sets, ..self.write(scope, visit, op, object, row) }
                };
                scope.written(rows).into_iter().map(write).collect()
            }
            ElementKind::Apex { class, inputs } => {
                let rows = |value| scope.rows_of_ids(&scope.value(value), None);
                let inputs = inputs.iter().map(|(name, value)| (name, rows(value))).collect();
                let done = (self.flows.apex)(&Action { class, saved: self.saved, inputs });
                if done.is_none() {
                    self.missing.insert(Unknown { span, reason: UnknownReason::ManagedCall });
                }
                called(visit, &done.unwrap_or_default(), &format!("calls `{class}`"))
            }
            ElementKind::Subflow { flow, inputs, .. } => {
                let reason = match self.flows.newest.contains_key(flow) {
                    false => Some(UnknownReason::MissingFlow),
                    true if depth > MAX_DEPTH => Some(UnknownReason::Depth),
                    true => None,
                };
                if let Some(reason) = reason {
                    self.missing.insert(Unknown { span, reason });
                    return Vec::new();
                }
                let done = self.subflow(flow, scope.handed(inputs), depth + 1);
                returned.push((visit.element, done.outputs));
                called(visit, &done.effects, &format!("runs the flow `{flow}`"))
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
        let (failure, branches) = (failure(visit.element), visit.branches.clone());
        in_loop(visit, Effect { object, row, failure, branches, ..done })
    }
}

/// The fields that an element sets by itself; what a variable brings is not known.
fn sets(schema: &Schema, object: Option<ObjectId>, rows: &Rows) -> Fields {
    let is_own = rows.input.as_deref().is_none_or(|input| input == "$Record");
    match object.filter(|_| is_own) {
        Some(object) => Fields::set(schema, object, &rows.sets),
        None => Fields::ANY,
    }
}

/// The fields of the saved row that a flow sets before the save.
fn set_before(flow: &FlowFacts, object: ObjectId, schema: &Schema) -> Fields {
    let set = flow.elements.iter().flat_map(|element| -> Vec<Name> {
        match &element.kind {
            ElementKind::Assign(items) => {
                let fields = items.iter().filter_map(|(target, _)| target.strip_prefix("$Record."));
                fields.map(Name::new).collect()
            }
            ElementKind::Update(rows) => rows.sets.clone(),
            _ => Vec::new(),
        }
    });
    Fields::set(schema, object, &set.collect::<Vec<_>>())
}

/// Each thing once that is done to some rows at a place, whichever of several ways leads to it.
pub(super) fn joined(effects: impl Iterator<Item = Effect>) -> Vec<Effect> {
    let mut places: FxHashMap<_, usize> = FxHashMap::default();
    let mut joined: Vec<Effect> = Vec::new();
    for effect in effects {
        let rows = (effect.row.clone(), effect.parents.clone());
        let place = (effect.site, effect.kind, effect.object, rows, effect.job);
        match places.get(&place) {
            Some(&at) => {
                let known = &mut joined[at];
                known.reach = known.reach.or(effect.reach);
                known.failure = known.failure.max(effect.failure);
                known.certain |= effect.certain;
                known.branches = known.branches.common(&effect.branches);
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

/// Whether the same is done, whichever way leads to it.
fn is_same(before: &Done, after: &Done) -> bool {
    let what = |effect: &Effect| {
        let when = (effect.reach, effect.repeat, effect.failure, effect.certain);
        let rows = (effect.row.clone(), effect.parents.clone());
        (effect.site, effect.kind, effect.object, rows, when, effect.branches.clone())
    };
    let do_same = before.effects.iter().map(what).eq(after.effects.iter().map(what));
    do_same && before.outputs == after.outputs
}

/// What something else does that an element calls.
fn called(visit: &Visit<'_>, done: &[Effect], note: &str) -> Vec<Effect> {
    let step = Step::new(visit.element.span, note);
    let branches = |effect: &Effect| {
        let mut branches = visit.branches.clone();
        // A decision of a subflow that is called again may be taken both ways.
        let within = effect.branches.called_by(visit.element.span);
        branches.extend(within.filter(|_| visit.is_once));
        branches
    };
    done.iter()
        .map(|effect| Effect {
            reach: effect.reach.and(visit.reach),
            branches: branches(effect),
            chain: effect.chain.after(step.clone()),
            failure: effect.failure.max(failure(visit.element)),
            ..effect.clone()
        })
        .filter(|effect| !effect.reach.is_never())
        .map(|effect| in_loop(visit, effect))
        .collect()
}

/// An effect in the transaction that a path starts.
fn later_by(effect: &Effect, started: Span) -> Effect {
    let job = effect.job.unwrap_or(Job::new(JobKind::Path, started));
    Effect { job: Some(job), ..effect.clone() }
}

fn starts_path(flow: &FlowFacts, span: Span, reach: Reach) -> Effect {
    let starts = Step::new(span, "starts a path that runs later");
    effect(flow, span, reach, EffectKind::Start(JobKind::Path), starts)
}

/// What runs in transactions of its own: scheduled and asynchronous paths, and what comes after waits.
fn later<'f>(
    flow: &'f FlowFacts,
    reach: Reach,
    field_of: &FieldOf<'_>,
) -> Vec<(Span, &'f Name, Reach)> {
    let mut later: Vec<(Span, &'f Name, Reach)> =
        flow.start.paths.iter().map(|path| (path.span, &path.next, reach)).collect();
    let waits = |next: &Name, reach: Reach| {
        let given = Branches::default();
        let visits = paths::visits(flow, next, reach, &given, field_of).into_iter();
        visits.flat_map(|visit| match &visit.element.kind {
            ElementKind::Wait(events) => {
                events.iter().map(|next| (visit.element.span, next, visit.reach)).collect()
            }
            _ => Vec::new(),
        })
    };
    later.extend(flow.start.next.iter().flat_map(|next| waits(next, reach)));
    let mut at = 0;
    while let Some(&(_, next, reach)) = later.get(at).filter(|_| at < MAX_LATER) {
        at += 1;
        let more: Vec<_> = waits(next, reach)
            .filter(|(_, next, _)| later.iter().all(|(_, known, _)| known != next))
            .collect();
        later.extend(more);
    }
    later.truncate(MAX_LATER);
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
