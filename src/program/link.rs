//! From the units of all files to classes and code.

use super::query_texts::QueryTexts;
use super::records::Records;
use super::rollup_tool::{self, RollUpTool};
use super::symbols::Symbols;
use super::types::{Ty, TyId, Types};
use super::{Class, ClassId, Code, CodeId, JobKind, Mask, Role, Trigger, Variable};
use super::{single_scopes, switches};
use crate::apex::ir::{
    Body, ExprKind, Field, Method, Sharing, StmtKind, TypeDecl, TypeKind, TypeRef, Unit, Visibility,
};
use crate::base::{Ids, Issue, IssueKind, Name, Span};
use crate::facts::Facts;
use crate::known::Known;
use crate::metadata::{FlowFacts, SubscriberConfigFacts, WorkflowFacts};
use crate::schema::Schema;
use rustc_hash::{FxHashMap, FxHashSet};

/// Everything of a program but what it does.
pub(super) struct Linked {
    pub(super) symbols: Symbols,
    pub(super) types: Types,
    pub(super) code: Ids<Code>,
    pub(super) query_texts: QueryTexts,
    /// Batches whose `execute` is handed one row at a time.
    pub(super) single_scopes: FxHashSet<ClassId>,
    pub(super) triggers: Vec<Trigger>,
    pub(super) records: Records,
    /// What people know of packages.
    pub(super) known: Known,
    pub(super) subscriptions: Vec<SubscriberConfigFacts>,
    pub(super) workflows: Vec<WorkflowFacts>,
    pub(super) roll_up_tools: Vec<RollUpTool>,
    /// The active ones.
    pub(super) flows: Ids<FlowFacts>,
}

pub(super) fn link(
    facts: Vec<Facts>,
    schema: &Schema,
    known: &Known,
    issues: &mut Vec<Issue>,
) -> Linked {
    let mut units = Vec::new();
    let mut inactive = FxHashSet::default();
    let mut sharing_by_default = FxHashSet::default();
    let mut records = Records::default();
    let mut subscriptions = Vec::new();
    let mut flows: Vec<FlowFacts> = Vec::new();
    let mut workflows = Vec::new();
    let mut metadata = Vec::new();
    let mut active_versions = FxHashMap::default();
    for fact in facts {
        match fact {
            Facts::Apex(unit) => units.push(unit),
            Facts::ApexMeta(meta) if meta.of_trigger && !meta.active => {
                inactive.insert(meta.name);
            }
            Facts::ApexMeta(meta) if !meta.of_trigger && meta.shares_by_default() => {
                sharing_by_default.insert(meta.name);
            }
            Facts::SubscriberConfig(facts) => subscriptions.push(facts),
            Facts::Flow(facts) => flows.push(facts),
            Facts::FlowDefinition(facts) => {
                active_versions.insert(facts.name, facts.active_version);
            }
            Facts::CustomMetadata(facts) => metadata.push(facts),
            Facts::Workflow(facts) => workflows.push(facts),
            _ => {}
        }
    }
    let roll_up_tools = rollup_tool::tools(&metadata, schema);
    metadata.into_iter().for_each(|facts| records.add_metadata(facts, schema));
    let mut active = Ids::default();
    for flow in flows.into_iter().filter(|flow| is_active(flow, &active_versions)) {
        active.push(flow);
    }
    let mut linker = Linker {
        linked: Linked {
            symbols: Symbols::default(),
            types: Types::new(),
            code: Ids::default(),
            query_texts: QueryTexts::default(),
            single_scopes: FxHashSet::default(),
            triggers: Vec::new(),
            records,
            known: known.clone(),
            subscriptions,
            workflows,
            roll_up_tools,
            flows: active,
        },
        schema,
        issues,
        declared: Vec::new(),
        sharing_by_default,
    };
    // Code may make rows of objects that it names by tokens only.
    for object in schema.objects.ids() {
        linker.linked.types.intern(Ty::SObject(object));
    }
    let mut triggers = Vec::new();
    for unit in units {
        linker.declare_unit(unit, &inactive, &mut triggers);
    }
    linker.resolve_ancestors();
    linker.define_classes();
    for (class, trigger) in triggers {
        linker.define_trigger(class, trigger);
    }
    let Linked { records, code, types, symbols, .. } = &mut linker.linked;
    records.keep_registrations(symbols);
    records.add_created(code, types, symbols, schema);
    switches::settle(&mut linker.linked);
    linker.linked.single_scopes = single_scopes::find(&linker.linked);
    linker.linked
}

