//! What the platform's own classes and methods do, as far as it concerns rows.

use super::dml::Statement;
use super::frame::Frame;
use super::value::{Atom, Value, What};
use super::world::{Cell, World};
use crate::apex::ir::{DmlVerb, ExprId, ExprKind};
use crate::base::{Name, Span};
use crate::program::UnknownReason;
use crate::program::effect::{Failure, JobKind};
use crate::program::mask::Test;
use crate::program::records::RecordId;
use crate::program::row::RowPath;
use crate::program::types::Ty;
use crate::schema::ObjectId;

impl<'p> World<'p> {
    /// A static call of a class that is not the project's: `Database.update(rows, false)`, `System.debug(x)`, …
    pub(super) fn platform_call(
        &mut self,
        frame: &mut Frame<'p>,
        id: ExprId,
        words: &[Name],
        name: &Name,
        args: &[Value],
    ) -> Value {
        if self.wrapper_call(frame, id, words, name, args) {
            return self.values.other;
        }
        let bare: Vec<&Name> =
            words.iter().skip(usize::from(words.len() > 1 && words[0].is("System"))).collect();
        if let [flow, class] = bare.as_slice()
            && flow.is("Flow")
            && class.is("Interview")
            && name.is("createInterview")
        {
            self.interview_by_name(frame, frame.body.exprs[id].span, args);
            return self.values.other;
        }
        let [class] = bare.as_slice() else {
            self.foreign_call(frame, id, words);
            return self.values.other;
        };
        match () {
            () if class.is("Database") => self.database_call(frame, id, name, args),
            () if class.is("Trigger") => self.values.other,
            () if class.is("System") => {
                self.system_call(frame, id, name, args);
                self.values.other
            }
            () if class.is("EventBus") && name.is("publish") => {
                self.publish(frame, frame.body.exprs[id].span, args);
                self.values.other
            }
            () if class.is("WebServiceCallout") => {
                self.callout(frame, frame.body.exprs[id].span);
                self.values.other
            }
            () if class.is("Test") && name.is("isRunningTest") => {
                self.values.one(What::Test(Test::FALSE))
            }
            () if class.is("String") || class.is("Id") => self.string_call(name, args),
            () if class.is("Type") && name.is("forName") => self.type_by_name(frame, id, args),
            () if class.is("Schema") && name.is("getGlobalDescribe") => {
                self.values.one(What::ObjectTable)
            }
            () if PLATFORM.iter().any(|known| class.is(known)) => self.values.other,
            () => {
                self.foreign_call(frame, id, words);
                self.values.other
            }
        }
    }

    /// A call into code that is not here.
    fn foreign_call(&mut self, frame: &Frame<'p>, id: ExprId, words: &[Name]) {
        let is_platform = PLATFORM_NAMESPACES.iter().any(|known| words[0].is(known));
        if !is_platform {
            self.unknown(frame.body.exprs[id].span, UnknownReason::ManagedCall);
        }
    }

    fn type_by_name(&mut self, frame: &Frame<'p>, id: ExprId, args: &[Value]) -> Value {
        let site = frame.body.exprs[id].span;
        match self.class_named(args) {
            Some(class) if class == self.values.null => {
                self.unknown(site, UnknownReason::NoSuchClass);
                self.values.other
            }
            Some(class) => class,
            None => {
                self.unknown(site, UnknownReason::DynamicType);
                self.values.other
            }
        }
    }

    /// `String.valueOf(x)` and the like keep what is known of an id or token.
    fn string_call(&mut self, name: &Name, args: &[Value]) -> Value {
        let keeps = name.is("valueOf") || name.is("escapeSingleQuotes");
        match *args {
            [arg, ..] if keeps => self.text_method(arg, &Name::new("toString"), &[]).unwrap_or(arg),
            [format, parts] if name.is("format") => self.formatted(format, parts),
            [parts, separator] if name.is("join") => self.joined(parts, separator),
            _ => self.values.other,
        }
    }

