//! Statements.

use super::super::ir::{Case, Catch, Labels, StmtId, StmtKind};
use super::super::syntax::{Field, Kind, Node};
use super::{Lowering, unparenthesised};

impl Lowering<'_> {
    pub(super) fn statements(&mut self, nodes: Vec<Node>) -> Vec<StmtId> {
        let mut statements = Vec::with_capacity(nodes.len());
        for node in nodes {
            self.statement(node, &mut statements);
        }
        statements
    }

    /// What one node says: usually one statement, none where it is left out, several from an error.
    fn statement(&mut self, node: Node, to: &mut Vec<StmtId>) {
        if !self.enter(node) {
            return;
        }
        if node.is(Kind::Error) {
            self.recovered(node, to);
        } else if let Some(kind) = self.statement_kind(node) {
            to.push(self.push_stmt(node, kind));
        }
        self.leave();
    }

    fn statement_kind(&mut self, node: Node) -> Option<StmtKind> {
        Some(match node.kind() {
            Kind::ExpressionStatement => StmtKind::Expr(self.expression(node.first()?)),
            Kind::LocalVariableDeclaration => self.local(node),
            Kind::ReturnStatement => {
                StmtKind::Return(node.first().map(|value| self.expression(value)))
            }
            Kind::IfStatement => self.if_statement(node),
            Kind::EnhancedForStatement => self.for_each(node),
            Kind::ForStatement => self.for_statement(node),
            Kind::WhileStatement | Kind::DoStatement => {
                let cond = self.expression_in(node, Field::Condition);
                StmtKind::While { cond, body: self.block_in(node, Field::Body) }
            }
            Kind::SwitchExpression => self.switch(node),
            Kind::TryStatement => self.try_statement(node),
            Kind::RunAsStatement => self.run_as(node),
            Kind::Block => StmtKind::Block(self.statements(node.children())),
            Kind::ThrowStatement => StmtKind::Throw(self.expression(node.first()?)),
            Kind::BreakStatement => StmtKind::Break,
            Kind::ContinueStatement => StmtKind::Continue,
            Kind::ExplicitConstructorInvocation => StmtKind::Expr(self.expression(node)),
            _ => return None,
        })
    }

    /// The statements of a branch or loop: those of its block, or the one without braces.
    fn block_in(&mut self, node: Node, field: Field) -> Vec<StmtId> {
        match node.field(field) {
            Some(block) if block.is(Kind::Block) => self.statements(block.children()),
            Some(statement) => self.statements(vec![statement]),
            None => Vec::new(),
        }
    }

    fn local(&mut self, node: Node) -> StmtKind {
        let ty = self.type_of(node);
        let mut vars = Vec::new();
        for declarator in node.fields(Field::Declarator) {
            let name = self.ident_or_empty(declarator.field(Field::Name), declarator);
            vars.push((name, declarator.field(Field::Value).map(|value| self.expression(value))));
        }
        StmtKind::Local { ty, vars }
    }

    fn if_statement(&mut self, node: Node) -> StmtKind {
        let cond = self.expression_in(node, Field::Condition);
        let then = self.block_in(node, Field::Consequence);
        StmtKind::If { cond, then, otherwise: self.block_in(node, Field::Alternative) }
    }

    fn for_each(&mut self, node: Node) -> StmtKind {
        let ty = self.type_of(node);
        let name = self.ident_or_empty(node.field(Field::Name), node);
        let over = self.expression_in(node, Field::Value);
        StmtKind::ForEach { ty, name, over, body: self.block_in(node, Field::Body) }
    }

    fn for_statement(&mut self, node: Node) -> StmtKind {
        let mut init = Vec::new();
        for part in node.fields(Field::Init) {
            match part.kind() {
                Kind::LocalVariableDeclaration => self.statement(part, &mut init),
                _ => init.push(self.expression_statement(part)),
            }
        }
        let cond = node.field(Field::Condition).map(|cond| self.expression(cond));
        let update =
            node.fields(Field::Update).into_iter().map(|part| self.expression(part)).collect();
        StmtKind::For { init, cond, update, body: self.block_in(node, Field::Body) }
    }

    fn switch(&mut self, node: Node) -> StmtKind {
        let on = self.expression_in(node, Field::Condition);
        let rules = node.field(Field::Body).map_or_else(Vec::new, Node::children);
        let rules = rules.into_iter().filter(|rule| rule.is(Kind::SwitchRule));
        StmtKind::Switch { on, cases: rules.map(|rule| self.case(rule)).collect() }
    }

    fn case(&mut self, rule: Node) -> Case {
        let values = rule.child(Kind::SwitchLabel).map_or_else(Vec::new, Node::children);
        let labels = match values.first() {
            None => Labels::Else,
            Some(label) if label.is(Kind::WhenSobjectType) => {
                let parts = label.children();
                let name = self.ident_or_empty(parts.get(1).copied(), *label);
                Labels::Type { ty: self.type_ref(parts.first().copied().unwrap_or(*label)), name }
            }
            Some(_) => {
                Labels::Values(values.into_iter().map(|value| self.expression(value)).collect())
            }
        };
        let block = rule.child(Kind::Block).map_or_else(Vec::new, Node::children);
        Case { labels, body: self.statements(block) }
    }

    fn try_statement(&mut self, node: Node) -> StmtKind {
        let body = self.block_in(node, Field::Body);
        let mut catches = Vec::new();
        let mut finally = Vec::new();
        for part in node.children() {
            match part.kind() {
                Kind::CatchClause => catches.extend(self.catch(part)),
                Kind::FinallyClause => {
                    finally = self
                        .statements(part.child(Kind::Block).map_or_else(Vec::new, Node::children));
                }
                _ => {}
            }
        }
        StmtKind::Try { body, catches, finally }
    }

    fn catch(&mut self, node: Node) -> Option<Catch> {
        let param = self.param(node.child(Kind::FormalParameter)?);
        Some(Catch { ty: param.ty, name: param.name, body: self.block_in(node, Field::Body) })
    }

    /// `System.runAs(user) { … }` is a block that first evaluates the user.
    fn run_as(&mut self, node: Node) -> StmtKind {
        let user =
            node.field(Field::User).map(|user| self.expression_statement(unparenthesised(user)));
        let block = node.child(Kind::Block).map_or_else(Vec::new, Node::children);
        let statements = self.statements(block);
        StmtKind::Block(user.into_iter().chain(statements).collect())
    }

    fn expression_statement(&mut self, node: Node) -> StmtId {
        let expr = self.expression(node);
        self.push_stmt(node, StmtKind::Expr(expr))
    }

    /// What an error still says: the whole statements and calls in it.
    fn recovered(&mut self, node: Node, to: &mut Vec<StmtId>) {
        for part in node.children() {
            match part.kind() {
                Kind::AssignmentExpression
                | Kind::DmlExpression
                | Kind::MethodInvocation
                | Kind::ObjectCreationExpression
                | Kind::QueryExpression => to.push(self.expression_statement(part)),
                _ => self.statement(part, to),
            }
        }
    }
}
