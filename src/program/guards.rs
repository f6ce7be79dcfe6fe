//! Static Booleans by which code keeps automation from running: `Control.isOff = true; update rows;` and `if (Control.isOff) return;`.
//!
//! They hold for a transaction. What stands on the way to a statement says in which states of them it is not reached, and how they
//! stand when it is: by the code of the methods on the way alone, statement by statement.

use super::effect::Effect;
use super::link::Linked;
use super::types::Ty;
use super::{ClassId, Code};
use crate::apex::ir::{BinaryOp, Body, ExprId, ExprKind, Literal, Stmt, StmtId, StmtKind};
use crate::base::{Name, Span};
use std::collections::{BTreeMap, BTreeSet};

/// A static Boolean, by the class that declares it.
type Switch = (ClassId, Name);

/// What the way to a statement says of static Booleans.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Switches {
    /// How they surely stand where the way has assigned them.
    set: BTreeMap<Switch, bool>,
    /// Those that the way may have assigned.
    assigned: BTreeSet<Switch>,
    /// The states in which the way is not taken, of those that nothing on it has assigned before.
    barred: BTreeSet<(Switch, bool)>,
}

impl Switches {
    /// Whether, as these stand, another way is not taken.
    pub(crate) fn stop(&self, way: &Switches) -> bool {
        way.barred.iter().any(|(switch, state)| self.set.get(switch) == Some(state))
    }

    /// How they stand at the end of a way that starts where `before` ends.
    pub(crate) fn after(&self, before: &Switches) -> Switches {
        let mut all = self.clone();
        let kept = before.set.iter().filter(|(switch, _)| !self.assigned.contains(switch));
        all.set.extend(kept.map(|(switch, state)| (switch.clone(), *state)));
        all
    }

    /// Whether each state is one of another's, so that what these stop is stopped there too.
    pub(crate) fn are_within(&self, other: &Switches) -> bool {
        self.set.iter().all(|(switch, state)| other.set.get(switch) == Some(state))
    }

    fn may_assign(&mut self, switch: Switch) {
        self.set.remove(&switch);
        self.assigned.insert(switch);
    }

    fn bar(&mut self, switch: Switch, state: bool) {
        if !self.assigned.contains(&switch) {
            self.barred.insert((switch, state));
        }
    }
}

/// The code that names static Booleans: most does not.
pub(super) struct Guards<'a> {
    linked: &'a Linked,
    code: Vec<&'a Code>,
}

