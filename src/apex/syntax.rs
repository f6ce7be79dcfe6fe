//! The syntax tree: the only file that knows the parser and the names of its grammar.

use super::mask::mask;
use std::cell::RefCell;
use std::num::NonZeroU16;
use std::ops::Range;
use std::sync::LazyLock;

/// An enum whose variants stand for names of the grammar, and the table of those names.
macro_rules! names {
    ($(#[$doc:meta])* $enum:ident { $($variant:ident $name:literal,)* } $($(#[$extra_doc:meta])* $extra:ident)?) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(super) enum $enum { $($variant,)* $($(#[$extra_doc])* $extra)? }

        impl $enum {
            const ALL: &[($enum, &str)] = &[$(($enum::$variant, $name),)*];
        }
    };
}

names! {
    /// The node kinds that lowering asks about.
    Kind {
        Abstract "abstract",
        AccessorDeclaration "accessor_declaration",
        AccessorList "accessor_list",
        AfterDelete "after_delete",
        AfterInsert "after_insert",
        AfterUndelete "after_undelete",
        AfterUpdate "after_update",
        AliasExpression "alias_expression",
        AllRowsClause "all_rows_clause",
        AndExpression "and_expression",
        AnnotatedType "annotated_type",
        Annotation "annotation",
        ArgumentList "argument_list",
        ArrayAccess "array_access",
        ArrayCreationExpression "array_creation_expression",
        ArrayInitializer "array_initializer",
        ArrayType "array_type",
        AssignmentExpression "assignment_expression",
        BeforeDelete "before_delete",
        BeforeInsert "before_insert",
        BeforeUpdate "before_update",
        BinaryExpression "binary_expression",
        Block "block",
        BlockComment "block_comment",
        Boolean "boolean",
        BoundApexExpression "bound_apex_expression",
        BreakStatement "break_statement",
        CastExpression "cast_expression",
        CatchClause "catch_clause",
        ClassBody "class_body",
        ClassDeclaration "class_declaration",
        ClassLiteral "class_literal",
        ComparableList "comparable_list",
        ComparisonExpression "comparison_expression",
        ConstantDeclaration "constant_declaration",
        ConstructorDeclaration "constructor_declaration",
        ContinueStatement "continue_statement",
        CountExpression "count_expression",
        Decimal "decimal",
        DecimalFloatingPointLiteral "decimal_floating_point_literal",
        Delete "delete",
        Dimensions "dimensions",
        DimensionsExpr "dimensions_expr",
        DmlExpression "dml_expression",
        DmlSecurityMode "dml_security_mode",
        DmlType "dml_type",
        DoStatement "do_statement",
        DottedIdentifier "dotted_identifier",
        EnhancedForStatement "enhanced_for_statement",
        EnumConstant "enum_constant",
        EnumDeclaration "enum_declaration",
        Error "ERROR",
        ExplicitConstructorInvocation "explicit_constructor_invocation",
        ExpressionStatement "expression_statement",
        ExtendsInterfaces "extends_interfaces",
        FieldAccess "field_access",
        FieldDeclaration "field_declaration",
        FieldIdentifier "field_identifier",
        FieldsExpression "fields_expression",
        Final "final",
        FinallyClause "finally_clause",
        ForClause "for_clause",
        ForStatement "for_statement",
        ForType "for_type",
        FormalParameter "formal_parameter",
        FromClause "from_clause",
        FunctionExpression "function_expression",
        GenericType "generic_type",
        Global "global",
        GroupByClause "group_by_clause",
        Identifier "identifier",
        IfStatement "if_statement",
        InheritedSharing "inherited_sharing",
        Insert "insert",
        InstanceofExpression "instanceof_expression",
        Int "int",
        InterfaceDeclaration "interface_declaration",
        JavaFieldAccess "java_field_access",
        JavaType "java_type",
        LimitClause "limit_clause",
        LineComment "line_comment",
        LocalVariableDeclaration "local_variable_declaration",
        MapCreationExpression "map_creation_expression",
        MapInitializer "map_initializer",
        MapKeyInitializer "map_key_initializer",
        Merge "merge",
        MethodDeclaration "method_declaration",
        MethodInvocation "method_invocation",
        Modifier "modifier",
        Modifiers "modifiers",
        MultiLineStringLiteral "multi_line_string_literal",
        NotExpression "not_expression",
        NullLiteral "null_literal",
        ObjectCreationExpression "object_creation_expression",
        OrExpression "or_expression",
        OrderByClause "order_by_clause",
        OrderExpression "order_expression",
        Override "override",
        ParenthesizedExpression "parenthesized_expression",
        Private "private",
        Protected "protected",
        Public "public",
        QueryExpression "query_expression",
        ReturnStatement "return_statement",
        RunAsStatement "run_as_statement",
        ScopedIdentifier "scoped_identifier",
        ScopedTypeIdentifier "scoped_type_identifier",
        SelectClause "select_clause",
        SetComparisonOperator "set_comparison_operator",
        SoqlQueryBody "soql_query_body",
        SoslQueryBody "sosl_query_body",
        Static "static",
        StaticInitializer "static_initializer",
        StorageAlias "storage_alias",
        StorageIdentifier "storage_identifier",
        StringLiteral "string_literal",
        Subquery "subquery",
        Super "super",
        SwitchExpression "switch_expression",
        SwitchLabel "switch_label",
        SwitchRule "switch_rule",
        System "system",
        TernaryExpression "ternary_expression",
        TestMethod "testMethod",
        This "this",
        ThrowStatement "throw_statement",
        TriggerDeclaration "trigger_declaration",
        TryStatement "try_statement",
        TypeArguments "type_arguments",
        TypeIdentifier "type_identifier",
        TypeList "type_list",
        TypeOfClause "type_of_clause",
        UnaryExpression "unary_expression",
        Undelete "undelete",
        Update "update",
        UpdateExpression "update_expression",
        Upsert "upsert",
        User "user",
        ValueComparisonOperator "value_comparison_operator",
        VariableDeclarator "variable_declarator",
        Virtual "virtual",
        VoidType "void_type",
        Webservice "webservice",
        WhenSobjectType "when_sobject_type",
        WhereClause "where_clause",
        WhileStatement "while_statement",
        WithClause "with_clause",
        WithSharing "with_sharing",
        WithoutSharing "without_sharing",
    }
    /// A token, or a kind that lowering does not ask about.
    Other
}

names! {
    /// The fields of nodes that lowering asks for.
    Field {
        Accessor "accessor",
        Alternative "alternative",
        Arguments "arguments",
        Array "array",
        Body "body",
        Condition "condition",
        Consequence "consequence",
        Constructor "constructor",
        Declarator "declarator",
        Dimensions "dimensions",
        Element "element",
        Events "events",
        Member "field",
        FunctionName "function_name",
        Index "index",
        Init "init",
        Interfaces "interfaces",
        Left "left",
        MergeWith "merge_with",
        Name "name",
        Object "object",
        Operand "operand",
        Operator "operator",
        Parameters "parameters",
        Right "right",
        SecurityMode "security_mode",
        Superclass "superclass",
        Target "target",
        Type "type",
        Update "update",
        UpsertKey "upsert_key",
        User "user",
        Value "value",
    }
}

static LANGUAGE: LazyLock<tree_sitter::Language> =
    LazyLock::new(|| tree_sitter_sfapex::apex::LANGUAGE.into());

/// The `Kind` of each kind id of the grammar.
static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let kind_of = |id| match LANGUAGE.node_kind_for_id(id) {
        Some(name) if LANGUAGE.node_kind_is_named(id) => Kind::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map_or(Kind::Other, |(kind, _)| *kind),
        _ => Kind::Other,
    };
    (0..LANGUAGE.node_kind_count()).map(|id| kind_of(id as u16)).collect()
});

