//! From the facts of all files, and the catalogue, to one schema.

use super::catalogue::{EDGES, OBJECTS};
use super::{Field, FieldId, FieldKind, FieldPlace, Object, ObjectId, RollUp, RollUpInput, Schema};
use crate::apex::ir::{ExprKind, Literal, Query, Selected, StmtKind, TypeDecl, TypeRef, Unit};
use crate::base::{Issue, IssueKind, Name, Span};
use crate::facts::Facts;
use crate::metadata::{FieldFacts, FieldTypeFacts};

/// Links in the order of names, so that ids do not depend on the order of files.
pub(crate) fn link(facts: &[Facts], issues: &mut Vec<Issue>) -> Schema {
    let mut schema = Schema::default();
    for name in object_names(facts) {
        schema.add_object(name);
    }
    for edge in EDGES {
        schema.add_standard_edge(edge);
    }
    describe_objects(&mut schema, facts);
    let fields = declared_fields(facts, issues);
    for facts in &fields {
        schema.add_field(facts);
    }
    // A roll-up names fields that may be declared after it.
    for facts in &fields {
        schema.add_roll_up(facts);
    }
    schema.finish();
    schema
}

/// Every object declared, pointed to or named in Apex: declared spellings first, sorted, one each.
fn object_names(facts: &[Facts]) -> Vec<Name> {
    let mut declared = Vec::new();
    let mut named = Vec::new();
    for fact in facts {
        match fact {
            Facts::Object(object) => {
                declared.push(object.name.clone());
                object.fields.iter().for_each(|field| push_field_objects(field, &mut named));
            }
            Facts::Field(field) => push_field_objects(field, &mut named),
            Facts::DuplicateRule(rule) => named.push(rule.object.clone()),
            Facts::Apex(unit) => push_unit_objects(unit, &mut named),
            Facts::Flow(flow) => named.extend(flow.objects().cloned()),
            Facts::Workflow(workflow) => named.push(workflow.object.clone()),
            Facts::ApexMeta(_)
            | Facts::CustomMetadata(_)
            | Facts::FlowDefinition(_)
            | Facts::SubscriberConfig(_)
            | Facts::Nothing => {}
        }
    }
    declared.extend(OBJECTS.iter().copied().map(Name::new));
    named.sort_by(|a, b| a.cmp(b).then_with(|| a.as_str().cmp(b.as_str())));
    declared.sort_by(|a, b| a.cmp(b).then_with(|| b.as_str().cmp(a.as_str())));
    declared.dedup();
    named.retain(|name| declared.binary_search(name).is_err());
    declared.extend(named);
    declared.sort();
    declared.dedup();
    declared
}

fn push_field_objects(field: &FieldFacts, names: &mut Vec<Name>) {
    names.push(field.object.clone());
    match &field.kind {
        FieldTypeFacts::MasterDetail { to, .. }
        | FieldTypeFacts::Lookup { to, .. }
        | FieldTypeFacts::OtherRelationship { to } => names.extend(to.iter().cloned()),
        FieldTypeFacts::RollUp { foreign_key, .. } => {
            let child = foreign_key.as_ref().and_then(|(path, _)| path.split_once('.'));
            names.extend(child.map(|(object, _)| Name::new(object)));
        }
        FieldTypeFacts::Formula { .. } | FieldTypeFacts::Plain(_) => {}
    }
}

/// Objects that Apex names and nothing declares: those of managed packages, by their suffix.
fn push_unit_objects(unit: &Unit, names: &mut Vec<Name>) {
    if let Some(trigger) = &unit.trigger {
        names.push(trigger.object.name.clone());
        push_body_objects(&trigger.body, names);
        trigger.methods.iter().for_each(|method| push_method_objects(method, names));
    }
    unit.types.iter().for_each(|decl| push_type_objects(decl, names));
}

