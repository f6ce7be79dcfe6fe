//! Work in transactions of its own: queueables, batches, future methods, scheduled jobs, finalizers.
//!
//! A statement that starts a job has an effect of its own, and the job is kept with what it is handed. Jobs are followed once
//! the save is done with, so that nothing that they do to objects is seen in the save (PA-02 … PA-05).

use super::frame::Frame;
use super::locking::in_batch_start;
use super::value::{Value, What};
use super::world::{Note, RawEffect, Trail, World};
use crate::apex::ir::{ExprId, ExprKind};
use crate::base::{Name, Span, Step};
use crate::program::effect::{Effect, EffectKind, Failure, Job, JobKind, Repeat};
use crate::program::mask::Reach;
use crate::program::row::RowPath;
use crate::program::{ClassId, CodeId};
use crate::schema::ObjectId;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// A job that is started, with what it is handed.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Pending {
    job: Job,
    run: Run,
}

#[derive(Clone, PartialEq, Debug)]
enum Run {
    /// `execute`, and of a batch `start` and `finish`, of an object.
    Object(Value),
    Future {
        code: CodeId,
        args: Vec<Value>,
    },
}

/// A save that starts more jobs than this starts what these start.
const MAX_JOBS: usize = 64;

/// Jobs in jobs in jobs: what is further away is started by other saves as well.
const MAX_GENERATIONS: usize = 3;

impl<'p> World<'p> {
    /// `System.enqueueJob(job)`, `System.schedule(name, cron, job)`, …
    pub(super) fn system_call(
        &mut self,
        frame: &mut Frame<'p>,
        id: ExprId,
        name: &Name,
        args: &[Value],
    ) {
        let site = frame.body.exprs[id].span;
        match *args {
            // Equal jobs collapse into one: there are no more of them than rows.
            [_, _] if name.is("enqueueJob") && has_signature(frame) => {}
            [job, ..] if name.is("enqueueJob") => {
                self.start_object(frame, JobKind::Queueable, job, site);
            }
            [job] if name.is("attachFinalizer") => {
                self.start_object(frame, JobKind::Finalizer, job, site);
            }
            [_, cron, job] if name.is("schedule") => {
                if let Some(cron) = self.text(cron) {
                    let cron = cron.to_string();
                    let classes = self.class_names(job);
                    self.crons.extend(classes.into_iter().map(|class| (site, cron.clone(), class)));
                }
                self.start_object(frame, JobKind::Scheduled, job, site);
            }
            [job, _, _, ..] if name.is("scheduleBatch") => {
                self.start_object(frame, JobKind::Batch, job, site);
            }
            _ => {}
        }
    }

    /// The classes that an object may have.
    fn class_names(&self, object: Value) -> BTreeSet<String> {
        let classes = self.values.each(object).filter_map(|atom| self.class_of(atom));
        classes.map(|class| self.linked.symbols.classes[class].name.clone()).collect()
    }

    pub(super) fn start_object(
        &mut self,
        frame: &mut Frame<'p>,
        kind: JobKind,
        object: Value,
        site: Span,
    ) {
        self.start(frame, kind, site);
        self.keep(Pending { job: Job::new(kind, site), run: Run::Object(object) });
    }

    pub(super) fn start_future(
        &mut self,
        frame: &mut Frame<'p>,
        code: CodeId,
        args: &[Value],
        site: Span,
    ) {
        self.start(frame, JobKind::Future, site);
        let job = Job::new(JobKind::Future, site);
        self.keep(Pending { job, run: Run::Future { code, args: args.to_vec() } });
    }

    fn keep(&mut self, pending: Pending) {
        if self.pending.len() < MAX_JOBS && !self.pending.contains(&pending) {
            self.pending.push(pending);
        }
    }

    /// The effect of starting something, which happens in the transaction around.
    pub(super) fn start(&mut self, frame: &mut Frame<'p>, kind: JobKind, site: Span) {
        self.note(frame, EffectKind::Start(kind), None, site);
    }

    /// `EventBus.publish(events)`: one effect for each event that they may be.
    pub(super) fn publish(&mut self, frame: &mut Frame<'p>, site: Span, args: &[Value]) {
        let mut events = BTreeSet::new();
        for &arg in args.iter().take(1) {
            let rows = self.elements(arg);
            events.extend(self.values.each(rows).filter_map(|atom| self.object_of_id(atom.what)));
        }
        if events.is_empty() {
            self.start(frame, JobKind::Event, site);
        }
        for event in events {
            let kind = EffectKind::Start(JobKind::Event);
            self.note(frame, kind, Some((event, RowPath::New)), site);
        }
    }

    /// `new Http().send(request)`
    pub(super) fn callout(&mut self, frame: &mut Frame<'p>, site: Span) {
        self.note(frame, EffectKind::Callout, None, site);
    }

    /// An effect that locks no rows.
    pub(super) fn note(
        &mut self,
        frame: &mut Frame<'p>,
        kind: EffectKind,
        rows: Option<(ObjectId, RowPath)>,
        site: Span,
    ) {
        let noted = self.noted(frame, kind, rows, site);
        frame.push_effect(noted);
    }