/// A definition decides where there is one, which names a version by the number in its file's name; else the status (FL-02).
fn is_active(flow: &FlowFacts, versions: &FxHashMap<Name, Option<u32>>) -> bool {
    match versions.get(&flow.name) {
        Some(Some(active)) if flow.version.is_some() => flow.version == Some(*active),
        Some(None) => false,
        _ => flow.active == Some(true),
    }
}

/// A declaration whose class exists, but whose members do not yet: they may name classes of later files.
struct Declared {
    class: ClassId,
    decl: TypeDecl,
}

struct Linker<'a> {
    linked: Linked,
    schema: &'a Schema,
    issues: &'a mut Vec<Issue>,
    declared: Vec<Declared>,
    /// Classes whose version makes sharing the default.
    sharing_by_default: FxHashSet<Name>,
}

impl Linker<'_> {
    fn declare_unit(
        &mut self,
        unit: Unit,
        inactive: &FxHashSet<Name>,
        triggers: &mut Vec<(ClassId, crate::apex::ir::Trigger)>,
    ) {
        let mut outer = None;
        if let Some(trigger) = unit.trigger {
            if inactive.contains(&trigger.name.name) {
                return;
            }
            // The methods and classes of a trigger's body are members of a class that nobody else can name.
            let name = format!("trigger {}", trigger.name.name);
            if self.linked.symbols.top_level(&Name::new(&name)).is_some() {
                let message = format!(
                    "a trigger `{}` is already declared elsewhere; both count",
                    trigger.name.name
                );
                self.issues.push(Issue::new(trigger.name.span, IssueKind::Duplicate, message));
            }
            let class = self.linked.symbols.add(new_class(
                name.clone(),
                Name::new(&name),
                None,
                TypeKind::Class,
                false,
            ));
            outer = Some(class);
            triggers.push((class, trigger));
        }
        for decl in unit.types {
            self.declare(decl, outer, false);
        }
    }

    fn declare(&mut self, mut decl: TypeDecl, outer: Option<ClassId>, in_test: bool) {
        let symbols = &mut self.linked.symbols;
        let simple = decl.name.name.clone();
        let name = match outer {
            Some(outer) => format!("{}.{}", symbols.classes[outer].name, simple),
            None => simple.to_string(),
        };
        if outer.is_none() && symbols.top_level(&simple).is_some() {
            let message = format!(
                "a class `{simple}` is already declared elsewhere; the first declaration counts"
            );
            self.issues.push(Issue::new(decl.name.span, IssueKind::Duplicate, message));
        }
        let is_test = in_test || decl.modifiers.is_test;
        let class = symbols.add(new_class(name, simple, outer, decl.kind, is_test));
        self.linked.types.intern(Ty::Class(class));
        for inner in std::mem::take(&mut decl.inner) {
            self.declare(inner, Some(class), is_test);
        }
        self.declared.push(Declared { class, decl });
    }

    fn resolve_ancestors(&mut self) {
        let symbols = &mut self.linked.symbols;
        for Declared { class, decl } in &self.declared {
            let named = |ty: &TypeRef| {
                symbols.class_named(&ty.name, Some(*class)).filter(|found| found != class)
            };
            let superclass = decl.superclass.as_ref().and_then(named);
            let interfaces: Vec<ClassId> = decl.interfaces.iter().filter_map(named).collect();
            for &ancestor in superclass.iter().chain(&interfaces) {
                symbols.classes[ancestor].derived.push(*class);
            }
            let packaged = decl.superclass.as_ref().filter(|_| superclass.is_none());
            symbols.classes[*class].packaged_base = packaged.map(|ty| ty.name.clone());
            symbols.classes[*class].superclass = superclass;
            symbols.classes[*class].sharing = match decl.modifiers.sharing {
                Some(sharing) => sharing != Sharing::Without,
                None => self.sharing_by_default.contains(&top_name(&symbols.classes[*class].name)),
            };
            symbols.classes[*class].jobs = decl.interfaces.iter().filter_map(job_kind).collect();
            symbols.classes[*class].interfaces = interfaces;
        }
    }

    fn define_classes(&mut self) {
        for Declared { class, decl } in std::mem::take(&mut self.declared) {
            for method in decl.methods {
                self.define_method(class, method);
            }
            for field in decl.fields {
                self.define_variable(class, field);
            }
            for init in decl.initialisers {
                let code = self.block(
                    class,
                    "initialiser",
                    init.is_static,
                    Some(init.body),
                    decl.name.span,
                );
                self.run_at_start(class, init.is_static, code);
            }
        }
    }

    fn run_at_start(&mut self, class: ClassId, is_static: bool, code: CodeId) {
        let class = &mut self.linked.symbols.classes[class];
        let list = if is_static { &mut class.static_code } else { &mut class.instance_code };
        list.push(code);
    }

    fn define_method(&mut self, class: ClassId, method: Method) {
        let params = method
            .params
            .iter()
            .map(|param| (param.name.name.clone(), self.ty(&param.ty, class)))
            .collect();
        let returns =
            method.returns.as_ref().map_or(self.linked.types.other, |ty| self.ty(ty, class));
        let is_test = method.modifiers.is_test;
        let by_page = |name: &Name| name.is("AuraEnabled") || name.is("RemoteAction");
        let by_flow = |name: &Name| name.is("InvocableMethod");
        let is_invocable = method.modifiers.annotations.iter().any(by_flow);
        let is_remote = method.modifiers.annotations.iter().any(by_page);
        let code = self.block(
            class,
            method.name.name.as_str(),
            method.modifiers.is_static,
            method.body,
            method.name.span,
        );
        let defined = &mut self.linked.code[code];
        defined.params = params;
        defined.returns = returns;
        defined.is_future = method.modifiers.is_future;
        defined.is_remote = is_remote;
        defined.is_invocable = is_invocable;
        defined.is_test |= is_test;
        let class = &mut self.linked.symbols.classes[class];
        if method.is_constructor {
            class.constructors.push(code);
        } else {
            class.methods.entry(method.name.name).or_default().push(code);
        }
    }

    fn define_variable(&mut self, class: ClassId, field: Field) {
        let ty = self.ty(&field.ty, class);
        let is_static = field.modifiers.is_static;
        let name = field.name.name;
        let getter = field.getter.map(|body| {
            let code = self.block(class, name.as_str(), is_static, Some(body), field.name.span);
            self.linked.code[code].returns = ty;
            code
        });
        let setter = field.setter.map(|body| {
            let code = self.block(class, name.as_str(), is_static, Some(body), field.name.span);
            self.linked.code[code].params = vec![(Name::new("value"), ty)];
            code
        });
        if let Some(value) = field.value {
            let code = self.block(class, name.as_str(), is_static, Some(value), field.name.span);
            self.linked.code[code].role = Role::InitialValue(name.clone());
            self.run_at_start(class, is_static, code);
        }
        let is_global = field.modifiers.visibility == Visibility::Global;
        let is_final = field.modifiers.is_final;
        let variable = Variable { ty, is_static, is_global, is_final, getter, setter };
        self.linked.symbols.classes[class].variables.entry(name).or_insert(variable);
    }

    fn define_trigger(&mut self, class: ClassId, trigger: crate::apex::ir::Trigger) {
        for mut method in trigger.methods {
            // Called without a receiver from the trigger's body.
            method.modifiers.is_static = true;
            self.define_method(class, method);
        }
        let Some(object) = self.schema.object(&trigger.object.name) else { return };
        let name = format!("trigger {}", trigger.name.name);
        let code = self.block(class, "", true, Some(trigger.body), trigger.name.span);
        self.linked.code[code].name = name;
        let events =
            trigger.events.iter().fold(Mask::NONE, |mask, &event| mask.or(Mask::of(event)));
        self.linked.triggers.push(Trigger {
            name: trigger.name.name,
            object,
            events,
            header: trigger.header,
            code,
        });
    }

    fn ty(&mut self, ty: &TypeRef, class: ClassId) -> TyId {
        let Linked { symbols, types, .. } = &mut self.linked;
        types.resolve(ty, Some(class), symbols, self.schema)
    }

    fn block(
        &mut self,
        class: ClassId,
        name: &str,
        is_static: bool,
        body: Option<Body>,
        span: Span,
    ) -> CodeId {
        let Linked { symbols, types, code, .. } = &mut self.linked;
        let owner = &symbols.classes[class];
        let mut resolve = |ty: &TypeRef| types.resolve(ty, Some(class), symbols, self.schema);
        let (stmt_types, expr_types) =
            body.as_ref().map(|body| written_types(body, &mut resolve)).unwrap_or_default();
        code.push(Code {
            name: format!("{}.{name}", owner.name),
            class: Some(class),
            role: Role::Block,
            params: Vec::new(),
            returns: types.other,
            is_static,
            is_future: false,
            is_remote: false,
            is_invocable: false,
            is_test: owner.is_test,
            body,
            stmt_types,
            expr_types,
            span,
        })
    }
}

