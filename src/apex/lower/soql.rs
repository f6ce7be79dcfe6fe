//! Queries.

use super::super::ir::{
    ExprKind, Filter, FilterOp, FilterValue, From, Ident, Limit, Query, Selected,
};
use super::super::syntax::{Field, Kind, Node};
use super::Lowering;
use super::text::unquote;
use crate::base::Span;

impl Lowering<'_> {
    pub(super) fn query_expression(&mut self, node: Node) -> ExprKind {
        let body = node
            .children()
            .into_iter()
            .find(|body| matches!(body.kind(), Kind::SoqlQueryBody | Kind::SoslQueryBody));
        match body {
            Some(body) if body.is(Kind::SoqlQueryBody) => {
                ExprKind::Soql(Box::new(self.query(body, self.span(node))))
            }
            Some(_) => ExprKind::Sosl,
            None => ExprKind::Error,
        }
    }

    /// A query takes the clauses that are there, so that an error in one leaves the others.
    fn query(&mut self, body: Node, span: Span) -> Query {
        let mut query = Query {
            span,
            select: Vec::new(),
            from: Vec::new(),
            filter: None,
            group_by: false,
            order_by: Vec::new(),
            limit: None,
            for_update: None,
            all_rows: false,
            user_mode: None,
        };
        for clause in body.children() {
            match clause.kind() {
                Kind::SelectClause => query.select = self.select(clause),
                Kind::FromClause => query.from = self.sources(clause),
                Kind::WhereClause => {
                    query.filter = clause.first().map(|filter| self.filter(filter));
                }
                Kind::GroupByClause => query.group_by = true,
                Kind::OrderByClause => {
                    let order = clause
                        .children()
                        .into_iter()
                        .filter(|order| order.is(Kind::OrderExpression));
                    query.order_by =
                        order.filter_map(|order| self.field_path(order.first()?)).collect();
                }
                Kind::LimitClause => query.limit = self.limit(clause),
                Kind::ForClause => {
                    let is_update = |part: &Node| self.text(*part).eq_ignore_ascii_case("update");
                    if clause.children().iter().any(is_update) {
                        query.for_update = Some(self.span(clause));
                    }
                }
                Kind::WithClause => {
                    let text = self.text(clause).to_ascii_uppercase();
                    let user = ["USER_MODE", "SECURITY_ENFORCED"];
                    if user.iter().any(|mode| text.contains(mode)) {
                        query.user_mode = Some(true);
                    } else if text.contains("SYSTEM_MODE") {
                        query.user_mode = Some(false);
                    }
                }
                Kind::AllRowsClause => query.all_rows = true,
                _ => {}
            }
        }
        query
    }

    fn select(&mut self, clause: Node) -> Vec<Selected> {
        clause.children().into_iter().filter_map(|item| self.selected(item)).collect()
    }

    fn selected(&mut self, node: Node) -> Option<Selected> {
        Some(match node.kind() {
            Kind::FieldIdentifier => Selected::Field { path: self.ident(node) },
            Kind::FunctionExpression | Kind::CountExpression => {
                let name = self.ident_or_empty(node.field(Field::FunctionName), node);
                Selected::Function { name, field: self.field_path(node) }
            }
            Kind::AliasExpression => match node.children().as_slice() {
                [value, _alias] => self.selected(*value)?,
                _ => return None,
            },
            Kind::FieldsExpression => {
                let start = node.range().start;
                let span = self.span_of(start, start + "FIELDS".len());
                let name = Ident { name: "FIELDS".into(), span };
                Selected::Function { name, field: None }
            }
            // `TYPEOF Owner …`: what it selects depends on the row, that it reads `Owner` does not.
            Kind::TypeOfClause => Selected::Field { path: self.ident(node.first()?) },
            Kind::Subquery => Selected::Subquery(Box::new(self.subquery(node)?)),
            _ => return None,
        })
    }

    /// Nothing where the sub-query could not be parsed, or is nested too deeply.
    fn subquery(&mut self, node: Node) -> Option<Query> {
        let body = node.child(Kind::SoqlQueryBody)?;
        if !self.enter(node) {
            return None;
        }
        let query = self.query(body, self.span(node));
        self.leave();
        Some(query)
    }

    /// The objects of `FROM`; without one where the text ends before it: `'SELECT Id FROM ' + name`.
    fn sources(&self, clause: Node) -> Vec<From> {
        let written = clause.children().into_iter().filter(|node| !node.range().is_empty());
        written.filter_map(|node| self.from(node)).collect()
    }

    fn from(&self, node: Node) -> Option<From> {
        let parts = if node.is(Kind::StorageAlias) { node.children() } else { vec![node] };
        let [object, alias @ ..] = parts.as_slice() else { return None };
        Some(From {
            object: self.ident(*object),
            alias: alias.first().map(|alias| self.ident(*alias)),
        })
    }

    /// The field, or the first field inside a function.
    fn field_path(&self, mut node: Node) -> Option<Ident> {
        while !node.is(Kind::FieldIdentifier) {
            let mut children = node.children().into_iter();
            let inner = |child: &Node| {
                matches!(child.kind(), Kind::FieldIdentifier | Kind::FunctionExpression)
            };
            node = children.find(inner)?;
        }
        Some(self.ident(node))
    }

    fn filter(&mut self, node: Node) -> Filter {
        if !self.enter(node) {
            return Filter::Unknown;
        }
        let filter = match node.kind() {
            Kind::AndExpression => Filter::And(self.filters(node)),
            Kind::OrExpression => Filter::Or(self.filters(node)),
            Kind::NotExpression => match node.first() {
                Some(inner) => Filter::Not(Box::new(self.filter(inner))),
                None => Filter::Unknown,
            },
            Kind::ComparisonExpression => self.comparison(node).unwrap_or(Filter::Unknown),
            _ => Filter::Unknown,
        };
        self.leave();
        filter
    }

    fn filters(&mut self, node: Node) -> Vec<Filter> {
        node.children().into_iter().map(|part| self.filter(part)).collect()
    }

    /// The text of a literal, a string without its quotes.
    fn constant(&self, node: Node) -> String {
        let text = self.text(node);
        if text.starts_with('\'') { unquote(text) } else { text.to_owned() }
    }

    fn comparison(&mut self, node: Node) -> Option<Filter> {
        let parts = node.children();
        let [left, operator, value] = parts.as_slice() else { return None };
        let op = match operator.kind() {
            Kind::ValueComparisonOperator | Kind::SetComparisonOperator => {
                filter_op(self.text(*operator))
            }
            _ => return None,
        };
        let value = match value.kind() {
            Kind::BoundApexExpression => FilterValue::Bind(self.expression(value.first()?)),
            Kind::Subquery => FilterValue::Subquery(Box::new(self.subquery(*value)?)),
            Kind::ComparableList => {
                let binds =
                    value.children().into_iter().filter(|part| part.is(Kind::BoundApexExpression));
                let binds: Vec<_> = binds.filter_map(Node::first).collect();
                match binds.is_empty() {
                    true => FilterValue::Constants(
                        value.children().into_iter().map(|part| self.constant(part)).collect(),
                    ),
                    false => FilterValue::Binds(
                        binds.into_iter().map(|bind| self.expression(bind)).collect(),
                    ),
                }
            }
            Kind::Error => return None,
            _ => FilterValue::Constants(vec![self.constant(*value)]),
        };
        let field = match left.kind() {
            Kind::FunctionExpression | Kind::FieldIdentifier => self.field_path(*left)?,
            _ => return None,
        };
        Some(Filter::Compare { field, op, value })
    }

    fn limit(&mut self, clause: Node) -> Option<Limit> {
        let value = clause.first()?;
        match value.kind() {
            Kind::BoundApexExpression => Some(Limit::Bind(self.expression(value.first()?))),
            _ => self.text(value).parse().ok().map(Limit::Number),
        }
    }
}

fn filter_op(operator: &str) -> FilterOp {
    let mut words = operator.split_whitespace();
    let (first, second) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    match first {
        "=" => FilterOp::Equal,
        "!=" | "<>" => FilterOp::NotEqual,
        _ if first.eq_ignore_ascii_case("in") => FilterOp::In,
        _ if first.eq_ignore_ascii_case("not") && second.eq_ignore_ascii_case("in") => {
            FilterOp::NotIn
        }
        _ => FilterOp::Other,
    }
}