    pub(super) fn noted(
        &mut self,
        frame: &Frame<'p>,
        kind: EffectKind,
        rows: Option<(ObjectId, RowPath)>,
        site: Span,
    ) -> RawEffect {
        let object = rows.as_ref().map(|(object, _)| *object);
        let path = self.path(rows.map_or(RowPath::Unknown, |(_, path)| path));
        let trail = Rc::new(Trail { span: site, note: Note::Statement, next: None });
        RawEffect {
            kind,
            object,
            path,
            reach: frame.reach,
            repeat: Repeat::Once,
            single: false,
            certain: true,
            is_whole: false,
            failure: Failure::Thrown,
            query: None,
            parents: Rc::from([]),
            site,
            code: frame.id,
            trail,
        }
    }

    /// What the jobs do that some effects start, and the jobs that these start.
    pub(super) fn jobs_of<'e>(
        &mut self,
        effects: impl IntoIterator<Item = &'e Effect>,
    ) -> Vec<Effect> {
        self.in_job = true;
        let mut open = std::mem::take(&mut self.pending);
        let mut starts: Vec<Effect> = started(effects);
        let mut all = Vec::new();
        for _ in 0..MAX_GENERATIONS {
            let done = self.settle(|world| world.run_pending(&open));
            let mut found = Vec::new();
            for (job, raw) in &done {
                for start in starts.iter().filter(|start| start.site == job.started) {
                    found.extend(raw.iter().filter_map(|raw| self.effect_of_job(*job, start, raw)));
                }
            }
            starts = started(&found);
            all.append(&mut found);
            open = std::mem::take(&mut self.pending);
            if open.is_empty() {
                break;
            }
        }
        all
    }

    fn run_pending(&mut self, pending: &[Pending]) -> Vec<(Job, Vec<RawEffect>)> {
        let mut done = Vec::new();
        for one in pending {
            let mut at_end = Vec::new();
            done.push((one.job, self.run(one, &mut at_end)));
            done.push((Job { is_finish: true, ..one.job }, at_end));
        }
        done
    }

    /// What a job does; of a batch, what it does at its end stands apart.
    fn run(&mut self, pending: &Pending, at_end: &mut Vec<RawEffect>) -> Vec<RawEffect> {
        let mut effects = Vec::new();
        match &pending.run {
            Run::Future { code, args } => {
                let nothing = self.values.nothing;
                effects
                    .extend(self.interpret(*code, nothing, args, Reach::ALWAYS).1.iter().cloned());
            }
            Run::Object(object) => {
                for atom in self.values.each(*object) {
                    let Some(class) = self.class_of(atom) else { continue };
                    let this = self.values.of([atom]);
                    match pending.job.kind {
                        JobKind::Batch => self.run_batch(class, this, &mut effects, at_end),
                        _ => {
                            let context = self.values.other;
                            self.run_step(class, "execute", this, &[context], &mut effects);
                        }
                    }
                }
            }
        }
        effects
    }

    /// The rows that `start` finds come to `execute` in chunks.
    fn run_batch(
        &mut self,
        class: ClassId,
        this: Value,
        effects: &mut Vec<RawEffect>,
        at_end: &mut Vec<RawEffect>,
    ) {
        let context = self.values.other;
        let rows = self.run_step(class, "start", this, &[context], effects);
        in_batch_start(effects);
        let chunk = self.chunk_of(rows);
        self.run_step(class, "execute", this, &[context, chunk], effects);
        self.run_step(class, "finish", this, &[context], at_end);
    }

    /// Some of the rows of a query: of all rows of an object, a chunk is not the row that all transactions share.
    fn chunk_of(&mut self, rows: Value) -> Value {
        let rows = self.elements(rows);
        let mut chunk = Vec::new();
        for mut atom in self.values.each(rows) {
            if let What::Row { path, .. } = &mut atom.what {
                let some = self.paths.get(*path).if_filtered();
                *path = self.path(some);
            }
            chunk.push(atom);
        }
        self.values.of(chunk)
    }

    fn run_step(
        &mut self,
        class: ClassId,
        name: &str,
        this: Value,
        args: &[Value],
        effects: &mut Vec<RawEffect>,
    ) -> Value {
        let mut result = self.values.nothing;
        for code in self.overloads(class, &Name::new(name), args) {
            let (returned, done) = self.interpret(code, this, args, Reach::ALWAYS);
            effects.extend(done.iter().cloned());
            result = self.values.join(result, returned);
        }
        result
    }

    /// An effect of a job, with the way to the job before its own.
    fn effect_of_job(&self, job: Job, start: &Effect, raw: &RawEffect) -> Option<Effect> {
        let effect = self.effect(raw);
        let reach = start.reach.and(effect.reach);
        let kind = job.kind.words();
        let head =
            Step::new(self.linked.code[raw.code].span, format!("`{}` runs in {kind}", effect.code));
        let chain = start.chain.then(&effect.chain.after(head));
        (!reach.is_never()).then_some(Effect { job: Some(job), reach, chain, ..effect })
    }
}

/// `options.DuplicateSignature = …`
fn has_signature(frame: &Frame<'_>) -> bool {
    frame.body.exprs.iter().any(|(_, expr)| {
        matches!(&expr.kind, ExprKind::Field { name, .. } if name.name.is("DuplicateSignature"))
    })
}

/// The statements that start jobs, each by the shortest way to it.
fn started<'e>(effects: impl IntoIterator<Item = &'e Effect>) -> Vec<Effect> {
    let starts = effects.into_iter().filter(|effect| matches!(effect.kind, EffectKind::Start(_)));
    let mut nearest: BTreeMap<Span, &Effect> = BTreeMap::new();
    for start in starts {
        let known = nearest.entry(start.site).or_insert(start);
        if start.chain.len() < known.chain.len() {
            *known = start;
        }
    }
    nearest.into_values().cloned().collect()
}
