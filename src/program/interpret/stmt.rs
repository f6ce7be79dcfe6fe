//! Statements: control flow, variables, early exits.

use super::clock;
use super::failure::{Tried, Try};
use super::frame::Frame;
use super::guard;
use super::value::{Value, What};
use super::world::World;
use crate::apex::ir::{Case, Catch, ExprId, ExprKind, Ident, Labels, Literal, StmtId, StmtKind};
use crate::base::Span;
use crate::program::effect::{EffectKind, Repeat};
use crate::program::mask::{Mask, Reach, Test};
use crate::program::types::{Ty, TyId};

/// Whether control goes on after a statement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Flow {
    On,
    /// It returned, threw, or left the loop.
    Out,
}

impl<'p> World<'p> {
    /// Runs a block; what follows an early exit is within the condition that did not exit.
    pub(super) fn block(&mut self, frame: &mut Frame<'p>, stmts: &[StmtId]) -> Flow {
        let depth = frame.locals.len();
        let reach = frame.reach;
        let mut flow = Flow::On;
        for &stmt in stmts {
            if frame.reach.is_never() || self.stmt(frame, stmt) == Flow::Out {
                flow = Flow::Out;
                break;
            }
        }
        frame.locals.truncate(depth);
        if flow == Flow::Out {
            frame.reach = reach;
        }
        flow
    }

    fn stmt(&mut self, frame: &mut Frame<'p>, id: StmtId) -> Flow {
        let body = frame.body;
        let stmt = &body.stmts[id];
        match &stmt.kind {
            StmtKind::Local { vars, .. } => {
                for (name, value) in vars {
                    self.declare(frame, id, name, *value);
                }
                Flow::On
            }
            StmtKind::Expr(expr) => {
                self.expr(frame, *expr);
                Flow::On
            }
            StmtKind::If { cond, then, otherwise } => self.branch(frame, *cond, then, otherwise),
            StmtKind::For { init, cond, update, body } => {
                let depth = frame.locals.len();
                for &stmt in init {
                    self.stmt(frame, stmt);
                }
                let head = Head { cond: *cond, update };
                let few =
                    steps_by_chunks(frame, update) || self.counts_registry(frame, init, *cond);
                let repeat = if few { Repeat::PerChunk } else { Repeat::PerRow };
                self.repeat(frame, stmt.span, repeat, &head, body, None);
                frame.locals.truncate(depth);
                Flow::On
            }
            StmtKind::While { cond, body } => {
                if clock::only_waits(frame.body, stmt.span) {
                    self.note(frame, EffectKind::BusyWait, None, stmt.span);
                }
                let head = Head { cond: Some(*cond), update: &[] };
                self.repeat(frame, stmt.span, Repeat::PerRow, &head, body, None);
                Flow::On
            }
            StmtKind::ForEach { name, over, body, .. } => {
                self.for_each(frame, id, name, *over, body);
                Flow::On
            }
            StmtKind::Switch { on, cases } => self.switch(frame, *on, cases),
            StmtKind::Try { body, catches, finally } => {
                self.try_catch(frame, body, catches, finally)
            }
            StmtKind::Block(stmts) => self.block(frame, stmts),
            StmtKind::Return(value) => {
                if let Some(value) = *value {
                    let value = self.expr(frame, value);
                    let value = self.coerce(value, frame.code.returns);
                    let value = self.values.within(value, frame.reach);
                    frame.returns = self.values.join(frame.returns, value);
                }
                Flow::Out
            }
            StmtKind::Throw(value) => {
                self.expr(frame, *value);
                Flow::Out
            }
            StmtKind::Break | StmtKind::Continue => Flow::Out,
        }
    }

    fn declare(
        &mut self,
        frame: &mut Frame<'p>,
        stmt: StmtId,
        name: &Ident,
        value: Option<ExprId>,
    ) {
        let ty =
            frame.code.stmt_types.get(stmt.index()).copied().unwrap_or(self.linked.types.other);
        let value = match value {
            Some(value) => {
                let value = self.expr(frame, value);
                self.coerce(value, ty)
            }
            None => self.values.null,
        };
        let name = self.name(&name.name);
        frame.locals.push((name, value));
    }

