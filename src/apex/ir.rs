//! Apex as the analysis sees it: small, owned, flat, without grammar names.
//!
//! Bodies are arenas: statements and expressions refer to each other by index, so that a unit is
//! cheap to move between threads and deep code costs no stack to drop.

use crate::base::{Id, Ids, Name, Span};

pub(crate) type ExprId = Id<Expr>;
pub(crate) type StmtId = Id<Stmt>;

/// All of one file.
#[derive(Clone, Default, Debug)]
pub(crate) struct Unit {
    pub(crate) trigger: Option<Trigger>,
    /// Top-level classes, interfaces and enums (one, in a `.cls`; a trigger's local ones in a `.trigger`).
    pub(crate) types: Vec<TypeDecl>,
}

impl Unit {
    /// The same, with tests that count like other code.
    pub(crate) fn with_tests(mut self) -> Unit {
        fn count(decl: &mut TypeDecl) {
            decl.modifiers.is_test = false;
            decl.methods.iter_mut().for_each(|method| method.modifiers.is_test = false);
            decl.inner.iter_mut().for_each(count);
        }
        self.types.iter_mut().for_each(count);
        self
    }
}

/// A name as written, with its place.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Ident {
    pub(crate) name: Name,
    pub(crate) span: Span,
}

/// `trigger NAME on OBJECT (EVENTS) { … }`
#[derive(Clone, Debug)]
pub(crate) struct Trigger {
    pub(crate) name: Ident,
    pub(crate) object: Ident,
    pub(crate) events: Vec<TriggerEvent>,
    /// `trigger … on X (…)`, without the body.
    pub(crate) header: Span,
    pub(crate) body: Body,
    /// Methods declared inside the trigger's body.
    pub(crate) methods: Vec<Method>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum TriggerEvent {
    BeforeInsert,
    BeforeUpdate,
    BeforeDelete,
    AfterInsert,
    AfterUpdate,
    AfterDelete,
    AfterUndelete,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TypeKind {
    Class,
    Interface,
    Enum,
}

#[derive(Clone, Debug)]
pub(crate) struct TypeDecl {
    pub(crate) kind: TypeKind,
    pub(crate) name: Ident,
    pub(crate) modifiers: Modifiers,
    pub(crate) superclass: Option<TypeRef>,
    /// `implements`; of an interface: `extends`.
    pub(crate) interfaces: Vec<TypeRef>,
    pub(crate) fields: Vec<Field>,
    pub(crate) methods: Vec<Method>,
    /// Static and instance initialiser blocks, in source order.
    pub(crate) initialisers: Vec<Initialiser>,
    pub(crate) constants: Vec<Ident>,
    pub(crate) inner: Vec<TypeDecl>,
}

/// Modifiers and annotations that mean something to the analysis.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct Modifiers {
    pub(crate) is_static: bool,
    pub(crate) is_abstract: bool,
    pub(crate) is_virtual: bool,
    pub(crate) is_override: bool,
    pub(crate) is_final: bool,
    pub(crate) visibility: Visibility,
    pub(crate) sharing: Option<Sharing>,
    /// `@IsTest` or `testMethod`.
    pub(crate) is_test: bool,
    /// `@future`
    pub(crate) is_future: bool,
    /// All annotations, by name without `@`.
    pub(crate) annotations: Vec<Name>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Visibility {
    #[default]
    Private,
    Protected,
    Public,
    Global,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sharing {
    With,
    Without,
    Inherited,
}

/// A field or property. A property's accessors with bodies are methods without parameters (get) or with one, `value` (set).
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: Ident,
    pub(crate) ty: TypeRef,
    pub(crate) modifiers: Modifiers,
    /// The initial value: a body whose only statement is an expression statement with that value.
    pub(crate) value: Option<Body>,
    pub(crate) getter: Option<Body>,
    pub(crate) setter: Option<Body>,
}

#[derive(Clone, Debug)]
pub(crate) struct Initialiser {
    pub(crate) is_static: bool,
    pub(crate) body: Body,
}

/// A method or constructor.
#[derive(Clone, Debug)]
pub(crate) struct Method {
    /// A constructor has the name of its class.
    pub(crate) name: Ident,
    pub(crate) is_constructor: bool,
    pub(crate) modifiers: Modifiers,
    pub(crate) params: Vec<Param>,
    /// `None` for `void` and constructors.
    pub(crate) returns: Option<TypeRef>,
    /// `None` for abstract and interface methods.
    pub(crate) body: Option<Body>,
}

#[derive(Clone, Debug)]
pub(crate) struct Param {
    pub(crate) name: Ident,
    pub(crate) ty: TypeRef,
}

/// A type as written: `Map<Id, List<ns__Invoice__c>>` is `Map` with two arguments, `Account[]` is `List` with one.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct TypeRef {
    /// Without arguments; may be dotted: `Database.Batchable`, `Schema.Account`, `Outer.Inner`.
    pub(crate) name: Name,
    pub(crate) args: Vec<TypeRef>,
    pub(crate) span: Span,
}

/// The code of a method, trigger, initialiser or accessor.
#[derive(Clone, Default, Debug)]
pub(crate) struct Body {
    pub(crate) exprs: Ids<Expr>,
    pub(crate) stmts: Ids<Stmt>,
    pub(crate) root: Vec<StmtId>,
}

#[derive(Clone, Debug)]
pub(crate) struct Stmt {
    pub(crate) span: Span,
    pub(crate) kind: StmtKind,
}

#[derive(Clone, Debug)]
pub(crate) enum StmtKind {
    Local {
        ty: TypeRef,
        vars: Vec<(Ident, Option<ExprId>)>,
    },
    Expr(ExprId),
    If {
        cond: ExprId,
        then: Vec<StmtId>,
        otherwise: Vec<StmtId>,
    },
    /// `for (init; cond; update)`
    For {
        init: Vec<StmtId>,
        cond: Option<ExprId>,
        update: Vec<ExprId>,
        body: Vec<StmtId>,
    },
    /// `for (ty name : over)`; over a query also `for (List<T> chunk : [SELECT …])`
    ForEach {
        ty: TypeRef,
        name: Ident,
        over: ExprId,
        body: Vec<StmtId>,
    },
    /// `while`, and `do … while`
    While {
        cond: ExprId,
        body: Vec<StmtId>,
    },
    Switch {
        on: ExprId,
        cases: Vec<Case>,
    },
    Try {
        body: Vec<StmtId>,
        catches: Vec<Catch>,
        finally: Vec<StmtId>,
    },
    /// A nested block, and `System.runAs(user) { … }`
    Block(Vec<StmtId>),
    Return(Option<ExprId>),
    Throw(ExprId),
    Break,
    Continue,
}

#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) labels: Labels,
    pub(crate) body: Vec<StmtId>,
}