    /// AP-02, AP-04; `insertAsync` and the like write external objects (AP-03), `emptyRecycleBin` no live rows.
    fn database_call(
        &mut self,
        frame: &mut Frame<'p>,
        id: ExprId,
        name: &Name,
        args: &[Value],
    ) -> Value {
        let site = frame.body.exprs[id].span;
        let first = args.first().copied().unwrap_or(self.values.nothing);
        let failure = self.failure_of_results(frame, id, args);
        if name.is("merge") {
            let losers = args.get(1).copied().unwrap_or(self.values.nothing);
            self.merge(frame, first, losers, site, failure);
        } else if let Some(verb) = verb_of(name) {
            let by_key = args.get(1).is_some_and(|&key| self.text(key).is_some());
            self.write_rows(frame, Statement { verb, site, single: false, by_key, failure }, first);
        } else if [
            "query",
            "queryWithBinds",
            "getQueryLocator",
            "getQueryLocatorWithBinds",
            "countQuery",
        ]
        .iter()
        .any(|known| name.is(known))
        {
            // `getQueryLocator([SELECT …])` has rows already.
            let is_text = !self.values.has(first, |what| matches!(what, What::Row { .. }));
            return if is_text { self.dynamic_query(frame, first, site) } else { first };
        } else if name.is("convertLead") {
            self.convert_lead(frame, site);
        } else if name.is("executeBatch") {
            self.start_object(frame, JobKind::Batch, first, site);
        }
        self.values.other
    }

    /// `Database.update(rows, false)` reports failures in its results (TR-04).
    fn failure_of_results(&self, frame: &Frame<'p>, id: ExprId, args: &[Value]) -> Failure {
        let is_false = |what: &What| *what == What::Test(Test::FALSE);
        let is_partial = args.iter().skip(1).any(|&arg| self.values.has(arg, is_false));
        match is_partial {
            false => Failure::Thrown,
            true if frame.reads_result(id) => Failure::Handled,
            true => Failure::Forgotten,
        }
    }

    /// A conversion updates the lead, and inserts or updates an account, a contact and an opportunity (AP-04).
    fn convert_lead(&mut self, frame: &mut Frame<'p>, site: Span) {
        let statement =
            |verb| Statement { verb, site, single: false, by_key: false, failure: Failure::Thrown };
        for (object, verb) in [
            ("Lead", DmlVerb::Update),
            ("Account", DmlVerb::Upsert),
            ("Contact", DmlVerb::Upsert),
            ("Opportunity", DmlVerb::Insert),
        ] {
            let Some(object) = self.schema.object(&Name::new(object)) else { continue };
            let path =
                self.path(if verb == DmlVerb::Insert { RowPath::New } else { RowPath::Unknown });
            let row = self.values.one(What::Row { object, path, old: false });
            let guessing = frame.guessing;
            // Only where the code hands over an account or a contact that exists.
            frame.guessing |= verb == DmlVerb::Upsert;
            self.write_rows(frame, statement(verb), row);
            frame.guessing = guessing;
        }
    }

    /// `result.getContactId()`: a row that the conversion has made, or holds.
    fn converted(&mut self, name: &Name) -> Option<Value> {
        let objects = [
            ("getAccountId", "Account"),
            ("getContactId", "Contact"),
            ("getOpportunityId", "Opportunity"),
        ];
        let (_, object) = objects.into_iter().find(|(method, _)| name.is(method))?;
        let object = self.schema.object(&Name::new(object))?;
        let path = self.path(RowPath::New);
        Some(self.values.one(What::Field { object, path, name: self.words.id, old: false }))
    }

    /// A static call on an object's type: `Account.getSObjectType()`.
    pub(super) fn object_call(&mut self, object: ObjectId, name: &Name, args: &[Value]) -> Value {
        if name.is("getSObjectType") {
            return self.values.one(What::ObjectToken(object));
        }
        // `Settings__c.getOrgDefaults()`, `Type__mdt.getInstance(name)`, `getAll()`: rows that all transactions share.
        let reads = ["getOrgDefaults", "getInstance", "getValues", "getAll"]
            .iter()
            .any(|known| name.is(known));
        if !reads {
            return self.values.other;
        }
        let records = self.linked.records.of(object);
        if records.is_empty() {
            let path = self.path(RowPath::Constant);
            return self.values.one(What::Row { object, path, old: false });
        }
        let wanted = args.first().and_then(|&name| self.text(name));
        let is_wanted = |id: &RecordId| {
            wanted.as_ref().is_none_or(|name| self.linked.records.get(*id).name == *name)
        };
        let records: Vec<RecordId> = records.iter().copied().filter(is_wanted).collect();
        self.records(records)
    }