    fn branch(
        &mut self,
        frame: &mut Frame<'p>,
        cond: ExprId,
        then: &[StmtId],
        otherwise: &[StmtId],
    ) -> Flow {
        let value = self.expr(frame, cond);
        let test = self.values.test(value);
        let reach = frame.reach;
        let split = self.split_records(frame, cond);
        let mut before = frame.locals.clone();
        for (at, yes, no) in split {
            frame.locals[at].1 = yes;
            before[at].1 = no;
        }

        let (new_if_true, new_if_false) = guard::without_id(frame, cond);
        let depth = frame.narrowed.len();
        let once = frame.once;
        frame.once |= guard::computes_once(frame, cond, then);
        let is_chunk = guard::flushes(frame, cond);
        if is_chunk {
            frame.loops.push((frame.body.exprs[cond].span, Repeat::PerChunk));
        }
        self.narrow_to_new(frame, &new_if_true);
        let first = self.first_time(frame, cond, then);
        self.narrow_to_first(frame, &first);
        frame.reach = reach.and(test.yes);
        let then_flow = if frame.reach.is_never() { Flow::Out } else { self.block(frame, then) };
        let (then_reach, then_locals) = (frame.reach, std::mem::replace(&mut frame.locals, before));

        frame.once = once;
        frame.narrowed.truncate(depth);
        if is_chunk {
            frame.loops.pop();
        }

        self.narrow_to_new(frame, &new_if_false);
        frame.reach = reach.and(test.no);
        let else_flow =
            if frame.reach.is_never() { Flow::Out } else { self.block(frame, otherwise) };

        frame.narrowed.truncate(depth);

        match (then_flow, else_flow) {
            (Flow::On, Flow::On) => {
                self.join_locals(&mut frame.locals, &then_locals);
                frame.reach = then_reach.or(frame.reach);
                Flow::On
            }
            (Flow::On, Flow::Out) => {
                frame.locals = then_locals;
                frame.reach = then_reach;
                Flow::On
            }
            (Flow::Out, Flow::On) => Flow::On,
            (Flow::Out, Flow::Out) => {
                frame.reach = reach;
                Flow::Out
            }
        }
    }

    fn for_each(
        &mut self,
        frame: &mut Frame<'p>,
        stmt: StmtId,
        name: &Ident,
        over: ExprId,
        body: &[StmtId],
    ) {
        let ty =
            frame.code.stmt_types.get(stmt.index()).copied().unwrap_or(self.linked.types.other);
        let span = frame.body.stmts[stmt].span;
        let rows = self.expr(frame, over);
        let is_query = matches!(frame.body.exprs[over].kind, ExprKind::Soql(_));
        let chunks = matches!(self.linked.types.get(ty), Ty::Elements(_));
        // `for (List<T> rows : [SELECT …])` runs once for 200 rows.
        let by_type = self.is_registry(rows);
        let few = chunks && is_query || by_type;
        let repeat = match few {
            true => Repeat::PerChunk,
            false if self.is_single_row(rows) => Repeat::Once,
            false => Repeat::PerRow,
        };
        let item = if chunks && is_query { rows } else { self.elements(rows) };
        let item = self.coerce(item, ty);
        let depth = frame.locals.len();
        let name = self.name(&name.name);
        frame.locals.push((name, item));
        let head = Head { cond: None, update: &[] };
        let around = frame.record;
        for (record, item) in self.by_record(item) {
            frame.record = record.or(around);
            frame.locals[depth].1 = item;
            self.repeat(frame, span, repeat, &head, body, Some((depth, ty)));
        }
        frame.record = around;
        frame.locals.truncate(depth);
    }

