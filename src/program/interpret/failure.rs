//! What becomes of a statement's failure: whether it is caught, looked at, forgotten, or the statement tried again.

use super::frame::Frame;
use super::world::RawEffect;
use crate::apex::ir::{Body, Catch, ExprId, ExprKind, Ident, Literal, Stmt, StmtId, StmtKind};
use crate::base::{Name, Span};
use crate::program::Code;
use crate::program::effect::{DmlOp, EffectKind, Failure};

/// A `try` around the code that is being interpreted.
pub(super) struct Try {
    /// What the first `catch` for it makes of a failure of DML, and of a query.
    dml: Failure,
    query: Failure,
}

/// What a `try` has done before control comes to its `catch`.
pub(super) struct Tried<'p> {
    /// The variables that its DML has written, and how.
    written: Vec<(Verb, &'p Name)>,
    /// The methods that it has called, and the variables that they were given.
    called: Vec<(&'p Name, Vec<&'p Name>)>,
    own: Option<Name>,
}

impl Try {
    pub(super) fn new(frame: &Frame<'_>, body: &[StmtId], catches: &[Catch]) -> Try {
        let again = is_retry_loop(frame, body, catches);
        let outcome = |exception| {
            let catch = catches.iter().find(|catch| {
                let ty = last_word(&catch.ty.name);
                ty.is(exception) || ty.is("Exception")
            });
            match catch {
                None => Failure::Thrown,
                Some(_) if again => Failure::Retried,
                Some(catch) => outcome(frame.body, catch),
            }
        };
        Try { dml: outcome("DmlException"), query: outcome("QueryException") }
    }

    fn of(&self, kind: EffectKind) -> Failure {
        match kind {
            EffectKind::Dml(_) => self.dml,
            EffectKind::LockingQuery => self.query,
            _ => Failure::Thrown,
        }
    }
}

impl<'p> Tried<'p> {
    pub(super) fn new(frame: &Frame<'p>, body: &[StmtId]) -> Tried<'p> {
        // The method itself may call itself from its `catch`.
        let own = frame.code.name.rsplit('.').next().map(Name::new);
        let mut tried = Tried { written: Vec::new(), called: Vec::new(), own };
        for (_, kind) in within(frame.body, body) {
            match (written(frame.body, kind), kind) {
                (Some(rows), _) => tried.written.push(rows),
                (None, ExprKind::Call { name, args, .. }) => {
                    let given = given(frame.body, args);
                    tried.called.extend(given.map(|given| (&name.name, given)));
                }
                _ => {}
            }
        }
        tried
    }

    /// Whether an effect at this place does again what the `try` did.
    fn is_again(&self, frame: &Frame<'p>, site: Span) -> bool {
        let mut here = frame.body.exprs.iter().filter(|(_, expr)| expr.span == site);
        here.any(|(_, expr)| match (written(frame.body, &expr.kind), &expr.kind) {
            (Some(rows), _) => self.written.contains(&rows),
            (None, ExprKind::Call { name, args, .. }) => {
                let again = given(frame.body, args)
                    .is_some_and(|given| self.called.contains(&(&name.name, given)));
                again || self.own.as_ref() == Some(&name.name)
            }
            _ => false,
        })
    }
}

impl<'p> Frame<'p> {
    /// What becomes of a failure of an effect that `site` (a statement or a call) brings in.
    pub(super) fn failure(&self, effect: &RawEffect, site: Span) -> Failure {
        let takes_lock = !matches!(effect.kind, EffectKind::Dml(DmlOp::Insert));
        if takes_lock && self.tried.iter().any(|tried| tried.is_again(self, site)) {
            return Failure::Retried;
        }
        if effect.failure != Failure::Thrown {
            return effect.failure;
        }
        let outcomes = self.tries.iter().rev().map(|around| around.of(effect.kind));
        outcomes.into_iter().find(|failure| *failure != Failure::Thrown).unwrap_or(Failure::Thrown)
    }

