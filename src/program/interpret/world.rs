//! One run of the interpreter: a trigger with all code that it reaches.
//!
//! Methods are interpreted once for each receiver and set of arguments (their *context*), and again until nothing changes:
//! objects live in one heap of the world, and what is put into them in one method is seen in all.

use super::frame::Frame;
use super::intern::Interner;
use super::jobs::Pending;
use super::recall::Sources;
use super::set_fields::SetFields;
use super::value::{AllocId, NameKey, PathKey, Value, Values, What};
use crate::apex::ir::ExprId;
use crate::base::{Name, Span};
use crate::program::effect::{EffectKind, Failure, LockingQuery, Repeat};
use crate::program::link::Linked;
use crate::program::mask::{Mask, Reach};
use crate::program::records::RecordId;
use crate::program::row::RowPath;
use crate::program::types::{Ty, TyId};
use crate::program::{ClassId, CodeId, ScopeQuery, Unknown, UnknownReason};
use crate::schema::{ObjectId, Schema};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

pub(super) type ContextId = usize;

/// A piece of code with its receiver and arguments.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct ContextKey {
    pub(super) code: CodeId,
    pub(super) this: Value,
    pub(super) args: Box<[Value]>,
    /// When the call is reached: what the code puts into objects is there only then.
    pub(super) reach: Reach,
}

/// What a piece of code does and returns in one context, as far as known.
#[derive(Clone)]
pub(super) struct Context {
    pub(super) returns: Value,
    pub(super) effects: Rc<[RawEffect]>,
    /// The round in which it was last interpreted, or found to be current.
    pub(super) round: u32,
    pub(super) sources: Rc<Sources>,
}

/// An effect before its chain is put into words.
#[derive(Clone, Debug)]
pub(super) struct RawEffect {
    pub(super) kind: EffectKind,
    pub(super) object: Option<ObjectId>,
    pub(super) path: PathKey,
    pub(super) reach: Reach,
    pub(super) repeat: Repeat,
    /// Loops around it do not repeat it: a value that is computed once, or a statement that takes one row only.
    pub(super) single: bool,
    pub(super) certain: bool,
    /// Whether it writes all rows of some ids.
    pub(super) is_whole: bool,
    pub(super) failure: Failure,
    pub(super) query: Option<LockingQuery>,
    pub(super) parents: Rc<[(NameKey, PathKey)]>,
    pub(super) site: Span,
    pub(super) code: CodeId,
    pub(super) trail: Rc<Trail>,
}

impl PartialEq for RawEffect {
    /// Whichever way leads to it: of code that calls itself, a way is longer in each round.
    fn eq(&self, other: &RawEffect) -> bool {
        let what = |effect: &RawEffect| (effect.kind, effect.object, effect.path, effect.site);
        let when = |effect: &RawEffect| {
            let sure = (effect.single, effect.certain, effect.is_whole);
            (effect.reach, effect.repeat, sure, effect.failure)
        };
        what(self) == what(other) && when(self) == when(other) && self.parents == other.parents
    }
}

/// The steps that lead to an effect, nearest the caller first.
#[derive(Debug)]
pub(super) struct Trail {
    pub(super) span: Span,
    pub(super) note: Note,
    pub(super) next: Option<Rc<Trail>>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Note {
    Calls(CodeId),
    Loop,
    /// The expression whose value names the row.
    Origin,
    Statement,
}

/// Where something that the code creates lives.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Alloc {
    code: CodeId,
    /// The context and the expression that create it; nothing of what the platform makes.
    context: Option<ContextId>,
    expr: Option<ExprId>,
    pub(super) ty: TyId,
    /// The registration that a loop has come to: what is made of each is kept apart.
    record: Option<RecordId>,
}

/// A place in the heap: a field of an object, or the elements or keys of a collection.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Cell {
    Of(AllocId, NameKey),
    Static(ClassId, NameKey),
}

/// The trigger whose save is followed.
#[derive(Clone, Copy, Debug)]
pub(super) struct SavedRows {
    pub(super) object: ObjectId,
    /// Of the trigger.
    pub(super) events: Mask,
}