/// The class whose file holds a class.
fn top_name(name: &str) -> Name {
    Name::new(name.split('.').next().unwrap_or(name))
}

/// `implements Database.Batchable<SObject>`, `System.Queueable`, …
fn job_kind(interface: &TypeRef) -> Option<JobKind> {
    let name = Name::new(interface.name.as_str().rsplit('.').next().unwrap_or_default());
    let kinds = [
        ("Batchable", JobKind::Batch),
        ("Finalizer", JobKind::Finalizer),
        ("Queueable", JobKind::Queueable),
        ("Schedulable", JobKind::Scheduled),
    ];
    kinds.into_iter().find(|(word, _)| name.is(word)).map(|(_, kind)| kind)
}

/// The types that statements and expressions write, by index; those that write none have the first type there is.
fn written_types(body: &Body, resolve: &mut dyn FnMut(&TypeRef) -> TyId) -> (Vec<TyId>, Vec<TyId>) {
    let none = TypeRef {
        name: Name::default(),
        args: Vec::new(),
        span: Span::start_of(crate::base::FileId(0)),
    };
    let none = resolve(&none);
    let stmts = body.stmts.iter().map(|(_, stmt)| match &stmt.kind {
        StmtKind::Local { ty, .. } | StmtKind::ForEach { ty, .. } => resolve(ty),
        _ => none,
    });
    let stmts = stmts.collect();
    let exprs = body.exprs.iter().map(|(_, expr)| match &expr.kind {
        ExprKind::New { ty, .. } | ExprKind::Cast { ty, .. } | ExprKind::InstanceOf { ty, .. } => {
            resolve(ty)
        }
        _ => none,
    });
    (stmts, exprs.collect())
}

fn new_class(
    name: String,
    simple_name: Name,
    outer: Option<ClassId>,
    kind: TypeKind,
    is_test: bool,
) -> Class {
    Class {
        name,
        simple_name,
        outer,
        superclass: None,
        packaged_base: None,
        sharing: false,
        jobs: Vec::new(),
        interfaces: Vec::new(),
        derived: Vec::new(),
        is_interface: kind == TypeKind::Interface,
        is_enum: kind == TypeKind::Enum,
        is_test,
        inner: FxHashMap::default(),
        methods: FxHashMap::default(),
        constructors: Vec::new(),
        variables: FxHashMap::default(),
        static_code: Vec::new(),
        instance_code: Vec::new(),
    }
}