impl<'a> Guards<'a> {
    pub(super) fn new(linked: &'a Linked) -> Guards<'a> {
        let mut guards = Guards { linked, code: Vec::new() };
        for (_, code) in linked.code.iter().filter(|(_, code)| !code.is_test) {
            let Some(body) = &code.body else { continue };
            if body.exprs.ids().any(|id| guards.switch(code, body, id).is_some()) {
                guards.code.push(code);
            }
        }
        guards
    }

    /// Notes what the way to an effect says. A job has static variables of its own, and starts on the way of another transaction.
    pub(super) fn note(&self, effect: &mut Effect) {
        if self.code.is_empty() || effect.job.is_some() {
            return;
        }
        let mut switches = Switches::default();
        for step in effect.chain.steps() {
            let around = self.code.iter().find_map(|code| {
                let body = code.body.as_ref()?;
                let is_here = |stmt: &StmtId| body.stmts[*stmt].span.contains(step.span);
                body.root.iter().any(is_here).then_some((*code, body))
            });
            if let Some((code, body)) = around {
                self.follow(code, body, &body.root, step.span, &mut switches);
            }
        }
        effect.switches = switches;
    }

    /// Goes through a block to the statement in which a place is.
    fn follow(
        &self,
        code: &Code,
        body: &Body,
        block: &[StmtId],
        place: Span,
        switches: &mut Switches,
    ) {
        for &id in block {
            let stmt = &body.stmts[id];
            if !stmt.span.contains(place) {
                self.pass(code, body, stmt, switches);
                continue;
            }
            match &stmt.kind {
                StmtKind::If { cond, then, otherwise } => {
                    let is_in = |block: &[StmtId]| {
                        block.iter().any(|&stmt| body.stmts[stmt].span.contains(place))
                    };
                    for (block, op, holds) in
                        [(then, BinaryOp::And, true), (otherwise, BinaryOp::Or, false)]
                    {
                        if is_in(block) {
                            self.require(code, body, (*cond, op, holds), switches);
                            self.follow(code, body, block, place, switches);
                        }
                    }
                }
                kind => {
                    if matches!(
                        kind,
                        StmtKind::For { .. } | StmtKind::ForEach { .. } | StmtKind::While { .. }
                    ) {
                        self.may_assign(code, body, stmt.span, switches);
                    }
                    for block in blocks(kind) {
                        let mut inside = block.iter();
                        if inside.any(|&stmt| body.stmts[stmt].span.contains(place)) {
                            self.follow(code, body, block, place, switches);
                        }
                    }
                }
            }
            return;
        }
    }

    /// Takes what a statement does that stands before.
    fn pass(&self, code: &Code, body: &Body, stmt: &Stmt, switches: &mut Switches) {
        match &stmt.kind {
            StmtKind::Expr(id) => {
                if let Some((switch, state)) = self.assignment(code, body, *id) {
                    match state {
                        Some(state) => {
                            switches.set.insert(switch.clone(), state);
                            switches.assigned.insert(switch);
                        }
                        None => switches.may_assign(switch),
                    }
                }
            }
            StmtKind::If { cond, then, otherwise } => {
                let last = then.last().map(|&stmt| &body.stmts[stmt].kind);
                let leaves = matches!(
                    last,
                    Some(StmtKind::Return(_) | StmtKind::Throw(_) | StmtKind::Continue)
                );
                if leaves && otherwise.is_empty() {
                    self.require(code, body, (*cond, BinaryOp::Or, false), switches);
                } else {
                    self.may_assign(code, body, stmt.span, switches);
                }
            }
            _ => self.may_assign(code, body, stmt.span, switches),
        }
    }

    /// The way is taken only where a condition holds, or does not: each part of it that is a switch has to stand so.
    fn require(
        &self,
        code: &Code,
        body: &Body,
        (cond, op, holds): (ExprId, BinaryOp, bool),
        switches: &mut Switches,
    ) {
        let parts = match &body.exprs[cond].kind {
            ExprKind::Binary { op: known, operands } if *known == op => operands.clone(),
            _ => vec![cond],
        };
        for part in parts {
            if let Some((switch, state)) = self.test(code, body, part) {
                // Where it has to be on, it is not taken where it is off.
                switches.bar(switch, state != holds);
            }
        }
    }

    /// `isOff`, `!isOff`, `isOff == true`: the switch, and how it stands where this is true.
    fn test(&self, code: &Code, body: &Body, id: ExprId) -> Option<(Switch, bool)> {
        match &body.exprs[id].kind {
            ExprKind::Not(inner) => {
                self.test(code, body, *inner).map(|(switch, state)| (switch, !state))
            }
            ExprKind::Binary { op: op @ (BinaryOp::Equal | BinaryOp::NotEqual), operands } => {
                let &[left, right] = operands.as_slice() else { return None };
                let (switch, state) = self
                    .test(code, body, left)
                    .zip(boolean(body, right))
                    .or_else(|| self.test(code, body, right).zip(boolean(body, left)))
                    .map(|((switch, state), is)| (switch, state == is))?;
                Some((switch, state == (*op == BinaryOp::Equal)))
            }
            _ => self.switch(code, body, id).map(|switch| (switch, true)),
        }
    }

    fn may_assign(&self, code: &Code, body: &Body, within: Span, switches: &mut Switches) {
        for (id, expr) in body.exprs.iter().filter(|(_, expr)| within.contains(expr.span)) {
            if matches!(expr.kind, ExprKind::Assign { .. })
                && let Some((switch, _)) = self.assignment(code, body, id)
            {
                switches.may_assign(switch);
            }
        }
    }

    /// `isOff = true`: the switch and its state, where that is a literal.
    fn assignment(&self, code: &Code, body: &Body, id: ExprId) -> Option<(Switch, Option<bool>)> {
        let ExprKind::Assign { left, right, .. } = body.exprs[id].kind else { return None };
        Some((self.switch(code, body, left)?, boolean(body, right)))
    }

    /// `isOff`, `Control.isOff`
    fn switch(&self, code: &Code, body: &Body, id: ExprId) -> Option<Switch> {
        let symbols = &self.linked.symbols;
        let (class, name) = match &body.exprs[id].kind {
            ExprKind::Name(name) if !is_local(code, body, name) => (code.class?, name),
            ExprKind::Field { object, name } => match &body.exprs[*object].kind {
                ExprKind::Name(class) => (symbols.class_named(class, code.class)?, &name.name),
                _ => return None,
            },
            _ => return None,
        };
        let outer = std::iter::successors(Some(class), |&class| symbols.classes[class].outer);
        let owners = outer.flat_map(|class| symbols.lineage(class));
        let is_switch = |owner: &ClassId| {
            symbols.classes[*owner].variables.get(name).is_some_and(|variable| {
                let is_plain = variable.getter.is_none() && variable.setter.is_none();
                is_plain && variable.is_static && *self.linked.types.get(variable.ty) == Ty::Boolean
            })
        };
        owners.into_iter().find(is_switch).map(|owner| (owner, name.clone()))
    }
}

fn boolean(body: &Body, id: ExprId) -> Option<bool> {
    match body.exprs[id].kind {
        ExprKind::Literal(Literal::Bool(value)) => Some(value),
        _ => None,
    }
}

fn is_local(code: &Code, body: &Body, name: &Name) -> bool {
    let declares = |stmt: &Stmt| match &stmt.kind {
        StmtKind::Local { vars, .. } => vars.iter().any(|(var, _)| var.name == *name),
        StmtKind::ForEach { name: item, .. } => item.name == *name,
        _ => false,
    };
    code.params.iter().any(|(param, _)| param == name)
        || body.stmts.iter().any(|(_, stmt)| declares(stmt))
}

/// The blocks in a statement that is no `if`.
fn blocks(kind: &StmtKind) -> Vec<&[StmtId]> {
    match kind {
        StmtKind::For { body, .. }
        | StmtKind::ForEach { body, .. }
        | StmtKind::While { body, .. }
        | StmtKind::Block(body) => vec![body],
        StmtKind::Switch { cases, .. } => cases.iter().map(|case| case.body.as_slice()).collect(),
        StmtKind::Try { body, catches, finally } => {
            let catches = catches.iter().map(|catch| catch.body.as_slice());
            [body.as_slice(), finally.as_slice()].into_iter().chain(catches).collect()
        }
        _ => Vec::new(),
    }
}
