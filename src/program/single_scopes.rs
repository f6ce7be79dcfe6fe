//! Batches that are handed one row at a time: `Database.executeBatch(new Sync(), 1)`.

use super::link::Linked;
use super::types::Ty;
use super::{ClassId, Code};
use crate::apex::ir::{ExprId, ExprKind, Literal, StmtKind};
use rustc_hash::FxHashSet;

/// The batches that are started with a scope of one, and never with another; tests do not count.
pub(super) fn find(linked: &Linked) -> FxHashSet<ClassId> {
    let mut single = FxHashSet::default();
    let mut wide = FxHashSet::default();
    for (_, code) in linked.code.iter().filter(|(_, code)| !code.is_test) {
        let Some(body) = &code.body else { continue };
        for (_, expr) in body.exprs.iter() {
            let ExprKind::Call { name, args, .. } = &expr.kind else { continue };
            let size = match (name.name.as_str().to_ascii_lowercase().as_str(), args.as_slice()) {
                ("executebatch", [_, size]) | ("schedulebatch", [_, _, _, size]) => Some(*size),
                ("executebatch", [_]) | ("schedulebatch", [_, _, _]) => None,
                _ => continue,
            };
            let Some(batch) = class_of(linked, code, args[0]) else { continue };
            let is_one = size.is_some_and(|size| {
                matches!(&body.exprs[size].kind, ExprKind::Literal(Literal::Number(one)) if one == "1")
            });
            if is_one {
                single.insert(batch)
            } else {
                wide.insert(batch)
            };
        }
    }
    single.retain(|batch| !wide.contains(batch));
    single
}

/// The class of `new Sync()`, or of a local that is declared as one.
fn class_of(linked: &Linked, code: &Code, value: ExprId) -> Option<ClassId> {
    let body = code.body.as_ref()?;
    let ty = match &body.exprs[value].kind {
        ExprKind::New { .. } => code.expr_types[value.index()],
        ExprKind::This => return code.class,
        ExprKind::Name(name) => {
            let declares = |kind: &StmtKind| match kind {
                StmtKind::Local { vars, .. } => vars.iter().any(|(var, _)| var.name == *name),
                _ => false,
            };
            let (local, _) = body.stmts.iter().find(|(_, stmt)| declares(&stmt.kind))?;
            code.stmt_types[local.index()]
        }
        _ => return None,
    };
    match linked.types.get(ty) {
        Ty::Class(class) => Some(*class),
        _ => None,
    }
}