    /// A method of a row, collection, string or other platform object.
    pub(super) fn instance_call(
        &mut self,
        frame: &mut Frame<'p>,
        id: ExprId,
        object: ExprId,
        receiver: Value,
        name: &Name,
        args: &[Value],
    ) -> Value {
        if let Some(folded) = self.text_method(receiver, name, args) {
            return folded;
        }
        if args.is_empty()
            && receiver == self.values.other
            && let Some(held) = self.converted(name)
        {
            return held;
        }
        match () {
            () if name.is("send") && args.len() == 1 => {
                self.callout(frame, frame.body.exprs[id].span);
                self.values.other
            }
            () if name.is("addError") => {
                self.refuse(frame, receiver, frame.body.exprs[id].span);
                self.values.other
            }
            () if name.is("newInstance") => self.new_instance(frame, id, receiver),
            () if name.is("getDescribe")
                || name.is("getSObjectType")
                    && self.values.has(receiver, |what| matches!(what, What::ObjectToken(_))) =>
            {
                receiver
            }
            () if name.is("equals") || name.is("equalsIgnoreCase") => {
                let other = args.first().copied().unwrap_or(self.values.other);
                let test = self.equal_test(receiver, other);
                self.values.one(What::Test(test))
            }
            () if ["add", "addAll", "set", "put", "putAll"].iter().any(|known| name.is(known)) => {
                self.add(frame, object, receiver, name, args);
                self.elements(receiver)
            }
            () if name.is("get") && args.len() == 1 => self.get(receiver, args[0], frame, id),
            () if name.is("keySet") => self.keys(receiver),
            () if name.is("getSObject") || name.is("getSObjects") => self.related(receiver, args),
            () if name.is("getSObjectType") => self.object_token(receiver),
            () if ["newSObject"].iter().any(|known| name.is(known)) => {
                self.new_row(frame, id, receiver, args)
            }
            () if ["clear", "remove", "removeAll", "retainAll"]
                .iter()
                .any(|known| name.is(known)) =>
            {
                self.take_out(frame, object);
                self.elements(receiver)
            }
            () if ["values", "iterator", "next", "getRecords"]
                .iter()
                .any(|known| name.is(known)) =>
            {
                self.elements(receiver)
            }
            () if ["clone", "deepClone"].iter().any(|known| name.is(known)) => receiver,
            () if ["hasChanged", "isChanged", "didChange", "changed"]
                .iter()
                .any(|known| name.is(known)) =>
            {
                self.values.one(What::Test(Test::CHANGED))
            }
            () if ["size", "isEmpty", "contains", "containsKey", "containsAll"]
                .iter()
                .any(|known| name.is(known)) =>
            {
                self.values.other
            }
            // A string made of an id or text is as good as the id or text.
            () if self.values.has(receiver, |what| matches!(what, What::Field { .. })) => receiver,
            () => self.values.other,
        }
    }

    /// `type.newInstance()`: what a class's name stands for.
    fn new_instance(&mut self, frame: &mut Frame<'p>, id: ExprId, receiver: Value) -> Value {
        let mut made = Vec::new();
        for atom in self.values.each(receiver) {
            let What::ClassToken(class) = atom.what else { continue };
            let Some(ty) = self.linked.types.class(class) else { continue };
            let alloc = self.alloc(frame, id, ty);
            self.construct(frame, id, alloc, class, Vec::new());
            made.push(Atom { what: What::Alloc(alloc), ..atom });
        }
        if made.is_empty() { self.values.other } else { self.values.of(made) }
    }