fn push_type_objects(decl: &TypeDecl, names: &mut Vec<Name>) {
    for field in &decl.fields {
        push_type(&field.ty, names);
        for body in [&field.value, &field.getter, &field.setter].into_iter().flatten() {
            push_body_objects(body, names);
        }
    }
    decl.methods.iter().for_each(|method| push_method_objects(method, names));
    decl.initialisers.iter().for_each(|init| push_body_objects(&init.body, names));
    decl.inner.iter().for_each(|inner| push_type_objects(inner, names));
}

fn push_method_objects(method: &crate::apex::ir::Method, names: &mut Vec<Name>) {
    method.params.iter().for_each(|param| push_type(&param.ty, names));
    method.returns.iter().for_each(|ty| push_type(ty, names));
    method.body.iter().for_each(|body| push_body_objects(body, names));
}

fn push_body_objects(body: &crate::apex::ir::Body, names: &mut Vec<Name>) {
    for (_, stmt) in body.stmts.iter() {
        match &stmt.kind {
            StmtKind::Local { ty, .. } | StmtKind::ForEach { ty, .. } => push_type(ty, names),
            _ => {}
        }
    }
    for (_, expr) in body.exprs.iter() {
        match &expr.kind {
            ExprKind::New { ty, .. }
            | ExprKind::Cast { ty, .. }
            | ExprKind::InstanceOf { ty, .. } => {
                push_type(ty, names);
            }
            ExprKind::Name(name) => push_custom(name, names),
            ExprKind::Soql(query) => push_query_objects(query, names),
            ExprKind::Literal(Literal::Text(text)) => push_queried_objects(text, names),
            _ => {}
        }
    }
}

/// `'SELECT Id FROM Invoice__c WHERE …'`
fn push_queried_objects(text: &str, names: &mut Vec<Name>) {
    let mut words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    while words.any(|word| word.eq_ignore_ascii_case("from")) {
        if let Some(object) = words.next() {
            push_custom(&Name::new(object), names);
        }
    }
}

fn push_query_objects(query: &Query, names: &mut Vec<Name>) {
    query.from.iter().for_each(|from| push_custom(&from.object.name, names));
    for selected in &query.select {
        if let Selected::Subquery(query) = selected {
            push_query_objects(query, names);
        }
    }
}

fn push_type(ty: &TypeRef, names: &mut Vec<Name>) {
    push_custom(&ty.name, names);
    ty.args.iter().for_each(|arg| push_type(arg, names));
}

/// Suffixes of API names that only objects have.
const OBJECT_SUFFIXES: &[&str] = &[
    "__c",
    "__e",
    "__b",
    "__x",
    "__mdt",
    "__kav",
    "__share",
    "__history",
    "__feed",
    "__changeevent",
];

fn push_custom(name: &Name, names: &mut Vec<Name>) {
    if OBJECT_SUFFIXES.iter().any(|suffix| name.has_suffix(suffix)) && !name.as_str().contains('.')
    {
        names.push(name.clone());
    }
}

fn describe_objects(schema: &mut Schema, facts: &[Facts]) {
    for fact in facts {
        match fact {
            Facts::Object(facts) => {
                let id = schema.objects_by_name[&facts.name];
                let object = &mut schema.objects[id];
                object.span.get_or_insert(facts.span);
                object.custom_setting |= facts.custom_setting;
                object.label = object.label.take().or_else(|| facts.label.clone());
                object.sharing_model =
                    object.sharing_model.take().or_else(|| facts.sharing_model.clone());
            }
            Facts::DuplicateRule(rule) => {
                let id = schema.objects_by_name[&rule.object];
                schema.objects[id].duplicate_rules.push(rule.clone());
            }
            Facts::Apex(_)
            | Facts::ApexMeta(_)
            | Facts::Field(_)
            | Facts::Flow(_)
            | Facts::CustomMetadata(_)
            | Facts::FlowDefinition(_)
            | Facts::SubscriberConfig(_)
            | Facts::Workflow(_)
            | Facts::Nothing => {}
        }
    }
}

