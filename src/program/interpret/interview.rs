//! Flows that code runs: `Flow.Interview.createInterview('Name', inputs)`, `new Flow.Interview.Name(inputs)`.

use super::frame::Frame;
use super::text::HOLE;
use super::value::{NameKey, PathKey, Value, What};
use super::world::{Cell, Note, RawEffect, Trail, World};
use crate::apex::ir::{ExprId, ExprKind};
use crate::base::{Name, Span};
use crate::program::UnknownReason;
use crate::program::effect::{Effect, EffectKind, Failure, Repeat};
use crate::program::flow::{self, Flows, Input};
use crate::program::row::RowPath;
use crate::program::unknown::Unknown;
use crate::schema::ObjectId;
use std::collections::BTreeSet;
use std::rc::Rc;

/// Flows that run code that runs flows: real code does so once.
const MAX_DEPTH: usize = 4;

impl<'p> World<'p> {
    /// `createInterview(name, inputs)`, or with a namespace before. An interview is made to be started.
    pub(super) fn interview_by_name(&mut self, frame: &mut Frame<'p>, site: Span, args: &[Value]) {
        let (name, inputs) = match *args {
            [name, inputs] | [_, name, inputs] => (name, inputs),
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
        let path = self.path(RowPath::Unknown);
        let parents = self.inputs(inputs);
        frame.push_effect(RawEffect {
            kind: EffectKind::Interview(flow.0),
            object: None,
            path,
            reach: frame.reach,
            repeat: Repeat::Once,
            single: false,
            certain: true,
            failure: Failure::Thrown,
            query: None,
            parents,
            site,
            code: frame.id,
            trail: Rc::new(Trail { span: site, note: Note::Statement, next: None }),
        });
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

/// Puts what flows do in the place of their interviews.
pub(super) fn follow(
    flows: &Flows<'_>,
    saved: Option<ObjectId>,
    effects: Vec<Effect>,
    unknowns: &mut BTreeSet<Unknown>,
) -> Vec<Effect> {
    within(flows, saved, effects, unknowns, 0)
}

fn within(
    flows: &Flows<'_>,
    saved: Option<ObjectId>,
    effects: Vec<Effect>,
    unknowns: &mut BTreeSet<Unknown>,
    depth: usize,
) -> Vec<Effect> {
    let mut all = Vec::with_capacity(effects.len());
    for effect in effects {
        let EffectKind::Interview(flow) = effect.kind else {
            all.push(effect);
            continue;
        };
        if depth == MAX_DEPTH {
            unknowns.insert(Unknown { span: effect.site, reason: UnknownReason::Depth });
            continue;
        }
        let input = |(name, row): &(Name, RowPath)| Input { name: name.clone(), row: row.clone() };
        let inputs: Vec<Input> = effect.parents.iter().map(input).collect();
        let done = flow::interview(flows, flow, saved, &inputs, unknowns);
        let done = done.into_iter().map(|inner| inner.run_by(&effect)).collect();
        all.extend(within(flows, saved, done, unknowns, depth + 1));
    }
    all
}

impl Effect {
    /// What a flow does, where code runs it.
    fn run_by(self, interview: &Effect) -> Effect {
        Effect {
            reach: self.reach.and(interview.reach),
            repeat: self.repeat.max(interview.repeat),
            certain: self.certain && interview.certain,
            failure: self.failure.max(interview.failure),
            job: interview.job,
            chain: interview.chain.then(&self.chain),
            ..self
        }
    }
}
