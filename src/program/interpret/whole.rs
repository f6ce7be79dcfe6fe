//! Statements that write all rows whose ids a variable holds.

use crate::apex::ir::{
    Body, ExprId, ExprKind, Filter, FilterOp, FilterValue, NewArgs, Query, StmtKind,
};
use crate::base::{Name, Span};
use crate::program::Code;

/// What does not change which rows a list has.
const READS: [&str; 6] = ["get", "isEmpty", "iterator", "size", "sort", "values"];

/// `List<T> rows = [SELECT … WHERE Id IN :ids]; …; update rows;`, where nothing is added and nothing taken out.
pub(super) fn is_whole(code: &Code, site: Span) -> bool {
    let Some(body) = &code.body else { return false };
    let mut at_site = body.exprs.iter().filter(|(_, expr)| expr.span == site);
    let rows = at_site.find_map(|(_, expr)| match &expr.kind {
        ExprKind::Dml(dml) => Some(dml.target),
        ExprKind::Call { args, .. } => args.first().copied(),
        _ => None,
    });
    rows.is_some_and(|rows| match &body.exprs[rows].kind {
        ExprKind::Name(name) => is_query_of_ids(body, name) && !changes(body, name),
        _ => is_by_ids(body, rows),
    })
}

/// Whether a variable is declared as what a query of ids finds, or a map of that.
fn is_query_of_ids(body: &Body, name: &Name) -> bool {
    body.stmts.iter().any(|(_, stmt)| match &stmt.kind {
        StmtKind::Local { vars, .. } => vars.iter().any(|(var, value)| {
            var.name == *name && value.is_some_and(|value| is_by_ids(body, value))
        }),
        _ => false,
    })
}

fn is_by_ids(body: &Body, value: ExprId) -> bool {
    match &body.exprs[value].kind {
        ExprKind::Soql(query) => is_query_by_ids(query),
        ExprKind::New { args: NewArgs::Positional(args), .. } => {
            matches!(args.as_slice(), [rows] if is_by_ids(body, *rows))
        }
        _ => false,
    }
}

/// `WHERE Id IN :ids`, and nothing else.
fn is_query_by_ids(query: &Query) -> bool {
    let by_ids = matches!(
        &query.filter,
        Some(Filter::Compare { field, op: FilterOp::Equal | FilterOp::In, value: FilterValue::Bind(_) })
            if field.name.is("Id")
    );
    by_ids && query.limit.is_none()
}

fn changes(body: &Body, name: &Name) -> bool {
    let is_it = |id: ExprId| matches!(&body.exprs[id].kind, ExprKind::Name(named) if named == name);
    body.exprs.iter().any(|(_, expr)| match &expr.kind {
        ExprKind::Assign { left, .. } => is_it(*left),
        ExprKind::Call { object: Some(object), name: method, .. } => {
            is_it(*object) && !READS.iter().any(|read| method.name.is(read))
        }
        _ => false,
    })
}