/// The grammar's id of each `Field`.
static FIELDS: LazyLock<Vec<Option<NonZeroU16>>> =
    LazyLock::new(|| Field::ALL.iter().map(|(_, name)| LANGUAGE.field_id_for_name(name)).collect());

impl Field {
    /// Nothing where the grammar has no such field, which the contract test excludes.
    fn id(self) -> Option<NonZeroU16> {
        FIELDS[self as usize]
    }
}

/// A parsed file.
pub(super) struct Tree(tree_sitter::Tree);

impl Tree {
    pub(super) fn root(&self) -> Node<'_> {
        Node(self.0.root_node())
    }
}

/// Parses the text of a file. Positions in the tree are those of the text.
pub(super) fn parse(text: &str) -> Tree {
    thread_local! {
        static PARSER: RefCell<tree_sitter::Parser> = RefCell::new({
            let mut parser = tree_sitter::Parser::new();
            parser.set_language(&LANGUAGE).expect("the grammar is of a version that the parser reads");
            parser
        });
    }
    let masked = mask(text);
    let text = masked.as_deref().unwrap_or(text);
    let tree = PARSER.with_borrow_mut(|parser| parser.parse(text, None));
    Tree(tree.expect("a parser with a language and without a time limit gives a tree"))
}

/// A node of the tree.
#[derive(Clone, Copy)]
pub(super) struct Node<'t>(tree_sitter::Node<'t>);