#[derive(Clone, Debug)]
pub(crate) enum Labels {
    /// `when A, B`
    Values(Vec<ExprId>),
    /// `when Account a`
    Type { ty: TypeRef, name: Ident },
    /// `when else`
    Else,
}

#[derive(Clone, Debug)]
pub(crate) struct Catch {
    pub(crate) ty: TypeRef,
    pub(crate) name: Ident,
    pub(crate) body: Vec<StmtId>,
}

#[derive(Clone, Debug)]
pub(crate) struct Expr {
    pub(crate) span: Span,
    pub(crate) kind: ExprKind,
}

#[derive(Clone, Debug)]
pub(crate) enum ExprKind {
    /// A variable, field, class or namespace: one word. `Trigger` is one too.
    Name(Name),
    This,
    Super,
    /// `object.name`, `object?.name`; `Account.class` has the name `class`.
    Field {
        object: ExprId,
        name: Ident,
    },
    /// `list[index]`
    Index {
        list: ExprId,
        index: ExprId,
    },
    /// `name(…)`, `object.name(…)`; `this(…)` and `super(…)` are calls of the name `this` and `super` without object.
    Call {
        object: Option<ExprId>,
        name: Ident,
        args: Vec<ExprId>,
    },
    /// `new T(…)`
    New {
        ty: TypeRef,
        args: NewArgs,
    },
    Cast {
        ty: TypeRef,
        value: ExprId,
    },
    InstanceOf {
        value: ExprId,
        ty: TypeRef,
    },
    Ternary {
        cond: ExprId,
        then: ExprId,
        otherwise: ExprId,
    },
    /// Left to right; a chain of one operator (`a + b + c`) is one expression with several operands.
    Binary {
        op: BinaryOp,
        operands: Vec<ExprId>,
    },
    /// `!x`; other unary operators are `Arithmetic`.
    Not(ExprId),
    /// `-x`, `~x`, `x++`, …: a number, of no interest but for what its operand does.
    Arithmetic(ExprId),
    /// `left = right`; compound assignments (`+=`) have `compound`.
    Assign {
        left: ExprId,
        right: ExprId,
        compound: bool,
    },
    Literal(Literal),
    /// `[SELECT …]`
    Soql(Box<Query>),
    /// `[FIND …]`
    Sosl,
    /// A DML statement.
    Dml(Box<Dml>),
    /// What the grammar could not parse, or nesting beyond the bound: an issue says so.
    Error,
}