pub(super) struct World<'p> {
    pub(super) linked: &'p Linked,
    pub(super) schema: &'p Schema,
    /// Nothing where code is looked at without a save.
    pub(super) saved: Option<SavedRows>,
    pub(super) values: Values,
    pub(super) paths: Interner<RowPath>,
    pub(super) names: Interner<Name>,
    pub(super) words: Words,
    allocs: Vec<Alloc>,
    alloc_ids: FxHashMap<Alloc, AllocId>,
    /// The objects that a context has as its receiver and arguments.
    handed_in: Vec<Vec<AllocId>>,
    cells: FxHashMap<Cell, Value>,
    /// The fields set on each allocation, in the order in which they were first set.
    fields: Vec<Vec<NameKey>>,
    /// The fields that the code sets, by the objects of the rows.
    pub(super) set: SetFields,
    /// What the interpretations under way are made from, innermost last.
    pub(super) recording: RefCell<Vec<Sources>>,
    pub(super) contexts: Vec<Context>,
    context_ids: FxHashMap<ContextKey, ContextId>,
    /// How many contexts code has, in the transaction of the save and in jobs.
    contexts_of: FxHashMap<(CodeId, bool), usize>,
    /// Whether jobs are being followed.
    pub(super) in_job: bool,
    /// The jobs that are started, in the order in which they were found.
    pub(super) pending: Vec<Pending>,
    pub(super) started: FxHashSet<ClassId>,
    pub(super) round: u32,
    pub(super) depth: usize,
    /// The accessors and initialisers that are running, innermost last.
    pub(super) accessors: Vec<CodeId>,
    /// Whether anything that was already read has changed in this round.
    pub(super) changed: bool,
    pub(super) unknowns: BTreeSet<Unknown>,
    /// When jobs are scheduled, by the statement that does it.
    pub(super) crons: BTreeSet<Cron>,
    /// Whether a batch's `start` is being followed.
    pub(super) in_start: bool,
    /// The query of a batch's `start`.
    pub(super) scope: Option<ScopeQuery>,
}

/// A call of `System.schedule`: its place, the time, and the class that is to run.
pub(super) type Cron = (Span, String, String);

/// Names that the interpreter itself uses.
#[derive(Clone, Copy)]
pub(super) struct Words {
    pub(super) id: NameKey,
    pub(super) elements: NameKey,
    pub(super) keys: NameKey,
    /// What maps hold under keys that are not constant.
    pub(super) any_entry: NameKey,
    /// The names of the fields that are set.
    pub(super) fields: NameKey,
}

/// A method in more contexts than this is interpreted for any arguments: real helpers have a handful.
const MAX_CONTEXTS: usize = 128;

/// In a job less is needed: which rows it was handed.
const MAX_JOB_CONTEXTS: usize = 4;

/// What handles registrations does so for each of them.
const MAX_RECORD_CONTEXTS: usize = 512;

