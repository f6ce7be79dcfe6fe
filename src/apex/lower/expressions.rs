//! Expressions.

use super::super::ir::{BinaryOp, Dml, DmlVerb, ExprId, ExprKind, Ident, Literal, NewArgs};
use super::super::syntax::{Field, Kind, Node};
use super::types::array_of;
use super::{Lowering, text, unparenthesised};
use crate::base::Name;

impl Lowering<'_> {
    pub(super) fn expression(&mut self, node: Node) -> ExprId {
        let node = unparenthesised(node);
        if !self.enter(node) {
            return self.push_expr(node, ExprKind::Error);
        }
        let kind = self.expression_kind(node);
        self.leave();
        self.push_expr(node, kind)
    }

    /// The expression in a field; an error where there is none.
    pub(super) fn expression_in(&mut self, node: Node, field: Field) -> ExprId {
        match node.field(field) {
            Some(inner) => self.expression(inner),
            None => self.push_expr(node, ExprKind::Error),
        }
    }

    fn expressions(&mut self, nodes: Vec<Node>) -> Vec<ExprId> {
        nodes.into_iter().map(|node| self.expression(node)).collect()
    }

    fn expression_kind(&mut self, node: Node) -> ExprKind {
        if node.is_missing() {
            return ExprKind::Error;
        }
        match node.kind() {
            Kind::Identifier | Kind::TypeIdentifier => ExprKind::Name(Name::new(self.text(node))),
            Kind::This => ExprKind::This,
            Kind::Super => ExprKind::Super,
            Kind::FieldAccess => {
                let object = self.expression_in(node, Field::Object);
                ExprKind::Field {
                    object,
                    name: self.ident_or_empty(node.field(Field::Member), node),
                }
            }
            Kind::ScopedTypeIdentifier => self.type_path(node),
            Kind::ClassLiteral => self.class_literal(node),
            Kind::MethodInvocation => self.call(node, Field::Name),
            Kind::ExplicitConstructorInvocation => self.call(node, Field::Constructor),
            Kind::ArrayAccess => {
                let list = self.expression_in(node, Field::Array);
                ExprKind::Index { list, index: self.expression_in(node, Field::Index) }
            }
            Kind::AssignmentExpression => self.assignment(node),
            Kind::BinaryExpression => self.binary(node),
            Kind::CastExpression => self.cast(node),
            Kind::UnaryExpression => {
                let operand = self.expression_in(node, Field::Operand);
                match node.field(Field::Operator).map(|operator| self.text(operator)) {
                    Some("!") => ExprKind::Not(operand),
                    _ => ExprKind::Arithmetic(operand),
                }
            }
            Kind::UpdateExpression => {
                ExprKind::Arithmetic(self.expression_in(node, Field::Operand))
            }
            Kind::TernaryExpression => {
                let cond = self.expression_in(node, Field::Condition);
                let then = self.expression_in(node, Field::Consequence);
                ExprKind::Ternary {
                    cond,
                    then,
                    otherwise: self.expression_in(node, Field::Alternative),
                }
            }
            Kind::InstanceofExpression => self.instance_of(node),
            Kind::ObjectCreationExpression => self.object_creation(node),
            Kind::ArrayCreationExpression => self.array_creation(node),
            Kind::MapCreationExpression => self.map_creation(node),
            Kind::DmlExpression => self.dml(node),
            Kind::QueryExpression => self.query_expression(node),
            Kind::StringLiteral | Kind::MultiLineStringLiteral => {
                ExprKind::Literal(Literal::Text(text::unquote(self.text(node))))
            }
            Kind::Int | Kind::Decimal | Kind::DecimalFloatingPointLiteral => {
                ExprKind::Literal(Literal::Number(self.text(node).to_owned()))
            }
            Kind::Boolean => {
                ExprKind::Literal(Literal::Bool(self.text(node).eq_ignore_ascii_case("true")))
            }
            Kind::NullLiteral => ExprKind::Literal(Literal::Null),
            _ => self.unknown(node),
        }
    }

    /// What the grammar knows and we do not, or could not parse: what stands inside still counts.
    fn unknown(&mut self, node: Node) -> ExprKind {
        let inside = self.expressions(node.children());
        match inside.as_slice() {
            [] => ExprKind::Error,
            [only] => ExprKind::Arithmetic(*only),
            _ => ExprKind::Binary { op: BinaryOp::Other, operands: inside },
        }
    }

    /// `Outer.Inner` where a type stands for an expression.
    fn type_path(&mut self, node: Node) -> ExprKind {
        match node.children().as_slice() {
            [object, .., name] => {
                let object = self.expression(*object);
                ExprKind::Field { object, name: self.ident(*name) }
            }
            _ => ExprKind::Error,
        }
    }

    /// `List<Account>.class`; that of a plain type is a field access.
    fn class_literal(&mut self, node: Node) -> ExprKind {
        let Some(ty) = node.first() else { return ExprKind::Error };
        let name = self.type_ref(ty).name;
        let object = self.push_expr(ty, ExprKind::Name(name));
        let end = node.range().end;
        let span = self.span_of(end - "class".len(), end);
        ExprKind::Field { object, name: Ident { name: Name::new("class"), span } }
    }

    fn call(&mut self, node: Node, name: Field) -> ExprKind {
        let object = node.field(Field::Object).map(|object| self.expression(object));
        let args = node.field(Field::Arguments).map_or_else(Vec::new, Node::children);
        let args = self.expressions(args);
        ExprKind::Call { object, name: self.ident_or_empty(node.field(name), node), args }
    }

    fn assignment(&mut self, node: Node) -> ExprKind {
        let left = self.expression_in(node, Field::Left);
        let right = self.expression_in(node, Field::Right);
        let operator = node.field(Field::Operator).map_or("=", |operator| self.text(operator));
        ExprKind::Assign { left, right, compound: operator != "=" }
    }

    /// A chain of one operator: walked down its left side, since a long one is as deep as it is long.
    fn binary(&mut self, node: Node) -> ExprKind {
        let mut operands = Vec::new();
        let mut left = node;
        let mut chain = None;
        while let Some((before, op, right)) = self.operands(left) {
            if *chain.get_or_insert(op) != op {
                break;
            }
            operands.push(right);
            left = unparenthesised(before);
        }
        operands.push(left);
        operands.reverse();
        ExprKind::Binary {
            op: chain.unwrap_or(BinaryOp::Other),
            operands: self.expressions(operands),
        }
    }

    /// Left side, operator and right side. The grammar takes `(a) - b` for a cast of `-b` to `a`.
    fn operands<'t>(&self, node: Node<'t>) -> Option<(Node<'t>, BinaryOp, Node<'t>)> {
        match node.kind() {
            Kind::BinaryExpression => {
                let operator = node.field(Field::Operator)?;
                Some((
                    node.field(Field::Left)?,
                    binary_op(self.text(operator)),
                    node.field(Field::Right)?,
                ))
            }
            Kind::CastExpression => {
                let ty = node.field(Field::Type)?;
                let value =
                    node.field(Field::Value).filter(|value| value.is(Kind::UnaryExpression))?;
                let operator = self.text(value.field(Field::Operator)?);
                let is_path =
                    matches!(ty.kind(), Kind::TypeIdentifier | Kind::ScopedTypeIdentifier);
                let is_sum = is_path
                    && matches!(operator, "+" | "-")
                    && !takes_sign(&text::compact(self.text(ty)));
                is_sum.then_some((ty, binary_op(operator), value.field(Field::Operand)?))
            }
            _ => None,
        }
    }

    fn cast(&mut self, node: Node) -> ExprKind {
        if self.operands(node).is_some() {
            return self.binary(node);
        }
        let ty = self.type_of(node);
        ExprKind::Cast { ty, value: self.expression_in(node, Field::Value) }
    }

    fn instance_of(&mut self, node: Node) -> ExprKind {
        let value = self.expression_in(node, Field::Left);
        match node.field(Field::Right) {
            Some(ty) => ExprKind::InstanceOf { value, ty: self.type_ref(ty) },
            None => ExprKind::Arithmetic(value),
        }
    }

    fn object_creation(&mut self, node: Node) -> ExprKind {
        let ty = self.type_of(node);
        let args = node.field(Field::Arguments).map_or_else(Vec::new, Node::children);
        let named: Option<Vec<(Node, Node)>> = args.iter().map(|arg| field_value(*arg)).collect();
        let args = match named {
            Some(named) if !named.is_empty() => NewArgs::Fields(
                named
                    .into_iter()
                    .map(|(name, value)| (self.ident(name), self.expression(value)))
                    .collect(),
            ),
            _ => NewArgs::Positional(self.expressions(args)),
        };
        ExprKind::New { ty, args }
    }

    /// `new List<T>{ … }`, `new T[]{ … }`, `new T[5]`
    fn array_creation(&mut self, node: Node) -> ExprKind {
        let dimensions =
            node.fields(Field::Dimensions).into_iter().map(|part| part.count_tokens("["));
        let ty = array_of(self.type_of(node), dimensions.sum());
        let elements = node.field(Field::Value).map_or_else(Vec::new, Node::children);
        ExprKind::New { ty, args: NewArgs::Elements(self.expressions(elements)) }
    }

    /// `new Map<K, V>{ k => v }`; also any `new T<…>{}` without elements.
    fn map_creation(&mut self, node: Node) -> ExprKind {
        let ty = self.type_of(node);
        let pairs = node.field(Field::Value).map_or_else(Vec::new, Node::children);
        let pairs: Vec<(ExprId, ExprId)> =
            pairs.into_iter().filter_map(|pair| self.pair(pair)).collect();
        let args = match pairs.is_empty() && !ty.name.is("Map") {
            true => NewArgs::Elements(Vec::new()),
            false => NewArgs::Pairs(pairs),
        };
        ExprKind::New { ty, args }
    }

    fn pair(&mut self, node: Node) -> Option<(ExprId, ExprId)> {
        match node.children().as_slice() {
            [key, value] => Some((self.expression(*key), self.expression(*value))),
            _ => None,
        }
    }

    fn dml(&mut self, node: Node) -> ExprKind {
        let verb =
            node.child(Kind::DmlType).and_then(Node::first).and_then(|verb| dml_verb(verb.kind()));
        let mode = node.child(Kind::DmlSecurityMode).and_then(Node::first);
        let Some(verb) = verb else { return ExprKind::Error };
        ExprKind::Dml(Box::new(Dml {
            verb,
            target: self.expression_in(node, Field::Target),
            upsert_key: node.field(Field::UpsertKey).map(|key| self.ident(key)),
            merge_with: node.field(Field::MergeWith).map(|losers| self.expression(losers)),
            as_user: mode.map(|mode| mode.is(Kind::User)),
        }))
    }
}

