//! Schedules that are kept as constants: `new List<String>{ '0 0 2 * * ?', 'NightlyJob' }`.

use crate::apex::ir::{Body, ExprId, ExprKind, Literal, NewArgs, StmtId, StmtKind};
use crate::base::{Name, Span};
use crate::program::Schedule;
use crate::program::branches::{Branches, Taken};
use crate::program::effect::JobKind;
use crate::program::link::Linked;

/// The lists and objects made of constants of which one is a time and one the name of a job.
pub(super) fn schedules(linked: &Linked) -> Vec<Schedule> {
    let mut found = Vec::new();
    for (_, code) in linked.code.iter().filter(|(_, code)| !code.is_test) {
        let Some(body) = &code.body else { continue };
        for (_, expr) in body.exprs.iter() {
            let ExprKind::New { args: NewArgs::Elements(args) | NewArgs::Positional(args), .. } =
                &expr.kind
            else {
                continue;
            };
            let cron = texts(body, args).find(|text| is_cron(text));
            let class = texts(body, args).find(|text| is_job(linked, text));
            if let (Some(cron), Some(class)) = (cron, class) {
                let (cron, class) = (cron.to_owned(), class.to_owned());
                let branches = branches_of(body, expr.span);
                found.push(Schedule { site: expr.span, cron, class, branches });
            }
        }
    }
    found
}

/// The branches in which a statement of the project stands.
pub(super) fn branches_at(linked: &Linked, site: Span) -> Branches {
    let bodies = linked.code.iter().filter_map(|(_, code)| code.body.as_ref());
    let mut around = bodies.filter(|body| body.exprs.iter().any(|(_, expr)| expr.span == site));
    around.next().map(|body| branches_of(body, site)).unwrap_or_default()
}

/// Which way each `if` around a place has gone.
fn branches_of(body: &Body, site: Span) -> Branches {
    let is_in = |stmts: &[StmtId]| stmts.iter().any(|&stmt| body.stmts[stmt].span.contains(site));
    let ways = body.stmts.iter().filter_map(|(_, stmt)| {
        let StmtKind::If { then, otherwise, .. } = &stmt.kind else { return None };
        let index = [then, otherwise].iter().position(|way| is_in(way))?;
        Some(Taken::Outcome { decision: stmt.span, calls: Vec::new(), index })
    });
    ways.collect()
}

fn texts<'b>(body: &'b Body, args: &[ExprId]) -> impl Iterator<Item = &'b str> {
    args.iter().filter_map(|&arg| match &body.exprs[arg].kind {
        ExprKind::Literal(Literal::Text(text)) => Some(text.as_str()),
        _ => None,
    })
}

/// Six or seven fields, of which the day of the month or of the week is open.
fn is_cron(text: &str) -> bool {
    let fields = text.split(' ').count();
    matches!(fields, 6 | 7) && text.contains('?') && text.starts_with(|c: char| c.is_ascii_digit())
}

fn is_job(linked: &Linked, text: &str) -> bool {
    let class = linked.symbols.class_named(&Name::new(text), None);
    let starts = |kind: &JobKind| matches!(kind, JobKind::Batch | JobKind::Scheduled);
    class.is_some_and(|class| linked.symbols.classes[class].jobs.iter().any(starts))
}