impl<'p> World<'p> {
    pub(super) fn new(
        linked: &'p Linked,
        schema: &'p Schema,
        saved: Option<SavedRows>,
    ) -> World<'p> {
        let mut names = Interner::default();
        // No field of an object has such names.
        let words = Words {
            id: names.key(Name::new("Id")),
            elements: names.key(Name::new("[]")),
            keys: names.key(Name::new("{}")),
            any_entry: names.key(Name::new("=")),
            fields: names.key(Name::new("()")),
        };
        World {
            linked,
            schema,
            saved,
            values: Values::new(),
            paths: Interner::default(),
            names,
            words,
            allocs: Vec::new(),
            alloc_ids: FxHashMap::default(),
            handed_in: Vec::new(),
            cells: FxHashMap::default(),
            fields: Vec::new(),
            set: SetFields::default(),
            recording: RefCell::default(),
            contexts: Vec::new(),
            context_ids: FxHashMap::default(),
            contexts_of: FxHashMap::default(),
            in_job: false,
            pending: Vec::new(),
            started: FxHashSet::default(),
            round: 0,
            depth: 0,
            accessors: Vec::new(),
            changed: false,
            unknowns: BTreeSet::new(),
            crons: BTreeSet::new(),
            in_start: false,
            scope: None,
        }
    }

    pub(super) fn path(&mut self, path: RowPath) -> PathKey {
        self.paths.key(path)
    }

    pub(super) fn name(&mut self, name: &Name) -> NameKey {
        self.names.key_of(name)
    }

    pub(super) fn unknown(&mut self, span: Span, reason: UnknownReason) {
        self.unknowns.insert(Unknown { span, reason });
    }

    /// The object that an expression creates in a context. Contexts are few (`MAX_CONTEXTS`), and so are objects.
    pub(super) fn alloc(&mut self, frame: &Frame<'p>, expr: ExprId, ty: TyId) -> AllocId {
        // What wraps its own result, as a list that is regrouped again and again, makes the same once more.
        let made = |alloc: &&AllocId| {
            let alloc = &self.allocs[**alloc as usize];
            alloc.code == frame.id && alloc.expr == Some(expr) && alloc.ty == ty
        };
        if let Some(&again) = self.handed_in[frame.context].iter().find(made) {
            return again;
        }
        let Frame { id: code, context, record, .. } = *frame;
        self.known_alloc(Alloc { code, context: Some(context), expr: Some(expr), ty, record })
    }

    /// An object that the platform makes to hand it to code.
    pub(super) fn alloc_by_platform(&mut self, code: CodeId, ty: TyId) -> AllocId {
        let alloc = Alloc { code, context: None, expr: None, ty, record: None };
        self.known_alloc(alloc)
    }

    /// The code for which the platform has made an object; nothing of what code makes.
    pub(super) fn made_by_platform(&self, alloc: AllocId) -> Option<CodeId> {
        let alloc = &self.allocs[alloc as usize];
        alloc.context.is_none().then_some(alloc.code)
    }

    fn known_alloc(&mut self, alloc: Alloc) -> AllocId {
        if let Some(&id) = self.alloc_ids.get(&alloc) {
            return id;
        }
        let id = u32::try_from(self.allocs.len()).expect("fewer than 2^32 allocations");
        self.allocs.push(alloc);
        self.alloc_ids.insert(alloc, id);
        self.fields.push(Vec::new());
        id
    }

    /// Whether an object was made of one registration.
    pub(super) fn is_of_record(&self, alloc: AllocId) -> bool {
        self.allocs[alloc as usize].record.is_some()
    }

    pub(super) fn alloc_ty(&self, alloc: AllocId) -> &'p Ty {
        self.linked.types.get(self.allocs[alloc as usize].ty)
    }

    pub(super) fn fields_of(&self, alloc: AllocId) -> Vec<NameKey> {
        // Whoever asks depends on there being no others.
        self.read(Cell::Of(alloc, self.words.fields));
        self.fields[alloc as usize].clone()
    }

    pub(super) fn read(&self, cell: Cell) -> Option<Value> {
        let value = self.held(cell);
        if let Some(sources) = self.recording.borrow_mut().last_mut() {
            sources.note_read(cell, value);
        }
        value
    }

    /// What a place holds, for nobody's interpretation.
    pub(super) fn held(&self, cell: Cell) -> Option<Value> {
        self.cells.get(&cell).copied()
    }

    /// Adds to what a place may hold.
    pub(super) fn write(&mut self, cell: Cell, value: Value) {
        if value == self.values.nothing {
            return;
        }
        match self.cells.get(&cell).copied() {
            Some(old) => {
                let joined = self.values.join(old, value);
                if joined != old {
                    self.cells.insert(cell, joined);
                    self.changed = true;
                }
            }
            None => {
                self.cells.insert(cell, value);
                self.changed = true;
                if let Cell::Of(alloc, name) = cell
                    && name != self.words.fields
                {
                    self.fields[alloc as usize].push(name);
                    let field = self.values.one(What::Text(name));
                    self.write(Cell::Of(alloc, self.words.fields), field);
                }
            }
        }
    }

    /// The context of a call; of one with too many, the context for any arguments.
    pub(super) fn context(&mut self, key: ContextKey) -> (ContextId, ContextKey) {
        if let Some(&id) = self.context_ids.get(&key) {
            return (id, key);
        }
        let most = match self.in_job {
            true => MAX_JOB_CONTEXTS,
            false if self.is_for_record(&key) => MAX_RECORD_CONTEXTS,
            false => MAX_CONTEXTS,
        };
        let count = self.contexts_of.entry((key.code, self.in_job)).or_insert(0);
        if *count < most {
            *count += 1;
            let id = self.new_context(key.clone());
            return (id, key);
        }
        let key = self.any_context(key.code);
        match self.context_ids.get(&key) {
            Some(&id) => (id, key),
            None => (self.new_context(key.clone()), key),
        }
    }

    /// Whether a call is about one registration, or what was made of it.
    fn is_for_record(&self, key: &ContextKey) -> bool {
        let values = key.args.iter().chain(std::iter::once(&key.this));
        let mut atoms = values.flat_map(|&value| self.values.atoms(value));
        atoms.any(|atom| match atom.what {
            What::Record(_) => true,
            What::Alloc(alloc) => self.is_of_record(alloc),
            _ => false,
        })
    }

    /// All code that other code calls.
    pub(super) fn called(&self) -> FxHashSet<CodeId> {
        let code_of: FxHashMap<ContextId, CodeId> =
            self.context_ids.iter().map(|(key, &id)| (id, key.code)).collect();
        let mut called = FxHashSet::default();
        for (id, context) in self.contexts.iter().enumerate() {
            let callees = context.sources.callees().filter(|callee| *callee != id);
            called.extend(callees.filter_map(|callee| code_of.get(&callee).copied()));
        }
        called
    }

    /// All code that was interpreted.
    pub(super) fn reached(&self) -> Vec<CodeId> {
        self.contexts_of.keys().map(|(code, _)| *code).collect()
    }

    fn new_context(&mut self, key: ContextKey) -> ContextId {
        let id = self.contexts.len();
        let values = key.args.iter().chain(std::iter::once(&key.this));
        let allocs: Vec<AllocId> = values
            .flat_map(|&value| self.values.atoms(value))
            .filter_map(|atom| match atom.what {
                What::Alloc(alloc) => Some(alloc),
                _ => None,
            })
            .collect();
        self.handed_in.push(allocs);
        self.contexts.push(Context {
            returns: self.values.nothing,
            effects: Rc::from([]),
            round: 0,
            sources: Rc::default(),
        });
        self.context_ids.insert(key, id);
        id
    }

    /// A piece of code with any receiver and arguments of the declared types.
    pub(super) fn any_context(&mut self, code: CodeId) -> ContextKey {
        let linked = self.linked;
        let code_ref = &linked.code[code];
        let args = code_ref.params.iter().map(|(_, ty)| self.any(*ty)).collect();
        let this = match code_ref.class {
            Some(class) if !code_ref.is_static => self.any_instance(class),
            _ => self.values.nothing,
        };
        ContextKey { code, this, args, reach: Reach::ALWAYS }
    }

    pub(super) fn any_instance(&mut self, class: ClassId) -> Value {
        let what = self.linked.types.class(class).map_or(What::Other, What::Any);
        self.values.one(what)
    }

    /// Anything of a declared type. Rows of a known object are rows that nothing is known of.
    pub(super) fn any(&mut self, ty: TyId) -> Value {
        let what = match self.linked.types.get(ty) {
            Ty::SObject(object) => {
                let path = self.path(RowPath::Unknown);
                What::Row { object: *object, path, old: false }
            }
            Ty::Boolean => What::Test(crate::program::mask::Test::OPEN),
            Ty::Other => What::Other,
            Ty::AnySObject | Ty::Class(_) | Ty::Elements(_) | Ty::Map(..) | Ty::Id => What::Any(ty),
        };
        self.values.one(what)
    }
}
