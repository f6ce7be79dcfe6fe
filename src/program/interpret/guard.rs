//! Shapes of conditions that say more than when they hold: a value computed once, a full list, a row without an id.

use super::frame::Frame;
use super::value::{Atom, PathKey, What};
use super::world::World;
use crate::apex::ir::{BinaryOp, Body, Expr, ExprId, ExprKind, Literal, StmtId, StmtKind};
use crate::base::Name;
use crate::program::ClassId;
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
    /// `if (row.Mode__c == null) { row.Mode__c = …; update row; }`: the variables whose rows the branch gives the value that
    /// they lack, so that it runs once and then no more.
    pub(super) fn first_time(
        &self,
        frame: &Frame<'p>,
        cond: ExprId,
        then: &[StmtId],
    ) -> Vec<&'p Name> {
        let lacks = |part: &ExprId| -> Option<(&'p Name, &'p Name)> {
            let (BinaryOp::Equal, value) = equality(frame, *part)? else { return None };
            let ExprKind::Field { object, name } = &expr(frame, value).kind else { return None };
            Some((variable(frame, *object)?, &name.name))
        };
        let gives = |(row, field): (&'p Name, &'p Name)| {
            field.is("Id") || then.iter().any(|&stmt| self.gives(frame, stmt, row, field))
        };
        let parts = parts(frame, cond);
        let missing: Vec<(&Name, &Name)> =
            parts.iter().filter_map(lacks).filter(|&of| gives(of)).collect();
        // Of alternatives, each has to be one.
        let is_any = matches!(expr(frame, cond).kind, ExprKind::Binary { op: BinaryOp::Or, .. });
        if is_any && missing.len() < parts.len() {
            return Vec::new();
        }
        let mut rows: Vec<&Name> = missing.into_iter().map(|(row, _)| row).collect();
        rows.dedup();
        if is_any && rows.len() > 1 { Vec::new() } else { rows }
    }

    /// Whether a statement sets a field of a row, itself or by a method of the class that it hands the row.
    fn gives(&self, frame: &Frame<'p>, stmt: StmtId, row: &Name, field: &Name) -> bool {
        if assigns_field(frame, stmt, row, field) {
            return true;
        }
        let StmtKind::Expr(id) = &frame.body.stmts[stmt].kind else { return false };
        let ExprKind::Call { object: None, name, args } = &expr(frame, *id).kind else {
            return false;
        };
        let is_handed = args.iter().any(|&arg| variable(frame, arg).is_some_and(|arg| arg == row));
        let Some(class) = frame.code.class.filter(|_| is_handed) else { return false };
        self.sets_by(class, &name.name, field)
    }

    /// Whether a method of a class sets a field of this name, or one of its class that it calls.
    fn sets_by(&self, class: ClassId, method: &Name, field: &Name) -> bool {
        let mut open = vec![method];
        let mut at = 0;
        while let Some(&method) = open.get(at) {
            at += 1;
            for code in self.linked.symbols.methods(class, method) {
                let Some(body) = &self.linked.code[code].body else { continue };
                if sets(body, field) {
                    return true;
                }
                for (_, expr) in body.exprs.iter() {
                    if let ExprKind::Call { object: None, name, .. } = &expr.kind
                        && !open.contains(&&name.name)
                    {
                        open.push(&name.name);
                    }
                }
            }
        }
        false
    }
}

/// Whether code sets a field of this name.
fn sets(body: &Body, field: &Name) -> bool {
    body.exprs.iter().any(|(_, expr)| {
        let ExprKind::Assign { left, .. } = &expr.kind else { return false };
        matches!(&body.exprs[*left].kind, ExprKind::Field { name, .. } if name.name == *field)
    })
}

impl<'p> World<'p> {
    /// Takes it that rows which are the same for all saves are nobody else's yet.
    pub(super) fn narrow_to_first(&mut self, frame: &mut Frame<'p>, variables: &[&Name]) {
        let constant = self.path(RowPath::Constant);
        self.narrow(frame, variables, |path| path == constant);
    }

    /// Takes it that the rows of these variables are not in the database yet.
    pub(super) fn narrow_to_new(&mut self, frame: &mut Frame<'p>, variables: &[&Name]) {
        self.narrow(frame, variables, |_| true);
    }

    fn narrow(
        &mut self,
        frame: &mut Frame<'p>,
        variables: &[&Name],
        is_narrowed: impl Fn(PathKey) -> bool,
    ) {
        for name in variables {
            let Some(value) = self.variable(frame, name) else { continue };
            let new = self.path(RowPath::New);
            let atoms: Vec<Atom> = self
                .values
                .atoms(value)
                .iter()
                .map(|atom| match atom.what {
                    What::Row { object, old, path } if is_narrowed(path) => {
                        Atom { what: What::Row { object, path: new, old }, ..*atom }
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
    assigned(frame, stmt)
        .is_some_and(|left| variable(frame, left).is_some_and(|assigned| assigned == name))
}

/// `row.field = …;`
fn assigns_field(frame: &Frame<'_>, stmt: StmtId, row: &Name, field: &Name) -> bool {
    let Some(left) = assigned(frame, stmt) else { return false };
    let ExprKind::Field { object, name } = &expr(frame, left).kind else { return false };
    name.name == *field && variable(frame, *object).is_some_and(|variable| variable == row)
}

/// What a statement assigns to.
fn assigned(frame: &Frame<'_>, stmt: StmtId) -> Option<ExprId> {
    let StmtKind::Expr(id) = &frame.body.stmts[stmt].kind else { return None };
    match &expr(frame, *id).kind {
        ExprKind::Assign { left, .. } => Some(*left),
        _ => None,
    }
}
