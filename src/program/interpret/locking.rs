//! What a query with `FOR UPDATE` asks for: how many rows, and what does not go with the clause.

use super::frame::Frame;
use super::query::{Binds, HOLE_NAME};
use super::world::{RawEffect, World};
use crate::apex::ir::{
    Body, ExprKind, Filter, FilterOp, FilterValue, Limit, Literal, Query, Selected, StmtKind,
};
use crate::program::Code;
use crate::program::effect::{EffectKind, Extent, Flaw, JobKind, LockingQuery};
use crate::program::types::Ty;
use crate::schema::ObjectId;

/// A `LIMIT` up to this is a few rows: a mutex, a next free number, a handful of seats.
const FEW: u64 = 10;

impl<'p> World<'p> {
    /// Nothing where a query locks no rows and does not ask for it.
    pub(super) fn asked_of(
        &self,
        frame: &Frame<'p>,
        binds: Binds<'_>,
        object: Option<ObjectId>,
        query: &Query,
    ) -> Option<LockingQuery> {
        let nested = has_locking_part(query);
        query.for_update.is_some().then_some(()).or(nested.then_some(()))?;
        let flaw = if nested { Some(Flaw::SubSelect) } else { Self::flaw(query) };
        let extent = self.extent(frame, binds, object, query);
        Some(LockingQuery {
            extent,
            flaw,
            knows_unlockable: is_named(query) || self.names_users(frame),
        })
    }

    fn flaw(query: &Query) -> Option<Flaw> {
        let aggregates = |selected: &Selected| match selected {
            Selected::Function { name, .. } => {
                AGGREGATES.iter().any(|aggregate| name.name.is(aggregate))
            }
            _ => false,
        };
        match () {
            () if query.group_by || query.select.iter().any(aggregates) => Some(Flaw::Aggregate),
            () if !query.order_by.is_empty() => Some(Flaw::OrderBy),
            () if query.all_rows => Some(Flaw::AllRows),
            () => None,
        }
    }

    /// Whether code is the `start` of a batch.
    pub(super) fn starts_batch(&self, code: &Code) -> bool {
        let Some(class) = code.class else { return false };
        let is_batch = self.linked.symbols.classes[class].jobs.contains(&JobKind::Batch);
        is_batch && code.name.to_ascii_lowercase().ends_with(".start")
    }

    fn extent(
        &self,
        frame: &Frame<'p>,
        binds: Binds<'_>,
        object: Option<ObjectId>,
        query: &Query,
    ) -> Extent {
        let few = matches!(query.limit, Some(Limit::Number(limit)) if limit <= FEW);
        if few || self.is_one_row(frame, query) {
            return Extent::Few;
        }
        let by_filter = query.filter.as_ref().map(|filter| self.filter_extent(object, filter));
        match (binds, by_filter) {
            // What is not known of a string may bound the rows.
            (Binds::In { complete: false, .. }, None | Some(Extent::Open)) => Extent::Given,
            (_, extent) => extent.unwrap_or(Extent::Open),
        }
    }

    fn filter_extent(&self, object: Option<ObjectId>, filter: &Filter) -> Extent {
        let of = |filter: &Filter| self.filter_extent(object, filter);
        match filter {
            Filter::And(all) => all.iter().map(of).min().unwrap_or(Extent::Open),
            Filter::Or(any) => any.iter().map(of).max().unwrap_or(Extent::Open),
            Filter::Compare { field, op, value } => {
                let is_id = field.name.is("Id");
                let is_reference =
                    object.is_none_or(|object| self.schema.is_reference(object, &field.name));
                let is_bound =
                    !matches!(value, FilterValue::Constants(texts) if !is_id || texts.is_empty());
                match op {
                    FilterOp::Equal if is_id && is_bound => Extent::Few,
                    FilterOp::Equal | FilterOp::In if is_bound && (is_id || is_reference) => {
                        Extent::Given
                    }
                    _ => Extent::Open,
                }
            }
            Filter::Not(_) | Filter::Unknown => Extent::Open,
        }
    }

    /// Whether the code around, or a static variable of its class, names a type that cannot be locked.
    fn names_users(&self, frame: &Frame<'p>) -> bool {
        let class = frame.code.class.map(|class| &self.linked.symbols.classes[class]);
        let of_class = class.into_iter().flat_map(|class| &class.static_code);
        let mut bodies = of_class.filter_map(|&code| self.linked.code[code].body.as_ref());
        names_user(frame.body) || bodies.any(names_user)
    }

    /// `Counter__c counter = [SELECT …]`: more than one row would be an error.
    fn is_one_row(&self, frame: &Frame<'p>, query: &Query) -> bool {
        frame.body.stmts.iter().any(|(id, stmt)| {
            let StmtKind::Local { vars, .. } = &stmt.kind else { return false };
            let is_value = |value: &Option<_>| {
                value.is_some_and(|value| match &frame.body.exprs[value].kind {
                    ExprKind::Soql(_) => frame.body.exprs[value].span == query.span,
                    ExprKind::Call { .. } => frame.body.exprs[value].span == query.span,
                    _ => false,
                })
            };
            let ty = frame.code.stmt_types.get(id.index());
            let is_row = ty.is_some_and(|ty| {
                matches!(self.linked.types.get(*ty), Ty::SObject(_) | Ty::AnySObject)
            });
            is_row && vars.iter().any(|(_, value)| is_value(value))
        })
    }
}

/// Whether the object is written in the query, even if the project does not declare it.
fn is_named(query: &Query) -> bool {
    query.from.first().is_some_and(|from| !from.object.name.is(HOLE_NAME))
}

/// `new Set<String>{ 'User', 'Group' }`, `User.SObjectType`
fn names_user(body: &Body) -> bool {
    let is_user =
        |name: &str| name.eq_ignore_ascii_case("User") || name.eq_ignore_ascii_case("Group");
    body.exprs.iter().any(|(_, expr)| match &expr.kind {
        ExprKind::Name(name) => is_user(name.as_str()),
        ExprKind::Literal(Literal::Text(text)) => is_user(text),
        _ => false,
    })
}

/// In `start` of a batch a locking query locks nothing that `execute` could use (FU-06). Rows that `start` itself writes are
/// locked for that.
pub(super) fn in_batch_start(effects: &mut [RawEffect]) {
    let is_write = |effect: &&RawEffect| matches!(effect.kind, EffectKind::Dml(_));
    let written: Vec<Option<ObjectId>> =
        effects.iter().filter(is_write).map(|effect| effect.object).collect();
    for effect in effects.iter_mut().filter(|effect| !written.contains(&effect.object)) {
        if let Some(query) = &mut effect.query {
            query.flaw = query.flaw.or(Some(Flaw::BatchStart));
        }
    }
}

const AGGREGATES: &[&str] = &["AVG", "COUNT", "COUNT_DISTINCT", "MAX", "MIN", "SUM"];

/// Whether a sub-select asks for locks.
fn has_locking_part(query: &Query) -> bool {
    let asks = |inner: &Query| inner.for_update.is_some();
    let selected = query.select.iter().any(|selected| match selected {
        Selected::Subquery(inner) => asks(inner),
        _ => false,
    });
    selected || query.filter.as_ref().is_some_and(filter_asks)
}

fn filter_asks(filter: &Filter) -> bool {
    match filter {
        Filter::And(parts) | Filter::Or(parts) => parts.iter().any(filter_asks),
        Filter::Not(inner) => filter_asks(inner),
        Filter::Compare { value: FilterValue::Subquery(inner), .. } => inner.for_update.is_some(),
        Filter::Compare { .. } | Filter::Unknown => false,
    }
}