    /// Puts arguments into collections. A list that came from a query is a variable of rows: it may now hold others, too.
    fn add(
        &mut self,
        frame: &mut Frame<'p>,
        object: ExprId,
        receiver: Value,
        name: &Name,
        args: &[Value],
    ) {
        let is_map = name.is("put") || name.is("putAll");
        let Some(&last) = args.last() else { return };
        let added = if name.is("addAll") || name.is("putAll") { self.elements(last) } else { last };
        let keys = match (name.is("putAll"), args) {
            (true, _) => Some(self.keys(last)),
            (false, [key, _]) if is_map => Some(*key),
            _ => None,
        };
        if let (true, [field, _]) = (name.is("put"), args) {
            let field = self.text(*field).map(|field| self.name(&field));
            self.sets_field(receiver, field);
        }
        let mut is_flat = false;
        for atom in self.values.each(receiver) {
            match atom.what {
                What::Alloc(alloc) => match self.alloc_ty(alloc) {
                    Ty::Elements(_) => self.put(frame, alloc, self.words.elements, added),
                    Ty::Map(..) => {
                        self.put_entry(frame, alloc, keys.unwrap_or(self.values.other), added);
                    }
                    // `row.put('Field__c', value)`
                    Ty::SObject(_) => {
                        if let Some(field) = args.first().and_then(|&field| self.text(field)) {
                            let value = self.values.within(added, frame.reach);
                            let field = self.name(&field);
                            self.write(Cell::Of(alloc, field), value);
                        }
                    }
                    _ => {}
                },
                What::Row { .. } | What::Any(_) => is_flat = true,
                _ => {}
            }
        }
        let rows = self.values.has(added, |what| matches!(what, What::Row { .. } | What::Alloc(_)));
        if is_flat
            && rows
            && let ExprKind::Name(variable) = &frame.body.exprs[object].kind
        {
            let key = self.name(variable);
            if let Some(at) = frame.local(key) {
                let added = self.values.within(added, frame.reach);
                frame.locals[at].1 = self.values.join(frame.locals[at].1, added);
            }
        }
    }

    /// `rows.remove(0)`: of the rows that a variable held, some are left.
    fn take_out(&mut self, frame: &mut Frame<'p>, object: ExprId) {
        if let ExprKind::Name(variable) = &frame.body.exprs[object].kind {
            let key = self.name(variable);
            if let Some(at) = frame.local(key) {
                frame.locals[at].1 = self.values.in_part(frame.locals[at].1);
            }
        }
    }

    /// `list.get(0)`, `map.get(key)`, `row.get('Field__c')`.
    fn get(&mut self, receiver: Value, key: Value, frame: &mut Frame<'p>, id: ExprId) -> Value {
        if self.values.has(receiver, |what| matches!(what, What::ObjectTable)) {
            let object = self.text(key).and_then(|name| self.schema.object(&name));
            return self.values.one(object.map_or(What::Other, What::ObjectToken));
        }
        let field = self.text(key);
        let span = frame.body.exprs[id].span;
        let mut result = self.values.nothing;
        for atom in self.values.each(receiver) {
            let one = self.values.of([atom]);
            let (is_row, is_map) = match atom.what {
                What::Row { .. } | What::Record(_) => (true, false),
                What::Alloc(alloc) => match self.alloc_ty(alloc) {
                    Ty::SObject(_) => (true, false),
                    Ty::Map(..) => (false, true),
                    _ => (false, false),
                },
                _ => (false, false),
            };
            let read = match (&field, atom.what) {
                (Some(field), _) if is_row => self.read_field(one, field, Some(span)),
                (_, What::Alloc(alloc)) if is_map => self.entry(alloc, key),
                _ => self.elements(one),
            };
            let read = self.values.within(read, atom.reach);
            result = self.values.join(result, read);
        }
        result
    }

    /// `row.getSObject('Account')`, `row.getSObjects('Contacts')`.
    fn related(&mut self, receiver: Value, args: &[Value]) -> Value {
        match args.first().and_then(|&name| self.text(name)) {
            Some(name) => self.read_field(receiver, &name, None),
            None => self.values.other,
        }
    }

