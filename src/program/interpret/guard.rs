//! Shapes of conditions that say more than when they hold: a value computed once, a full list, a row without an id.

use super::frame::Frame;
use super::value::{Atom, What};
use super::world::World;
use crate::apex::ir::{BinaryOp, Expr, ExprId, ExprKind, Literal, StmtId, StmtKind};
use crate::base::Name;
use crate::program::row::RowPath;

/// `if (settings == null) { settings = …; }`: the branch runs once, whatever loop is around.
pub(super) fn computes_once(frame: &Frame<'_>, cond: ExprId, then: &[StmtId]) -> bool {
    let is_kept = |name: &Name| then.iter().any(|&stmt| assigns(frame, stmt, name));
    parts(frame, cond).into_iter().any(|part| match equality(frame, part) {
        Some((BinaryOp::Equal, value)) => variable(frame, value).is_some_and(is_kept),
        _ => false,
    })
}

/// `if (rows.size() >= 200) { update rows; rows.clear(); }`: a chunk is full.
pub(super) fn flushes(frame: &Frame<'_>, cond: ExprId) -> bool {
    parts(frame, cond).into_iter().any(|part| match &expr(frame, part).kind {
        ExprKind::Binary { op: BinaryOp::Equal | BinaryOp::Compare, operands } => {
            let sizes = operands.iter().any(|&side| is_size(frame, side));
            let zero =
                operands.iter().any(|&side| is_literal(frame, side, &Literal::Number("0".into())));
            sizes && !zero
        }
        _ => false,
    })
}

/// The variables of whose row a condition says that it has no id: where it is true, and where it is false.
pub(super) fn without_id<'p>(frame: &Frame<'p>, cond: ExprId) -> (Vec<&'p Name>, Vec<&'p Name>) {
    let mut when_true = Vec::new();
    let mut when_false = Vec::new();
    let tested = |part| {
        let (op, value) = equality(frame, part)?;
        let ExprKind::Field { object, name } = &expr(frame, value).kind else { return None };
        let variable = variable(frame, *object).filter(|_| name.name.is("Id"))?;
        Some((op, variable))
    };
    let is_all = !matches!(expr(frame, cond).kind, ExprKind::Binary { op: BinaryOp::Or, .. });
    for part in if is_all { parts(frame, cond) } else { Vec::new() } {
        match tested(part) {
            Some((BinaryOp::Equal, variable)) => when_true.push(variable),
            Some((_, variable)) => when_false.push(variable),
            None => {}
        }
    }
    // Of several conditions, any may be the false one.
    if when_false.len() > 1 || parts(frame, cond).len() > 1 {
        when_false.clear();
    }
    (when_true, when_false)
}

impl<'p> World<'p> {
    /// Takes it that the rows of these variables are not in the database yet.
    pub(super) fn narrow_to_new(&mut self, frame: &mut Frame<'p>, variables: &[&Name]) {
        for name in variables {
            let Some(value) = self.variable(frame, name) else { continue };
            let path = self.path(RowPath::New);
            let atoms: Vec<Atom> = self
                .values
                .atoms(value)
                .iter()
                .map(|atom| match atom.what {
                    What::Row { object, old, .. } => {
                        Atom { what: What::Row { object, path, old }, ..*atom }
                    }
                    _ => *atom,
                })
                .collect();
            let value = self.values.of(atoms);
            let key = self.name(name);
            frame.narrowed.push((key, value));
        }
    }
}

fn expr<'p>(frame: &Frame<'p>, id: ExprId) -> &'p Expr {
    &frame.body.exprs[id]
}

/// The operands of `&&` or `||`, or the condition itself.
fn parts(frame: &Frame<'_>, cond: ExprId) -> Vec<ExprId> {
    match &expr(frame, cond).kind {
        ExprKind::Binary { op: BinaryOp::And | BinaryOp::Or, operands } => operands.clone(),
        _ => vec![cond],
    }
}

/// `value == null`, `value != null`.
fn equality(frame: &Frame<'_>, id: ExprId) -> Option<(BinaryOp, ExprId)> {
    let ExprKind::Binary { op: op @ (BinaryOp::Equal | BinaryOp::NotEqual), operands } =
        &expr(frame, id).kind
    else {
        return None;
    };
    match operands.as_slice() {
        &[value, null] | &[null, value] if is_literal(frame, null, &Literal::Null) => {
            Some((*op, value))
        }
        _ => None,
    }
}

fn is_literal(frame: &Frame<'_>, id: ExprId, literal: &Literal) -> bool {
    matches!(&expr(frame, id).kind, ExprKind::Literal(written) if written == literal)
}

fn is_size(frame: &Frame<'_>, id: ExprId) -> bool {
    matches!(&expr(frame, id).kind, ExprKind::Call { object: Some(_), name, args } if name.name.is("size") && args.is_empty())
}

/// The collections whose size an expression asks for.
pub(super) fn sized(frame: &Frame<'_>, id: ExprId) -> Vec<ExprId> {
    match &expr(frame, id).kind {
        ExprKind::Call { object: Some(list), .. } if is_size(frame, id) => vec![*list],
        ExprKind::Binary { operands, .. } => {
            operands.iter().flat_map(|&operand| sized(frame, operand)).collect()
        }
        _ => Vec::new(),
    }
}

/// `name`, `this.name` or `Class.name`.
fn variable<'p>(frame: &Frame<'p>, id: ExprId) -> Option<&'p Name> {
    match &expr(frame, id).kind {
        ExprKind::Name(name) => Some(name),
        ExprKind::Field { object, name } => match expr(frame, *object).kind {
            ExprKind::This | ExprKind::Name(_) => Some(&name.name),
            _ => None,
        },
        _ => None,
    }
}

fn assigns(frame: &Frame<'_>, stmt: StmtId, name: &Name) -> bool {
    match &frame.body.stmts[stmt].kind {
        StmtKind::Expr(id) => match &expr(frame, *id).kind {
            ExprKind::Assign { left, .. } => {
                variable(frame, *left).is_some_and(|assigned| assigned == name)
            }
            _ => false,
        },
        _ => false,
    }
}
