//! Flows that code runs: `Flow.Interview.createInterview('Name', inputs)`, `new Flow.Interview.Name(inputs)`.

use super::frame::Frame;
use super::text::HOLE;
use super::value::{NameKey, PathKey, Value, What};
use super::world::{Cell, RawEffect, World};
use crate::apex::ir::{ExprId, ExprKind};
use crate::base::{Id, Name, Span};
use crate::metadata::FlowFacts;
use crate::program::UnknownReason;
use crate::program::effect::{Effect, EffectKind};
use crate::program::flow::{self, Flows, Input};
use crate::program::row::RowPath;
use crate::program::unknown::Unknown;
use crate::schema::ObjectId;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Flows that run code that runs flows: real code does so once.
const MAX_DEPTH: usize = 4;

/// A project whose code runs flows in more ways than this is followed up to so many.
const MAX_KNOWN: usize = 1_000;

impl<'p> World<'p> {
    /// `createInterview(name, inputs)`, or with a namespace before. An interview is made to be started.
    pub(super) fn interview_by_name(&mut self, frame: &mut Frame<'p>, site: Span, args: &[Value]) {
        let (name, inputs) = match *args {
            [name, inputs] => (name, inputs),
            [namespace, name, inputs] => {
                // A flow of a package is none of the project's.
                if self.text(namespace).is_some_and(|namespace| !namespace.as_str().is_empty()) {
                    return self.unknown(site, UnknownReason::MissingFlow);
                }
                (name, inputs)
            }
            _ => return,
        };
        for name in self.variants(name) {
            if name.contains(HOLE) {
                self.unknown(site, UnknownReason::DynamicFlow);
            } else {
                self.interview(frame, site, &Name::new(&name), inputs);
            }
        }
    }

    /// `new Flow.Interview.Name(inputs)`
    pub(super) fn interview_by_type(&mut self, frame: &mut Frame<'p>, id: ExprId, args: &[Value]) {
        let expr = &frame.body.exprs[id];
        let ExprKind::New { ty, .. } = &expr.kind else { return };
        if let Some(name) = ty.name.without_prefix("Flow.Interview.") {
            let inputs = args.first().copied().unwrap_or(self.values.nothing);
            self.interview(frame, expr.span, &Name::new(name), inputs);
        }
    }

    fn interview(&mut self, frame: &mut Frame<'p>, site: Span, name: &Name, inputs: Value) {
        let Some(flow) = self.linked.flows.iter().find(|(_, flow)| flow.name == *name) else {
            self.unknown(site, UnknownReason::MissingFlow);
            return;
        };
        let parents = self.inputs(inputs);
        let noted = self.noted(frame, EffectKind::Interview(flow.0), None, site);
        frame.push_effect(RawEffect { parents, ..noted });
    }

    /// The rows, or the ids of rows, that a map holds under constant keys.
    fn inputs(&mut self, map: Value) -> Rc<[(NameKey, PathKey)]> {
        let mut inputs = Vec::new();
        for atom in self.values.each(map) {
            let What::Alloc(alloc) = atom.what else { continue };
            for entry in self.fields_of(alloc) {
                let Some(name) = self.entry_text(entry) else { continue };
                let value = self.read(Cell::Of(alloc, entry)).unwrap_or(self.values.nothing);
                let name = self.name(&name);
                inputs.extend(self.id_paths(value).into_iter().map(|path| (name, path)));
            }
        }
        inputs.into()
    }
}

/// What flows do that code runs, each followed once for what it is handed.
pub(super) struct Interviews<'a> {
    flows: &'a Flows<'a>,
    known: BTreeMap<Key, Rc<[Effect]>>,
    /// Those that are being followed.
    open: Vec<Id<FlowFacts>>,
    pub(super) unknowns: BTreeSet<Unknown>,
}

/// The flow, the object whose save it is, and what it is handed.
type Key = (Id<FlowFacts>, Option<ObjectId>, Vec<(Name, RowPath)>);

impl<'a> Interviews<'a> {
    pub(super) fn new(flows: &'a Flows<'a>) -> Interviews<'a> {
        Interviews { flows, known: BTreeMap::new(), open: Vec::new(), unknowns: BTreeSet::new() }
    }

    /// Puts what flows do in the place of their interviews.
    pub(super) fn follow(&mut self, effects: &mut Vec<Effect>, saved: Option<ObjectId>) {
        let is_interview = |effect: &Effect| matches!(effect.kind, EffectKind::Interview(_));
        if !effects.iter().any(is_interview) {
            return;
        }
        let mut all = Vec::with_capacity(effects.len());
        for effect in std::mem::take(effects) {
            match effect.kind {
                EffectKind::Interview(flow) => {
                    let done = self.interview(flow, saved, &effect);
                    all.extend(done.iter().map(|inner| inner.clone().run_by(&effect)));
                }
                _ => all.push(effect),
            }
        }
        *effects = all;
    }

    fn interview(
        &mut self,
        flow: Id<FlowFacts>,
        saved: Option<ObjectId>,
        interview: &Effect,
    ) -> Rc<[Effect]> {
        let key = (flow, saved, interview.parents.clone());
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        // A flow that runs itself does no more than the first time; real code does not go far.
        if self.open.contains(&flow) || self.open.len() == MAX_DEPTH || self.known.len() > MAX_KNOWN
        {
            self.unknowns.insert(Unknown { span: interview.site, reason: UnknownReason::Depth });
            return Rc::from([]);
        }
        self.open.push(flow);
        let inputs = interview.parents.iter();
        let inputs: Vec<Input> =
            inputs.map(|(name, row)| Input { name: name.clone(), row: row.clone() }).collect();
        let mut done = flow::interview(self.flows, flow, saved, &inputs, &mut self.unknowns);
        self.follow(&mut done, saved);
        self.open.pop();
        let done: Rc<[Effect]> = flow::joined(done.into_iter()).into();
        self.known.insert(key, done.clone());
        done
    }
}

impl Effect {
    /// What a flow does, where code runs it.
    fn run_by(self, interview: &Effect) -> Effect {
        Effect {
            reach: self.reach.and(interview.reach),
            repeat: self.repeat.max(interview.repeat),
            certain: self.certain && interview.certain,
            failure: self.failure.max(interview.failure),
            job: self.job.or(interview.job),
            chain: interview.chain.then(&self.chain),
            ..self
        }
    }
}