/// The declared fields, by object and name. A name declared again counts once; if it says otherwise, an issue says so.
fn declared_fields<'f>(facts: &'f [Facts], issues: &mut Vec<Issue>) -> Vec<&'f FieldFacts> {
    let mut fields: Vec<&FieldFacts> = Vec::new();
    for fact in facts {
        match fact {
            Facts::Object(object) => fields.extend(&object.fields),
            Facts::Field(field) => fields.push(field),
            Facts::Apex(_)
            | Facts::ApexMeta(_)
            | Facts::DuplicateRule(_)
            | Facts::Flow(_)
            | Facts::CustomMetadata(_)
            | Facts::FlowDefinition(_)
            | Facts::SubscriberConfig(_)
            | Facts::Workflow(_)
            | Facts::Nothing => {}
        }
    }
    fields.retain(|field| !is_template(&field.object) && !is_template(&field.name));
    fields.sort_by(|a, b| {
        a.object.cmp(&b.object).then_with(|| a.name.cmp(&b.name)).then_with(|| a.span.cmp(&b.span))
    });
    fields.dedup_by(|again, first| {
        let same = again.object == first.object && again.name == first.name;
        if same && !says_the_same(again, first) {
            let message = format!(
                "`{}.{}` is declared differently elsewhere; the first declaration counts",
                first.object, first.name
            );
            issues.push(Issue::new(again.span, IssueKind::Duplicate, message));
        }
        same
    });
    fields
}

/// A name that a build fills in: the file is a template, not metadata.
fn is_template(name: &Name) -> bool {
    ["%%%", "___NAMESPACE___"].iter().any(|token| name.as_str().contains(token))
}

fn says_the_same(a: &FieldFacts, b: &FieldFacts) -> bool {
    let relation = |facts: &FieldFacts| match &facts.kind {
        FieldTypeFacts::MasterDetail { to, .. } => (0, to.clone(), None),
        FieldTypeFacts::Lookup { to, delete_constraint, .. } => {
            (1, to.clone(), delete_constraint.map(|(value, _)| value))
        }
        FieldTypeFacts::RollUp { .. } => (2, Vec::new(), None),
        FieldTypeFacts::Formula { .. }
        | FieldTypeFacts::OtherRelationship { .. }
        | FieldTypeFacts::Plain(_) => (3, Vec::new(), None),
    };
    relation(a) == relation(b)
}

impl Schema {
    fn add_object(&mut self, name: Name) {
        let id = self.objects.push(Object {
            name: name.clone(),
            label: None,
            span: None,
            custom_setting: false,
            known_dictionary: false,
            loaded_in_parallel: false,
            sharing_model: None,
            fields: Vec::new(),
            children: Vec::new(),
            duplicate_rules: Vec::new(),
        });
        self.objects_by_name.insert(name, id);
    }

    fn known(&self, names: &[Name]) -> Vec<ObjectId> {
        names.iter().filter_map(|name| self.object(name)).collect()
    }

    fn insert(&mut self, field: Field) -> FieldId {
        let key = (field.object, field.name.clone());
        let id = self.fields.push(field);
        self.fields_by_name.insert(key, id);
        id
    }

    fn add_standard_edge(&mut self, edge: &'static super::StandardEdge) {
        let Some(object) = self.object(&Name::new(edge.child)) else { return };
        let names: Vec<Name> = edge.parents.iter().copied().map(Name::new).collect();
        let to = self.known(&names);
        let children = edge.children.map(Name::new);
        let parents = to.clone();
        let id = self.insert(Field {
            object,
            name: Name::new(edge.field),
            place: None,
            kind: FieldKind::Standard { to, edge },
            required: !edge.nillable,
            filtered: false,
            unique: false,
        });
        for (parent, name) in parents.into_iter().zip(std::iter::repeat(children)) {
            if let Some(name) = name {
                self.children_by_name.insert((parent, name), id);
            }
        }
    }