/// `Name = 'x'` in `new Account(Name = 'x')`.
fn field_value(arg: Node) -> Option<(Node, Node)> {
    let left = arg.field(Field::Left).filter(|_| arg.is(Kind::AssignmentExpression))?;
    let name = left.is(Kind::Identifier).then_some(left)?;
    Some((name, arg.field(Field::Value).or(arg.field(Field::Right))?))
}

/// Whether the type is one that a signed number can be cast to.
fn takes_sign(ty: &str) -> bool {
    let name = Name::new(ty.rsplit('.').next().unwrap_or(ty));
    ["Integer", "Long", "Double", "Decimal", "Object"].iter().any(|number| name.is(number))
}

fn dml_verb(kind: Kind) -> Option<DmlVerb> {
    Some(match kind {
        Kind::Insert => DmlVerb::Insert,
        Kind::Update => DmlVerb::Update,
        Kind::Upsert => DmlVerb::Upsert,
        Kind::Delete => DmlVerb::Delete,
        Kind::Undelete => DmlVerb::Undelete,
        Kind::Merge => DmlVerb::Merge,
        _ => return None,
    })
}

/// The operator; those of several characters may be written with blanks between: `> =`.
fn binary_op(operator: &str) -> BinaryOp {
    match operator {
        "&&" => BinaryOp::And,
        "||" => BinaryOp::Or,
        "==" | "===" => BinaryOp::Equal,
        "!=" | "!==" | "<>" => BinaryOp::NotEqual,
        "+" => BinaryOp::Plus,
        "??" => BinaryOp::Coalesce,
        "<" | ">" => BinaryOp::Compare,
        _ if operator.ends_with('=') => BinaryOp::Compare,
        _ => BinaryOp::Other,
    }
}
