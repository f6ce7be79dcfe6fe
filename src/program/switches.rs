//! Booleans that nothing ever switches.

use super::link::Linked;
use crate::apex::ir::{Body, ExprKind};
use crate::base::Name;
use rustc_hash::FxHashSet;

/// Takes a static variable for final that is assigned by tests at most: what it is initialised with holds.
pub(super) fn settle(linked: &mut Linked) {
    let code = linked.code.iter().filter(|(_, code)| !code.is_test);
    let assigned: FxHashSet<Name> =
        code.filter_map(|(_, code)| code.body.as_ref()).flat_map(assigned).cloned().collect();
    let classes = &mut linked.symbols.classes;
    for class in classes.ids() {
        #[expect(clippy::iter_over_hash_type, reason = "each variable is settled by itself")]
        for (name, variable) in &mut classes[class].variables {
            // The code of subscribers may assign what a package declares global.
            let is_closed = variable.is_static && !variable.is_global && variable.setter.is_none();
            variable.is_final |= is_closed && !assigned.contains(name);
        }
    }
}

/// The names of what code assigns, whosever they are.
fn assigned(body: &Body) -> impl Iterator<Item = &Name> {
    body.exprs.iter().filter_map(|(_, expr)| {
        let ExprKind::Assign { left, .. } = &expr.kind else { return None };
        match &body.exprs[*left].kind {
            ExprKind::Name(name) => Some(name),
            ExprKind::Field { name, .. } => Some(&name.name),
            _ => None,
        }
    })
}