    /// Whether a value holds types, handlers or registrations: a loop over these runs a few times, however many rows are saved.
    fn is_registry(&mut self, value: Value) -> bool {
        let elements = self.elements(value);
        self.values.has(elements, |what| match what {
            What::ObjectToken(_) | What::ClassToken(_) | What::Record(_) => true,
            What::Alloc(alloc) => matches!(self.alloc_ty(*alloc), Ty::Class(_)),
            _ => false,
        })
    }

    /// `for (Integer i = types.size() - 1; i >= 0; i--)`
    fn counts_registry(
        &mut self,
        frame: &mut Frame<'p>,
        init: &[StmtId],
        cond: Option<ExprId>,
    ) -> bool {
        let body = frame.body;
        let started = init.iter().flat_map(|&stmt| match &body.stmts[stmt].kind {
            StmtKind::Local { vars, .. } => vars.iter().filter_map(|(_, value)| *value).collect(),
            _ => Vec::new(),
        });
        let bounds: Vec<ExprId> = started.chain(cond).collect();
        let counted: Vec<ExprId> =
            bounds.into_iter().flat_map(|bound| guard::sized(frame, bound)).collect();
        counted.into_iter().any(|list| {
            let list = self.expr(frame, list);
            self.is_registry(list)
        })
    }

    /// Runs a loop's body until its variables settle: twice is enough for values, since the heap has rounds of its own.
    fn repeat(
        &mut self,
        frame: &mut Frame<'p>,
        span: Span,
        repeat: Repeat,
        head: &Head<'_>,
        body: &[StmtId],
        item: Option<(usize, TyId)>,
    ) {
        // A body that ends by leaving is run once.
        let repeat = if leaves(frame, body) { Repeat::Once } else { repeat };
        let reach = frame.reach;
        let start = item.map(|(at, _)| frame.locals[at].1);
        frame.loops.push((span, repeat));
        for _ in 0..2 {
            let before = frame.locals.clone();
            if let Some(cond) = head.cond {
                let value = self.expr(frame, cond);
                frame.reach = reach.and(self.values.test(value).yes);
            }
            if !frame.reach.is_never() {
                self.block(frame, body);
            }
            frame.reach = reach;
            for &update in head.update {
                self.expr(frame, update);
            }
            if let (Some((at, _)), Some(start)) = (item, start) {
                frame.locals[at].1 = start;
            }
            if frame.locals == before {
                break;
            }
            let mut after = std::mem::take(&mut frame.locals);
            self.join_locals(&mut after, &before);
            frame.locals = after;
        }
        frame.loops.pop();
        frame.reach = reach;
    }

    fn switch(&mut self, frame: &mut Frame<'p>, on: ExprId, cases: &[Case]) -> Flow {
        let on = self.expr(frame, on);
        let by_event = self.is_current_event(on);
        let reach = frame.reach;
        let before = frame.locals.clone();
        let mut rest = reach;
        let mut joined: Option<(Reach, Vec<_>)> = None;
        let mut has_else = false;
        for case in cases {
            frame.locals = before.clone();
            let test = self.case_test(frame, on, by_event, &case.labels);
            has_else |= matches!(case.labels, Labels::Else);
            frame.reach = rest.and(test.yes);
            rest = rest.and(test.no);
            let depth = frame.locals.len();
            if let Labels::Type { name, ty } = &case.labels {
                let name = self.name(&name.name);
                let value = self.narrowed(on, ty, frame);
                frame.locals.push((name, value));
            }
            let flow =
                if frame.reach.is_never() { Flow::Out } else { self.block(frame, &case.body) };
            frame.locals.truncate(depth);
            if flow == Flow::On {
                let locals = std::mem::take(&mut frame.locals);
                joined = Some(match joined {
                    Some((reach, mut known)) => {
                        self.join_locals(&mut known, &locals);
                        (reach.or(frame.reach), known)
                    }
                    None => (frame.reach, locals),
                });
            }
        }
        // Without `when else`, control may pass by every case.
        if !has_else && !rest.is_never() {
            joined = Some(match joined {
                Some((reach, mut known)) => {
                    self.join_locals(&mut known, &before);
                    (reach.or(rest), known)
                }
                None => (rest, before.clone()),
            });
        }
        match joined {
            Some((reach, locals)) => {
                frame.reach = reach;
                frame.locals = locals;
                Flow::On
            }
            None => {
                frame.reach = reach;
                frame.locals = before;
                Flow::Out
            }
        }
    }

