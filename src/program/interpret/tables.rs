//! Schedules that are kept as constants: `new List<String>{ '0 0 2 * * ?', 'NightlyJob' }`.

use crate::apex::ir::{Body, ExprId, ExprKind, Literal, NewArgs};
use crate::base::Name;
use crate::program::Schedule;
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
                found.push(Schedule { site: expr.span, cron, class });
            }
        }
    }
    found
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
