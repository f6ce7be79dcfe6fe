//! Loops that wait: Apex has no call for it, so that code looks at the clock again and again.

use crate::apex::ir::{Body, ExprKind};
use crate::base::Span;

const CLOCK: [&str; 2] = ["currentTimeMillis", "now"];

/// What is done to the time that the clock shows.
const ARITHMETIC: [&str; 7] =
    ["getTime", "addSeconds", "addMinutes", "millisecond", "second", "intValue", "longValue"];

/// Whether a loop does nothing but look at the clock.
pub(super) fn only_waits(body: &Body, within: Span) -> bool {
    let mut looks = false;
    for (_, expr) in body.exprs.iter().filter(|(_, expr)| within.contains(expr.span)) {
        match &expr.kind {
            ExprKind::Call { name, .. } => {
                let is_clock = CLOCK.iter().any(|clock| name.name.is(clock));
                if !is_clock && !ARITHMETIC.iter().any(|known| name.name.is(known)) {
                    return false;
                }
                looks |= is_clock;
            }
            ExprKind::Dml(_) | ExprKind::Soql(_) | ExprKind::Sosl => return false,
            _ => {}
        }
    }
    looks
}