#[derive(Clone, Debug)]
pub(crate) enum NewArgs {
    /// `new T(a, b)`
    Positional(Vec<ExprId>),
    /// `new Account(Name = 'x', Parent__r = …)`
    Fields(Vec<(Ident, ExprId)>),
    /// `new List<T>{ a, b }`, `new T[]{ … }`, `new Set<T>{ … }`. `new T[5]` has no elements.
    Elements(Vec<ExprId>),
    /// `new Map<K, V>{ k => v }`
    Pairs(Vec<(ExprId, ExprId)>),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum BinaryOp {
    And,
    Or,
    /// `==` and `===`
    Equal,
    /// `!=`, `!==` and `<>`
    NotEqual,
    /// `<`, `>`, `<=`, `>=`
    Compare,
    /// `+`: of numbers or strings
    Plus,
    /// `??`
    Coalesce,
    /// Any other: arithmetic, bits, shifts
    Other,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Literal {
    /// Unescaped, without quotes.
    Text(String),
    Number(String),
    Bool(bool),
    Null,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum DmlVerb {
    Insert,
    Update,
    Upsert,
    Delete,
    Undelete,
    Merge,
}

/// `update rows;`, `upsert rows Ext__c;`, `merge winner losers;`, with `as user` / `as system`
#[derive(Clone, Debug)]
pub(crate) struct Dml {
    pub(crate) verb: DmlVerb,
    pub(crate) target: ExprId,
    /// The external id field of `upsert`.
    pub(crate) upsert_key: Option<Ident>,
    /// The losers of `merge`.
    pub(crate) merge_with: Option<ExprId>,
    /// `as user` or `as system`, whichever is written.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "read by the rules on sharing to come; tests show it")
    )]
    pub(crate) as_user: Option<bool>,
}

/// A SOQL query: in brackets, in parentheses inside another, or the text of a string read as one.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub(crate) span: Span,
    pub(crate) select: Vec<Selected>,
    /// `FROM Account a, a.Contacts c`: the first is the object (or, in a sub-query, the child relationship).
    pub(crate) from: Vec<From>,
    pub(crate) filter: Option<Filter>,
    pub(crate) group_by: bool,
    /// The field paths of `ORDER BY`, as written.
    pub(crate) order_by: Vec<Ident>,
    pub(crate) limit: Option<Limit>,
    /// The place of `FOR UPDATE`.
    pub(crate) for_update: Option<Span>,
    pub(crate) all_rows: bool,
    /// `WITH USER_MODE` and `WITH SECURITY_ENFORCED`, or `WITH SYSTEM_MODE`.
    pub(crate) user_mode: Option<bool>,
}

#[derive(Clone, Debug)]
pub(crate) enum Selected {
    /// `Id`, `Account.Owner.Name`
    Field { path: Ident },
    /// `COUNT()`, `MAX(Amount)`, `toLabel(x)`, …: the function's name, its first field
    Function { name: Ident, field: Option<Ident> },
    /// `(SELECT … FROM Contacts)`
    Subquery(Box<Query>),
}

#[derive(Clone, Debug)]
pub(crate) struct From {
    pub(crate) object: Ident,
    #[cfg_attr(
        not(test),
        expect(
            dead_code,
            reason = "read once paths that start with an alias are followed; tests show it"
        )
    )]
    pub(crate) alias: Option<Ident>,
}

#[derive(Clone, Debug)]
pub(crate) enum Limit {
    Number(u64),
    Bind(ExprId),
}

/// A `WHERE` condition.
#[derive(Clone, Debug)]
pub(crate) enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
    /// `field op value`; `field` is a path as written (`Account.ParentId`), or the field inside a function
    Compare {
        field: Ident,
        op: FilterOp,
        value: FilterValue,
    },
    /// What the grammar could not parse.
    Unknown,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum FilterOp {
    Equal,
    NotEqual,
    In,
    NotIn,
    /// `LIKE`, `<`, `INCLUDES`, …
    Other,
}

#[derive(Clone, Debug)]
pub(crate) enum FilterValue {
    /// `:expression`
    Bind(ExprId),
    /// A literal, or a list in which all are literals: their texts, strings without quotes
    Constants(Vec<String>),
    /// A list with binds
    Binds(Vec<ExprId>),
    /// `(SELECT Fk__c FROM …)`
    Subquery(Box<Query>),
}
