//! Apex linked across files: classes, code, and what each trigger does to the database.

mod effect;
mod interpret;
mod link;
mod mask;
mod records;
mod row;
mod symbols;
mod types;
mod unknown;

pub(crate) use effect::{DmlOp, Effect, EffectKind, Repeat};
pub(crate) use mask::Mask;
pub(crate) use row::{Hop, RowPath};
pub(crate) use unknown::{Unknown, UnknownReason};

use crate::apex::ir::Body;
use crate::base::{Id, Issue, Name, Span};
use crate::facts::Facts;
use crate::schema::{ObjectId, Schema};
use rustc_hash::FxHashMap;
use types::TyId;

pub(crate) type ClassId = Id<Class>;
pub(crate) type CodeId = Id<Code>;

/// What all Apex of a project does.
#[derive(Debug)]
pub(crate) struct Program {
    /// What each trigger does, in the order of triggers.
    pub(crate) automations: Vec<Automation>,
    /// Effects in loops, in code that no trigger reaches; one a statement.
    pub(crate) stray_loops: Vec<Effect>,
    /// Places that could not be resolved, sorted.
    pub(crate) unknowns: Vec<Unknown>,
}

/// A class, interface or enum.
#[derive(Debug)]
pub(crate) struct Class {
    /// `Outer.Inner`
    name: String,
    simple_name: Name,
    outer: Option<ClassId>,
    superclass: Option<ClassId>,
    /// The superclass's name, where the project does not have it.
    packaged_base: Option<Name>,
    interfaces: Vec<ClassId>,
    /// Classes that name this one as their superclass or interface.
    derived: Vec<ClassId>,
    is_interface: bool,
    is_enum: bool,
    is_test: bool,
    inner: FxHashMap<Name, ClassId>,
    methods: FxHashMap<Name, Vec<CodeId>>,
    constructors: Vec<CodeId>,
    variables: FxHashMap<Name, Variable>,
    /// Initialiser blocks and initial values of static variables, in source order.
    static_code: Vec<CodeId>,
    /// The same of instance variables.
    instance_code: Vec<CodeId>,
}

/// A field or property.
#[derive(Debug)]
struct Variable {
    ty: TyId,
    is_static: bool,
    is_final: bool,
    getter: Option<CodeId>,
    setter: Option<CodeId>,
}

/// Something that runs: a method, constructor, accessor, initialiser, initial value or trigger body.
#[derive(Debug)]
pub(crate) struct Code {
    /// For people: `OrderService.refresh`, `trigger OrderTrigger`.
    name: String,
    class: Option<ClassId>,
    role: Role,
    params: Vec<(Name, TyId)>,
    returns: TyId,
    is_static: bool,
    is_future: bool,
    is_test: bool,
    body: Option<Body>,
    /// The resolved type of each statement and expression that writes one, by its index.
    stmt_types: Vec<TyId>,
    expr_types: Vec<TyId>,
    span: Span,
}

/// What runs a piece of code, and where its result goes.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Role {
    /// A method, constructor, accessor, initialiser block or trigger body.
    Block,
    /// The initial value of a variable of this name.
    InitialValue(Name),
}

#[derive(Debug)]
struct Trigger {
    name: Name,
    object: ObjectId,
    events: Mask,
    header: Span,
    code: CodeId,
}

/// What one trigger does.
#[derive(Debug)]
pub(crate) struct Automation {
    pub(crate) object: ObjectId,
    /// In the order of the code.
    pub(crate) effects: Vec<Effect>,
}

/// Links all Apex, and follows every trigger.
pub(crate) fn link(facts: Vec<Facts>, schema: &Schema, issues: &mut Vec<Issue>) -> Program {
    let linked = link::link(facts, schema, issues);
    interpret::run(linked, schema)
}

impl Program {
    /// The triggers of an object, in the order of their files.
    pub(crate) fn automations_of(&self, object: ObjectId) -> impl Iterator<Item = &Automation> {
        self.automations.iter().filter(move |automation| automation.object == object)
    }
}