    /// Whether anything looks at the result of a call: not so where it is a statement, or a variable that is never read.
    pub(super) fn reads_result(&self, call: ExprId) -> bool {
        let is_call = |value: &ExprId| *value == call;
        self.body.stmts.iter().all(|(_, stmt)| match &stmt.kind {
            StmtKind::Expr(value) => !is_call(value),
            StmtKind::Local { vars, .. } => vars.iter().all(|(name, value)| {
                !value.as_ref().is_some_and(is_call) || is_read(self.body, &name.name)
            }),
            _ => true,
        })
    }
}

fn is_read(body: &Body, name: &Name) -> bool {
    body.exprs.iter().any(|(_, expr)| matches!(&expr.kind, ExprKind::Name(read) if read == name))
}

/// Forgotten is what a `catch` neither throws, nor hands on, nor keeps.
fn outcome(body: &Body, catch: &Catch) -> Failure {
    let throws = |&stmt: &StmtId| match body.stmts[stmt].kind {
        StmtKind::Throw(thrown) => !is_retryable(body, thrown),
        _ => false,
    };
    if catch.body.last().is_some_and(throws) {
        return Failure::Thrown;
    }
    let logged: Vec<Span> = within(body, &catch.body)
        .filter(|(_, kind)| is_debug(body, kind))
        .map(|(span, _)| span)
        .collect();
    let acts = |(span, kind): (Span, &ExprKind)| match kind {
        ExprKind::Call { .. } | ExprKind::Name(_) => !logged.iter().any(|log| log.contains(span)),
        ExprKind::Dml(_) | ExprKind::New { .. } | ExprKind::Assign { .. } => true,
        _ => false,
    };
    let leaves = statements(body, &catch.body).any(|stmt| {
        matches!(stmt.kind, StmtKind::Throw(_) | StmtKind::Return(Some(_)) | StmtKind::Break)
    });
    if leaves || within(body, &catch.body).any(acts) {
        Failure::Handled
    } else {
        Failure::Forgotten
    }
}

/// `throw new EventBus.RetryableException(…)`: the event comes again, in a transaction of its own (PA-06).
fn is_retryable(body: &Body, thrown: ExprId) -> bool {
    matches!(&body.exprs[thrown].kind, ExprKind::New { ty, .. } if last_word(&ty.name).is("RetryableException"))
}

/// `System.debug(…)`
fn is_debug(body: &Body, kind: &ExprKind) -> bool {
    let ExprKind::Call { object: Some(object), name, .. } = kind else { return false };
    let is_system =
        matches!(&body.exprs[*object].kind, ExprKind::Name(class) if class.is("System"));
    is_system && name.name.is("debug")
}

/// A loop that ends with the first try that succeeds: `while (!done) { try { update rows; done = true; } catch … }`,
/// `for (Integer i = 0; i < 3; i++) { try { update rows; break; } catch … }`, or one that counts in the `catch` only.
fn is_retry_loop(frame: &Frame<'_>, tried: &[StmtId], catches: &[Catch]) -> bool {
    let body = frame.body;
    let Some((span, _)) = frame.loops.last() else { return false };
    let around = body.stmts.iter().find(|(_, stmt)| stmt.span == *span);
    let cond = match around.map(|(_, stmt)| &stmt.kind) {
        Some(StmtKind::While { cond, .. }) => Some(*cond),
        Some(StmtKind::For { cond, .. }) => *cond,
        _ => return false,
    };
    let ends = tried
        .iter()
        .any(|&stmt| matches!(body.stmts[stmt].kind, StmtKind::Break | StmtKind::Return(_)));
    let asked = cond.map(|cond| names_in(body, body.exprs[cond].span)).unwrap_or_default();
    let any = |stmts: &[StmtId], test: fn(&Body, &ExprKind, &[&Name]) -> bool| {
        within(body, stmts).any(|(_, kind)| test(body, kind, &asked))
    };
    let in_catch = |test| catches.iter().any(|catch| any(&catch.body, test));
    let counts_failures = in_catch(counts) && !any(tried, counts);
    ends || any(tried, settles) || in_catch(settles) || counts_failures
}

/// Sets what a loop asks for to the outcome: `done = true`, `results = Database.update(rows, false)`.
fn settles(body: &Body, kind: &ExprKind, asked: &[&Name]) -> bool {
    let ExprKind::Assign { left, right, compound: false } = *kind else { return false };
    let is_outcome = match &body.exprs[right].kind {
        ExprKind::Literal(Literal::Bool(_)) | ExprKind::Soql(_) => true,
        ExprKind::Call { object, .. } => is_database(body, *object),
        _ => false,
    };
    is_outcome && is_one_of(body, left, asked)
}

/// `tries++`, `tries += 1`
fn counts(body: &Body, kind: &ExprKind, asked: &[&Name]) -> bool {
    match *kind {
        ExprKind::Assign { left, compound, .. } => compound && is_one_of(body, left, asked),
        ExprKind::Arithmetic(operand) => is_one_of(body, operand, asked),
        _ => false,
    }
}

fn is_one_of(body: &Body, target: ExprId, names: &[&Name]) -> bool {
    matches!(&body.exprs[target].kind, ExprKind::Name(name) if names.contains(&name))
}

fn names_in(body: &Body, span: Span) -> Vec<&Name> {
    let inside = body.exprs.iter().filter(|(_, expr)| span.contains(expr.span));
    inside
        .filter_map(|(_, expr)| match &expr.kind {
            ExprKind::Name(name) => Some(name),
            _ => None,
        })
        .collect()
}

/// The expressions in some statements, however deep.
fn within<'b>(body: &'b Body, stmts: &[StmtId]) -> impl Iterator<Item = (Span, &'b ExprKind)> {
    let spans: Vec<Span> = stmts.iter().map(|&stmt| body.stmts[stmt].span).collect();
    body.exprs
        .iter()
        .filter(move |(_, expr)| spans.iter().any(|span| span.contains(expr.span)))
        .map(|(_, expr)| (expr.span, &expr.kind))
}

