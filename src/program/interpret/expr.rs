//! Expressions: names, fields, creations, operators.

use super::frame::Frame;
use super::value::{Value, What};
use super::world::World;
use crate::apex::ir::{ExprId, ExprKind, Literal};
use crate::base::Name;
use crate::program::mask::{Reach, Test};
use crate::program::types::TyId;

impl<'p> World<'p> {
    pub(super) fn expr(&mut self, frame: &mut Frame<'p>, id: ExprId) -> Value {
        let body = frame.body;
        let expr = &body.exprs[id];
        match &expr.kind {
            ExprKind::Name(name) => self.variable(frame, name).unwrap_or(self.values.other),
            ExprKind::This => frame.this,
            ExprKind::Super => frame.this,
            ExprKind::Field { object, name } => self.field_access(frame, *object, name, expr.span),
            ExprKind::Index { list, index } => {
                let list = self.expr(frame, *list);
                self.expr(frame, *index);
                self.elements(list)
            }
            ExprKind::Call { object, name, args } => self.call(frame, id, *object, name, args),
            ExprKind::New { args, .. } => self.create(frame, id, args),
            ExprKind::Cast { value, .. } => {
                let value = self.expr(frame, *value);
                let ty = self.written_type(frame, id);
                self.cast(value, ty)
            }
            ExprKind::InstanceOf { value, .. } => {
                let value = self.expr(frame, *value);
                let ty = self.written_type(frame, id);
                let test = self.instance_test(value, ty);
                self.values.one(What::Test(test))
            }
            ExprKind::Ternary { cond, then, otherwise } => {
                let cond = self.expr(frame, *cond);
                let test = self.values.test(cond);
                let then = self.expr_within(frame, *then, test.yes);
                let otherwise = self.expr_within(frame, *otherwise, test.no);
                self.values.join(then, otherwise)
            }
            ExprKind::Binary { op, operands } => self.binary(frame, *op, operands),
            ExprKind::Not(value) => {
                let value = self.expr(frame, *value);
                let test = self.values.test(value).not();
                self.values.one(What::Test(test))
            }
            ExprKind::Arithmetic(value) => {
                if let ExprKind::Field { object, name } = &frame.body.exprs[*value].kind {
                    let (object, name) = (self.expr(frame, *object), self.name(&name.name));
                    self.sets_field(object, Some(name));
                }
                self.expr(frame, *value);
                self.values.other
            }
            ExprKind::Assign { left, right, compound } => {
                let value = self.expr(frame, *right);
                self.assign(frame, *left, value, *compound);
                value
            }
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Soql(query) => self.query(frame, query),
            ExprKind::Dml(dml) => {
                self.dml(frame, dml, expr.span);
                self.values.other
            }
            ExprKind::Sosl | ExprKind::Error => self.values.other,
        }
    }

    fn literal(&mut self, literal: &Literal) -> Value {
        match literal {
            Literal::Text(text) => {
                let text = self.name(&Name::new(text));
                self.values.one(What::Text(text))
            }
            Literal::Bool(true) => self.values.one(What::Test(Test::TRUE)),
            Literal::Bool(false) => self.values.one(What::Test(Test::FALSE)),
            Literal::Null => self.values.null,
            Literal::Number(_) => self.values.other,
        }
    }

    /// The value of an expression that is reached only within a condition.
    fn expr_within(&mut self, frame: &mut Frame<'p>, id: ExprId, within: Reach) -> Value {
        let reach = frame.reach;
        frame.reach = reach.and(within);
        let value = if frame.reach.is_never() { self.values.nothing } else { self.expr(frame, id) };
        frame.reach = reach;
        self.values.within(value, within)
    }

    pub(super) fn written_type(&self, frame: &Frame<'p>, expr: ExprId) -> TyId {
        frame.code.expr_types.get(expr.index()).copied().unwrap_or(self.linked.types.other)
    }
}
