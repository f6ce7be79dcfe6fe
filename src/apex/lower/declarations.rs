//! Triggers, types and their members.

use super::super::ir::{
    Body, Field as FieldDecl, Initialiser, Method, Modifiers, Param, StmtId, StmtKind, Trigger,
    TriggerEvent, TypeDecl, TypeKind, TypeRef, Unit,
};
use super::super::syntax::{Field, Kind, Node};
use super::Lowering;

impl Lowering<'_> {
    pub(super) fn unit(&mut self, root: Node) -> Unit {
        let mut unit = Unit::default();
        // A declaration can stand inside an error beside it.
        let tops = root.children().into_iter().flat_map(|node| match node.kind() {
            Kind::Error => node.children(),
            _ => vec![node],
        });
        for node in tops {
            match node.kind() {
                Kind::TriggerDeclaration => {
                    unit.trigger = Some(self.trigger(node, &mut unit.types));
                }
                _ => unit.types.extend(self.type_decl(node)),
            }
        }
        unit
    }

    fn trigger(&mut self, node: Node, types: &mut Vec<TypeDecl>) -> Trigger {
        let start = node.range().start;
        let end = node.last_token(")").map_or(node.range().end, |token| token.range().end);
        let events = node.fields(Field::Events).into_iter().filter_map(|event| event.first());
        let block = node.field(Field::Body).and_then(Node::first);
        let mut methods = Vec::new();
        let body = self.body(|lowering| {
            let (declared, statements): (Vec<Node>, Vec<Node>) = block
                .map_or_else(Vec::new, Node::children)
                .into_iter()
                .partition(|node| is_declaration(*node));
            for node in declared {
                match lowering.type_decl(node) {
                    Some(decl) => types.push(decl),
                    None => methods.push(lowering.method(node)),
                }
            }
            lowering.statements(statements)
        });
        Trigger {
            name: self.ident_or_empty(node.field(Field::Name), node),
            object: self.ident_or_empty(node.field(Field::Object), node),
            events: events.filter_map(|event| trigger_event(event.kind())).collect(),
            header: self.span_of(start, end),
            body,
            methods,
        }
    }

    /// A class, interface or enum; nothing if the node is none, or nested too deeply.
    fn type_decl(&mut self, node: Node) -> Option<TypeDecl> {
        let kind = match node.kind() {
            Kind::ClassDeclaration => TypeKind::Class,
            Kind::InterfaceDeclaration => TypeKind::Interface,
            Kind::EnumDeclaration => TypeKind::Enum,
            _ => return None,
        };
        if !self.enter(node) {
            return None;
        }
        let superclass = node.field(Field::Superclass).and_then(Node::first);
        let interfaces =
            node.field(Field::Interfaces).or_else(|| node.child(Kind::ExtendsInterfaces));
        let mut decl = TypeDecl {
            kind,
            name: self.ident_or_empty(node.field(Field::Name), node),
            modifiers: self.modifiers(node),
            superclass: superclass.map(|ty| self.type_ref(ty)),
            interfaces: self.type_list(interfaces),
            fields: Vec::new(),
            methods: Vec::new(),
            initialisers: Vec::new(),
            constants: Vec::new(),
            inner: Vec::new(),
        };
        for member in node.field(Field::Body).map_or_else(Vec::new, Node::children) {
            match member.kind() {
                // Whole members inside an error are whole; a loose block there belongs to who knows what.
                Kind::Error => {
                    let whole = member.children().into_iter().filter(|node| is_declaration(*node));
                    whole.for_each(|member| self.member(member, &mut decl));
                }
                _ => self.member(member, &mut decl),
            }
        }
        self.leave();
        Some(decl)
    }

    fn member(&mut self, node: Node, decl: &mut TypeDecl) {
        match node.kind() {
            Kind::MethodDeclaration | Kind::ConstructorDeclaration => {
                decl.methods.push(self.method(node));
            }
            Kind::FieldDeclaration | Kind::ConstantDeclaration => {
                self.fields(node, &mut decl.fields);
            }
            Kind::EnumConstant => {
                decl.constants.push(self.ident_or_empty(node.field(Field::Name), node));
            }
            Kind::Block => decl
                .initialisers
                .push(Initialiser { is_static: false, body: self.block_body(node) }),
            Kind::StaticInitializer => {
                if let Some(block) = node.child(Kind::Block) {
                    decl.initialisers
                        .push(Initialiser { is_static: true, body: self.block_body(block) });
                }
            }
            _ => decl.inner.extend(self.type_decl(node)),
        }
    }

    /// A method or constructor.
    fn method(&mut self, node: Node) -> Method {
        let is_constructor = node.is(Kind::ConstructorDeclaration);
        let parameters = node.field(Field::Parameters).map_or_else(Vec::new, Node::children);
        let returns = node.field(Field::Type).filter(|ty| !ty.is(Kind::VoidType));
        Method {
            name: self.ident_or_empty(node.field(Field::Name), node),
            is_constructor,
            modifiers: self.modifiers(node),
            params: parameters
                .into_iter()
                .filter(|parameter| parameter.is(Kind::FormalParameter))
                .map(|parameter| self.param(parameter))
                .collect(),
            returns: returns.map(|ty| self.type_ref(ty)),
            body: node.field(Field::Body).map(|body| self.block_body(body)),
        }
    }

    pub(super) fn param(&mut self, node: Node) -> Param {
        Param { name: self.ident_or_empty(node.field(Field::Name), node), ty: self.type_of(node) }
    }

    /// The fields of one declaration, `Integer a = 1, b;`, or its property.
    fn fields(&mut self, node: Node, fields: &mut Vec<FieldDecl>) {
        let ty = self.type_of(node);
        let modifiers = self.modifiers(node);
        let accessors = node.child(Kind::AccessorList).map_or_else(Vec::new, Node::children);
        for declarator in node.fields(Field::Declarator) {
            let mut field = self.field(declarator, ty.clone(), modifiers.clone());
            for accessor in &accessors {
                let body = accessor.field(Field::Body).map(|body| self.block_body(body));
                let word = accessor.field(Field::Accessor).map_or("", |word| self.text(word));
                if word.eq_ignore_ascii_case("get") {
                    field.getter = body;
                } else {
                    field.setter = body;
                }
            }
            fields.push(field);
        }
    }

    fn field(&mut self, declarator: Node, ty: TypeRef, modifiers: Modifiers) -> FieldDecl {
        let value = declarator.field(Field::Value).map(|value| {
            self.body(|lowering| {
                let expr = lowering.expression(value);
                vec![lowering.push_stmt(value, StmtKind::Expr(expr))]
            })
        });
        let name = self.ident_or_empty(declarator.field(Field::Name), declarator);
        FieldDecl { name, ty, modifiers, value, getter: None, setter: None }
    }

    fn block_body(&mut self, block: Node) -> Body {
        self.body(|lowering| -> Vec<StmtId> { lowering.statements(block.children()) })
    }
}

fn is_declaration(node: Node) -> bool {
    matches!(
        node.kind(),
        Kind::MethodDeclaration
            | Kind::ConstructorDeclaration
            | Kind::FieldDeclaration
            | Kind::ClassDeclaration
            | Kind::InterfaceDeclaration
            | Kind::EnumDeclaration
    )
}

fn trigger_event(kind: Kind) -> Option<TriggerEvent> {
    Some(match kind {
        Kind::BeforeInsert => TriggerEvent::BeforeInsert,
        Kind::BeforeUpdate => TriggerEvent::BeforeUpdate,
        Kind::BeforeDelete => TriggerEvent::BeforeDelete,
        Kind::AfterInsert => TriggerEvent::AfterInsert,
        Kind::AfterUpdate => TriggerEvent::AfterUpdate,
        Kind::AfterDelete => TriggerEvent::AfterDelete,
        Kind::AfterUndelete => TriggerEvent::AfterUndelete,
        _ => return None,
    })
}