fn statements<'b>(body: &'b Body, stmts: &[StmtId]) -> impl Iterator<Item = &'b Stmt> {
    let spans: Vec<Span> = stmts.iter().map(|&stmt| body.stmts[stmt].span).collect();
    body.stmts
        .iter()
        .filter(move |(_, stmt)| spans.iter().any(|span| span.contains(stmt.span)))
        .map(|(_, stmt)| stmt)
}

/// The variable that a DML statement or call at a place writes.
pub(super) fn operand(code: &Code, site: Span) -> Option<Name> {
    let body = code.body.as_ref()?;
    let mut at_site = body.exprs.iter().filter(|(_, expr)| expr.span == site);
    at_site.find_map(|(_, expr)| written(body, &expr.kind)).map(|(_, rows)| rows.clone())
}

/// The variables that a call is given; nothing where it is given anything else.
fn given<'b>(body: &'b Body, args: &[ExprId]) -> Option<Vec<&'b Name>> {
    args.iter().map(|&arg| variable(body, arg)).collect()
}

/// A verb as a word, since `update rows` and `Database.update(rows)` are the same.
type Verb = String;

fn written<'b>(body: &'b Body, kind: &ExprKind) -> Option<(Verb, &'b Name)> {
    let (verb, rows) = match kind {
        ExprKind::Dml(dml) => (format!("{:?}", dml.verb), dml.target),
        ExprKind::Call { object, name, args } if is_database(body, *object) => {
            (name.name.to_string(), *args.first()?)
        }
        _ => return None,
    };
    Some((verb.to_ascii_lowercase(), variable(body, rows)?))
}

/// The variable that an expression reads: `rows`, `this.rows`, `rows.values()`.
fn variable(body: &Body, value: ExprId) -> Option<&Name> {
    match &body.exprs[value].kind {
        ExprKind::Name(name) => Some(name),
        ExprKind::Field { object, name: Ident { name, .. } } => {
            matches!(body.exprs[*object].kind, ExprKind::This).then_some(name)
        }
        ExprKind::Call { object: Some(object), name, .. } if name.name.is("values") => {
            variable(body, *object)
        }
        _ => None,
    }
}

fn is_database(body: &Body, object: Option<ExprId>) -> bool {
    object.is_some_and(
        |object| matches!(&body.exprs[object].kind, ExprKind::Name(class) if class.is("Database")),
    )
}

fn last_word(name: &Name) -> Name {
    Name::new(name.as_str().rsplit('.').next().unwrap_or_default())
}