    fn add_field(&mut self, facts: &FieldFacts) {
        let object = self.objects_by_name[&facts.object];
        let place = Some(FieldPlace { name: facts.span, kind: facts.type_span });
        // A standard field's file carries no relationship: the catalogue knows better (DC-03).
        if let Some(&known) = self.fields_by_name.get(&(object, facts.name.clone())) {
            self.fields[known].place = place;
            return;
        }
        let (kind, relationship) = match &facts.kind {
            FieldTypeFacts::MasterDetail { to, relationship, reparentable } => {
                match self.known(to).first() {
                    Some(&to) => (
                        FieldKind::MasterDetail { to, reparentable: *reparentable },
                        relationship.clone(),
                    ),
                    None => (FieldKind::Other, None),
                }
            }
            FieldTypeFacts::Lookup { to, relationship, delete_constraint } => (
                FieldKind::Lookup { to: self.known(to), constraint: *delete_constraint },
                relationship.clone(),
            ),
            FieldTypeFacts::Formula { .. } => (FieldKind::Formula, None),
            FieldTypeFacts::RollUp { .. }
            | FieldTypeFacts::OtherRelationship { .. }
            | FieldTypeFacts::Plain(_) => (FieldKind::Other, None),
        };
        let id = self.insert(Field {
            object,
            name: facts.name.clone(),
            place,
            kind,
            required: facts.required,
            filtered: facts.filtered,
            unique: facts.unique,
        });
        if let Some(relationship) = relationship {
            for parent in self.targets(id).to_vec() {
                self.children_by_name.insert((parent, relationship.clone()), id);
            }
        }
    }

    fn add_roll_up(&mut self, facts: &FieldFacts) {
        let FieldTypeFacts::RollUp { operation, foreign_key, summarized, filters } = &facts.kind
        else {
            return;
        };
        let object = self.objects_by_name[&facts.object];
        let Some(&id) = self.fields_by_name.get(&(object, facts.name.clone())) else { return };
        let via = foreign_key
            .as_ref()
            .and_then(|(path, span)| Some((self.detail_field(path, *span, object)?, *span)));
        let summarized = summarized.as_ref().and_then(|(path, span)| self.input(path, *span));
        let filters = filters.iter().filter_map(|(path, span)| self.input(path, *span)).collect();
        self.fields[id].kind =
            FieldKind::RollUp(RollUp { operation: operation.clone(), via, summarized, filters });
    }

    /// The field of the detail that a roll-up names. One that the project does not declare, as of a package's detail, is
    /// declared by being named: only a master-detail can be summarised (CS-07, RU-02).
    fn detail_field(&mut self, path: &str, span: Span, master: ObjectId) -> Option<FieldId> {
        let RollUpInput { object, name, field, .. } = self.input(path, span)?;
        Some(field.unwrap_or_else(|| {
            let kind = FieldKind::MasterDetail { to: master, reparentable: false };
            self.insert(Field {
                object,
                name,
                place: None,
                kind,
                required: true,
                filtered: false,
                unique: false,
            })
        }))
    }

    /// Resolves `Child__c.Field__c`.
    fn input(&self, path: &str, span: Span) -> Option<RollUpInput> {
        let (object, name) = path.split_once('.')?;
        let object = self.object(&Name::new(object))?;
        let name = Name::new(name);
        let field = self.field(object, &name);
        Some(RollUpInput { object, name, span, field })
    }

    fn finish(&mut self) {
        let mut ids: Vec<FieldId> = self.fields.ids().collect();
        ids.sort_by_key(|&id| (self.fields[id].object, self.fields[id].name.clone()));
        for id in ids {
            let object = self.fields[id].object;
            self.objects[object].fields.push(id);
            for target in self.targets(id).to_vec() {
                self.objects[target].children.push(id);
            }
        }
        for id in self.objects.ids() {
            self.objects[id].duplicate_rules.sort_by(|a, b| a.name.cmp(&b.name));
        }
    }
}