    fn object_token(&mut self, receiver: Value) -> Value {
        let atoms = self.values.each(receiver);
        let objects = atoms
            .into_iter()
            .filter_map(|atom| Some(Atom::new(What::ObjectToken(self.object_of_id(atom.what)?))));
        let objects: Vec<Atom> = objects.collect();
        if objects.is_empty() { self.values.other } else { self.values.of(objects) }
    }

    /// A method of a package that people know to write the rows it is handed.
    fn wrapper_call(
        &mut self,
        frame: &mut Frame<'p>,
        id: ExprId,
        words: &[Name],
        name: &Name,
        args: &[Value],
    ) -> bool {
        let class: Vec<&str> = words.iter().map(Name::as_str).collect();
        let class = class.join(".");
        let linked = self.linked;
        let mut wrappers = linked.known.wrappers.iter();
        let Some(wrapper) = wrappers.find(|it| it.class.is(&class) && it.method == *name) else {
            return false;
        };
        if let Some(&rows) = args.get(wrapper.argument) {
            let statement = Statement {
                verb: wrapper.operation,
                site: frame.body.exprs[id].span,
                single: false,
                by_key: false,
                failure: Failure::Thrown,
            };
            self.write_rows(frame, statement, rows);
        }
        true
    }

    /// `Account.SObjectType.newSObject()`, `newSObject(id)`.
    fn new_row(
        &mut self,
        frame: &mut Frame<'p>,
        id: ExprId,
        receiver: Value,
        args: &[Value],
    ) -> Value {
        let mut rows = Vec::new();
        for atom in self.values.each(receiver) {
            let What::ObjectToken(object) = atom.what else { continue };
            let Some(ty) = self.linked.types.object(object) else { continue };
            let alloc = self.alloc(frame, id, ty);
            if let Some(&row_id) = args.first() {
                self.put(frame, alloc, self.words.id, row_id);
            }
            rows.push(Atom::new(What::Alloc(alloc)));
        }
        if rows.is_empty() { self.values.other } else { self.values.of(rows) }
    }
}

fn verb_of(name: &Name) -> Option<DmlVerb> {
    let verbs = [
        ("insert", DmlVerb::Insert),
        ("update", DmlVerb::Update),
        ("upsert", DmlVerb::Upsert),
        ("delete", DmlVerb::Delete),
        ("undelete", DmlVerb::Undelete),
    ];
    verbs.into_iter().find(|(word, _)| name.is(word)).map(|(_, verb)| verb)
}

/// Namespaces of the platform: calls into them are known to write no rows.
const PLATFORM_NAMESPACES: &[&str] = &[
    "ApexPages",
    "Approval",
    "Auth",
    "Cache",
    "ConnectApi",
    "Database",
    "Datacloud",
    "Dom",
    "EventBus",
    "Flow",
    "Label",
    "Messaging",
    "Metadata",
    "Schema",
    "Search",
    "Site",
    "System",
    "Test",
    "UserInfo",
];

/// Platform classes with static methods that write no rows.
const PLATFORM: &[&str] = &[
    "ApexPages",
    "Approval",
    "Assert",
    "AsyncInfo",
    "Auth",
    "Blob",
    "Boolean",
    "BusinessHours",
    "Cache",
    "Crypto",
    "Date",
    "DateTime",
    "Decimal",
    "Double",
    "EncodingUtil",
    "EventBus",
    "FeatureManagement",
    "Finalizer",
    "Formula",
    "Http",
    "Integer",
    "JSON",
    "Label",
    "Limits",
    "Location",
    "Long",
    "Matcher",
    "Math",
    "Messaging",
    "Network",
    "PageReference",
    "Pattern",
    "QuickAction",
    "Request",
    "Schema",
    "Search",
    "Security",
    "Site",
    "Test",
    "Time",
    "TimeZone",
    "Type",
    "Url",
    "URL",
    "UserInfo",
    "UserManagement",
    "UUID",
    "Version",
    "WebServiceCallout",
    "XmlStreamReader",
];