impl<'t> Node<'t> {
    pub(super) fn kind(self) -> Kind {
        match KINDS.get(self.0.kind_id() as usize) {
            Some(kind) => *kind,
            // The id of ERROR lies outside the grammar's.
            None if self.0.is_error() => Kind::Error,
            None => Kind::Other,
        }
    }

    pub(super) fn is(self, kind: Kind) -> bool {
        self.kind() == kind
    }

    pub(super) fn range(self) -> Range<usize> {
        self.0.byte_range()
    }

    /// Whether this node or one below it could not be parsed.
    pub(super) fn has_error(self) -> bool {
        self.0.has_error()
    }

    /// Whether the parser made the node up to go on.
    pub(super) fn is_missing(self) -> bool {
        self.0.is_missing()
    }

    /// What the grammar calls the node: for people, not for decisions.
    pub(super) fn grammar_name(self) -> &'t str {
        self.0.kind()
    }

    pub(super) fn field(self, field: Field) -> Option<Node<'t>> {
        let child = self.0.child_by_field_id(field.id()?.get())?;
        Some(Node(child))
    }

    /// All children of a field, without punctuation.
    pub(super) fn fields(self, field: Field) -> Vec<Node<'t>> {
        let id = field.id();
        let mut cursor = self.0.walk();
        let mut found = Vec::new();
        let mut more = cursor.goto_first_child();
        while more {
            if cursor.field_id() == id && cursor.node().is_named() {
                found.push(Node(cursor.node()));
            }
            more = cursor.goto_next_sibling();
        }
        found
    }

    /// The children without punctuation, keywords and comments.
    pub(super) fn children(self) -> Vec<Node<'t>> {
        let mut cursor = self.0.walk();
        let named = self.0.named_children(&mut cursor).map(Node);
        named
            .filter(|node| !matches!(node.kind(), Kind::LineComment | Kind::BlockComment))
            .collect()
    }

    /// The first child, without punctuation, keywords and comments.
    pub(super) fn first(self) -> Option<Node<'t>> {
        let first = Node(self.0.named_child(0)?);
        match first.kind() {
            Kind::LineComment | Kind::BlockComment => self.children().into_iter().next(),
            _ => Some(first),
        }
    }

    /// The first child of a kind.
    pub(super) fn child(self, kind: Kind) -> Option<Node<'t>> {
        self.children().into_iter().find(|node| node.is(kind))
    }

    /// How many of the node's tokens are this one.
    pub(super) fn count_tokens(self, token: &str) -> usize {
        let mut cursor = self.0.walk();
        self.0.children(&mut cursor).filter(|node| node.kind() == token).count()
    }

    /// The last of the node's tokens that is this one.
    pub(super) fn last_token(self, token: &str) -> Option<Node<'t>> {
        let mut cursor = self.0.walk();
        self.0.children(&mut cursor).filter(|node| node.kind() == token).last().map(Node)
    }

    /// The nodes at or below this one that could not be parsed, outermost only, in source order.
    pub(super) fn errors(self) -> Vec<Node<'t>> {
        let mut errors = Vec::new();
        let mut open = vec![self.0];
        while let Some(node) = open.pop() {
            if node.is_error() || node.is_missing() {
                errors.push(Node(node));
            } else if node.has_error() {
                let mut cursor = node.walk();
                let mut children: Vec<_> = node.children(&mut cursor).collect();
                children.reverse();
                open.append(&mut children);
            }
        }
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, Kind, LANGUAGE};

    #[test]
    fn the_grammar_has_every_kind_and_field() {
        let unknown_kinds =
            Kind::ALL.iter().filter(|(_, name)| LANGUAGE.id_for_node_kind(name, true) == 0);
        let unknown_fields =
            Field::ALL.iter().filter(|(_, name)| LANGUAGE.field_id_for_name(name).is_none());
        let unknown: Vec<&str> = unknown_kinds
            .map(|(_, name)| *name)
            .chain(unknown_fields.map(|(_, name)| *name))
            .collect();
        assert!(unknown.is_empty(), "the grammar does not know {unknown:?}");
    }
}