    fn case_test(
        &mut self,
        frame: &mut Frame<'p>,
        on: Value,
        by_event: bool,
        labels: &Labels,
    ) -> Test {
        match labels {
            Labels::Values(values) if by_event => {
                let masks = values.iter().filter_map(|&value| self.event_label(frame, value));
                Test::event(masks.fold(Mask::NONE, Mask::or))
            }
            Labels::Values(values) => {
                let constants: Vec<Value> =
                    values.iter().map(|&value| self.expr(frame, value)).collect();
                constants
                    .into_iter()
                    .map(|value| self.equal_test(on, value))
                    .reduce(Test::or)
                    .unwrap_or(Test::OPEN)
            }
            Labels::Type { .. } => Test::OPEN,
            Labels::Else => Test::TRUE,
        }
    }

    /// `when AFTER_UPDATE`: the constant stands without its enum.
    fn event_label(&mut self, frame: &Frame<'p>, value: ExprId) -> Option<Mask> {
        match &frame.body.exprs[value].kind {
            ExprKind::Name(name) => Mask::of_name(name.as_str()),
            ExprKind::Field { name, .. } => Mask::of_name(name.name.as_str()),
            ExprKind::Literal(Literal::Text(text)) => Mask::of_name(text),
            _ => None,
        }
    }

    fn try_catch(
        &mut self,
        frame: &mut Frame<'p>,
        body: &[StmtId],
        catches: &[Catch],
        finally: &[StmtId],
    ) -> Flow {
        let reach = frame.reach;
        let before = frame.locals.clone();
        let around = Try::new(frame, body, catches);
        frame.tries.push(around);
        let mut flow = self.block(frame, body);
        frame.tries.pop();
        let mut after = frame.reach;
        // The body may have stopped anywhere: a handler sees the variables as before, or as after.
        let mut locals = std::mem::take(&mut frame.locals);
        self.join_locals(&mut locals, &before);
        let tried = Tried::new(frame, body);
        frame.tried.push(tried);
        for catch in catches {
            frame.locals = locals.clone();
            frame.reach = reach;
            let name = self.name(&catch.name.name);
            let other = self.values.other;
            frame.locals.push((name, other));
            if self.block(frame, &catch.body) == Flow::On {
                flow = Flow::On;
                after = after.or(frame.reach);
            }
            frame.locals.pop();
            let caught = std::mem::take(&mut frame.locals);
            self.join_locals(&mut locals, &caught);
        }
        frame.tried.pop();
        frame.locals = locals;
        frame.reach = if flow == Flow::On { after } else { reach };
        match self.block(frame, finally) {
            Flow::Out => Flow::Out,
            Flow::On => flow,
        }
    }
}

/// Whether a loop's body ends in `return`, `break` or `throw`.
fn leaves(frame: &Frame<'_>, body: &[StmtId]) -> bool {
    let last = body.last().map(|&stmt| &frame.body.stmts[stmt].kind);
    matches!(last, Some(StmtKind::Return(_) | StmtKind::Break | StmtKind::Throw(_)))
}

/// `i += 200`, rather than `i++`.
fn steps_by_chunks(frame: &Frame<'_>, update: &[ExprId]) -> bool {
    update.iter().any(|&update| match &frame.body.exprs[update].kind {
        ExprKind::Assign { right, compound: true, .. } => {
            !matches!(&frame.body.exprs[*right].kind, ExprKind::Literal(Literal::Number(step)) if step == "1")
        }
        _ => false,
    })
}

struct Head<'a> {
    cond: Option<ExprId>,
    update: &'a [ExprId],
}
