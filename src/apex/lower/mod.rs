//! Syntax tree to intermediate representation: one function a syntactic category, a `match` on the kind.
//! What could not be parsed is an issue; what stands beside it is lowered.

mod declarations;
mod expressions;
mod issues;
mod soql;
mod statements;
mod test_class;
mod text;
mod types;

use super::ir::{Body, Expr, ExprId, ExprKind, Ident, Query, Stmt, StmtId, StmtKind, Unit};
use super::syntax::{self, Kind, Node};
use crate::base::{FileId, Issue, Name, SourceFile, Span};
pub(crate) use test_class::read_test_class;

/// How deep code may be nested before the rest is left out: far beyond what people write, far within a thread's stack.
const MAX_DEPTH: usize = 200;

/// Parses and lowers one class or trigger file. What cannot be parsed is an issue; the rest counts.
pub(crate) fn read_apex(file: FileId, source: &SourceFile, issues: &mut Vec<Issue>) -> Unit {
    if source.text.trim() == "(hidden)" {
        return Unit::default();
    }
    let tree = syntax::parse(&source.text);
    let mut lowering = Lowering::new(&source.text, Place::In(file));
    let unit = lowering.unit(tree.root());
    issues::report(file, &source.text, tree.root(), &unit, lowering.too_deep, issues);
    unit
}

/// Reads the text of a dynamic query. Everything in it stands at `span`; its binds are expressions of the body.
/// Nothing if the text is no query, or names no object.
pub(crate) fn read_query(text: &str, span: Span) -> Option<(Body, Query)> {
    // The separate grammar of queries rejects binds, so the text is read as Apex.
    let wrapped = format!("class X {{ Object q = [{text}]; }}");
    let tree = syntax::parse(&wrapped);
    let mut lowering = Lowering::new(&wrapped, Place::At(span));
    let mut unit = lowering.unit(tree.root());
    let mut body = unit.types.first_mut()?.fields.first_mut()?.value.take()?;
    let StmtKind::Expr(value) = body.stmts[*body.root.first()?].kind else { return None };
    match std::mem::replace(&mut body.exprs[value].kind, ExprKind::Error) {
        ExprKind::Soql(query) if !query.from.is_empty() => Some((body, *query)),
        _ => None,
    }
}

/// Where the text stands.
#[derive(Clone, Copy)]
enum Place {
    /// It is that of a file.
    In(FileId),
    /// All of it at one place.
    At(Span),
}

/// The state of lowering one text.
struct Lowering<'s> {
    text: &'s str,
    place: Place,
    /// The body that statements and expressions go to.
    body: Body,
    depth: usize,
    /// The first place beyond `MAX_DEPTH`.
    too_deep: Option<Span>,
}

impl<'s> Lowering<'s> {
    fn new(text: &'s str, place: Place) -> Lowering<'s> {
        Lowering { text, place, body: Body::default(), depth: 0, too_deep: None }
    }

    /// Goes one level down, or says no: then the node is left out. Each `enter` that says yes needs its `leave`.
    fn enter(&mut self, node: Node) -> bool {
        if self.depth == MAX_DEPTH {
            self.too_deep = self.too_deep.or(Some(self.span(node)));
            return false;
        }
        self.depth += 1;
        true
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    fn text(&self, node: Node) -> &'s str {
        self.text.get(node.range()).unwrap_or("")
    }

    fn span(&self, node: Node) -> Span {
        let range = node.range();
        self.span_of(range.start, range.end)
    }

    fn span_of(&self, start: usize, end: usize) -> Span {
        match self.place {
            Place::In(file) => Span { file, start: start as u32, end: end as u32 },
            Place::At(span) => span,
        }
    }

    /// A name or dotted path, without the blanks and comments that may stand at its dots.
    fn ident(&self, node: Node) -> Ident {
        Ident { name: Name::new(&text::compact(self.text(node))), span: self.span(node) }
    }

    /// The name in a node's field; empty where the parser made it up or gave none.
    fn ident_or_empty(&self, node: Option<Node>, parent: Node) -> Ident {
        match node {
            Some(node) => self.ident(node),
            None => Ident { name: Name::default(), span: self.span(parent) },
        }
    }

    /// A body of its own, which `fill` gives statements.
    fn body(&mut self, fill: impl FnOnce(&mut Self) -> Vec<StmtId>) -> Body {
        let outer = std::mem::take(&mut self.body);
        let root = fill(self);
        let mut body = std::mem::replace(&mut self.body, outer);
        body.root = root;
        body
    }

    fn push_expr(&mut self, node: Node, kind: ExprKind) -> ExprId {
        let span = self.span(node);
        self.body.exprs.push(Expr { span, kind })
    }

    fn push_stmt(&mut self, node: Node, kind: StmtKind) -> StmtId {
        let span = self.span(node);
        self.body.stmts.push(Stmt { span, kind })
    }
}

/// The node inside any number of parentheses.
fn unparenthesised(mut node: Node) -> Node {
    while node.is(Kind::ParenthesizedExpression) {
        match node.first() {
            Some(inner) => node = inner,
            None => break,
        }
    }
    node
}
