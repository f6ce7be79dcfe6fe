//! Apex linked across files: classes, code, and what each trigger does to the database.

mod branches;
mod effect;
mod flow;
mod guards;
mod interpret;
mod link;
mod mask;
mod query_texts;
mod records;
mod rollup_tool;
mod row;
mod settle;
mod single_scopes;
mod switches;
mod symbols;
mod types;
mod unknown;
mod workflow;

pub(crate) use branches::Branches;
pub(crate) use effect::{
    DmlOp, Effect, EffectKind, Extent, Failure, Flaw, JobKind, ORIGIN, Repeat, Sight,
};
pub(crate) use guards::Switches;
pub(crate) use mask::{Fields, Mask};
pub(crate) use rollup_tool::RollUpTool;
pub(crate) use row::{Hop, RowPath};
pub(crate) use unknown::{Unknown, UnknownReason};

use crate::apex::ir::Body;
use crate::base::{Id, Issue, Name, Span};
use crate::facts::Facts;
use crate::known::Known;
use crate::metadata::SubscriberConfigFacts;
use crate::schema::{ObjectId, Schema};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use types::TyId;

pub(crate) type ClassId = Id<Class>;
pub(crate) type CodeId = Id<Code>;

/// What all Apex of a project does.
#[derive(Debug)]
pub(crate) struct Program {
    /// What triggers do, then workflow, flows and roll-up tools: by kind in the order of files.
    pub(crate) automations: Vec<Automation>,
    /// The fields of the saved rows that automation sets in an update: what comes after it sees them changed.
    pub(crate) set_by_saves: BTreeMap<ObjectId, Fields>,
    /// In the order of classes.
    pub(crate) batches: Vec<Batch>,
    pub(crate) routines: Vec<Routine>,
    /// What the jobs do that routines start.
    pub(crate) jobs: Vec<Effect>,
    /// When jobs are scheduled, in the order of places.
    pub(crate) schedules: Vec<Schedule>,
    /// Roll-ups of tools that write the parent in the save of the child.
    pub(crate) roll_up_tools: Vec<RollUpTool>,
    /// How triggers on platform events subscribe.
    pub(crate) subscriptions: Vec<SubscriberConfigFacts>,
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
    /// Whether its queries see only what the user may see.
    sharing: bool,
    /// As what the platform runs it, by the interfaces that it names.
    jobs: Vec<JobKind>,
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
    is_global: bool,
    /// Whether it keeps the value with which it is initialised.
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
    /// A page calls it: `@AuraEnabled`, `@RemoteAction`.
    is_remote: bool,
    /// A flow calls it: `@InvocableMethod`.
    is_invocable: bool,
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

/// What a trigger, or what stands for one, does in the saves of an object.
#[derive(Debug)]
pub(crate) struct Automation {
    /// Of the trigger, the flow, the rule, the record.
    pub(crate) name: Name,
    pub(crate) source: Source,
    pub(crate) object: ObjectId,
    /// What happens in the transaction of the save, in the order of the code.
    pub(crate) effects: Vec<Effect>,
    /// What happens in the transactions that it starts.
    pub(crate) jobs: Vec<Effect>,
}

/// What automation is made of, in the order in which the platform comes to it (section 5.3 of the facts sheet).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Source {
    Trigger,
    /// A trigger of a package.
    RollUpTool,
    Workflow,
    Flow(FlowOrder),
}

/// When a flow runs among those of a save: those with a number up to a thousand first, then those without
/// (Salesforce Help, "Define the Run Order of Record-Triggered Flows for an Object").
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum FlowOrder {
    First(u32),
    Unnumbered,
    Last(u32),
}

impl Source {
    /// Whether it is known which of two automations of these kinds runs first.
    pub(crate) fn is_ordered(self, other: Source) -> bool {
        let are_triggers =
            [self, other].iter().all(|one| matches!(one, Source::Trigger | Source::RollUpTool));
        self != other && !are_triggers
    }
}

impl Automation {
    /// The trigger's header, or what stands for it.
    pub(crate) fn header(effect: &Effect) -> Span {
        effect.chain.first().span
    }
}

/// Code that no trigger reaches and no such code calls: what a person, the clock or another system runs.
#[derive(Debug)]
pub(crate) struct Routine {
    /// `OrderController.save`
    pub(crate) name: String,
    /// The class, where the method is one that a page calls: `@AuraEnabled` or `@RemoteAction`.
    pub(crate) page: Option<String>,
    /// As what the platform runs it, where that is a job.
    pub(crate) job: Option<JobKind>,
    /// In the order of the code.
    pub(crate) effects: Vec<Effect>,
}

/// A time as `System.schedule` takes it, and what runs then.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Schedule {
    /// The call of `System.schedule`, or the constants from which it is fed: `new List<String>{ '0 0 2 * * ?', 'NightlyJob' }`.
    pub(crate) site: Span,
    pub(crate) cron: String,
    /// The class that runs.
    pub(crate) class: String,
    /// The branches in which it stands.
    pub(crate) branches: Branches,
}

/// A batch, and what it does to one chunk; its effects are related to the rows of the chunk.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) name: String,
    pub(crate) scope: ObjectId,
    pub(crate) query: ScopeQuery,
    pub(crate) effects: Vec<Effect>,
}

/// The query of `start`.
#[derive(Clone, Debug)]
pub(crate) struct ScopeQuery {
    pub(crate) span: Span,
    /// The field paths of `ORDER BY`.
    pub(crate) order_by: Vec<Name>,
}

/// Links all Apex, and follows every trigger.
pub(crate) fn link(
    facts: Vec<Facts>,
    schema: &Schema,
    known: &Known,
    issues: &mut Vec<Issue>,
) -> Program {
    let linked = link::link(facts, schema, known, issues);
    interpret::run(linked, schema)
}

impl Program {
    /// The triggers of an object, in the order of their files.
    pub(crate) fn automations_of(&self, object: ObjectId) -> impl Iterator<Item = &Automation> {
        self.automations.iter().filter(move |automation| automation.object == object)
    }
}
