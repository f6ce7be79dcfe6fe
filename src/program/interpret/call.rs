//! Calls of the project's own code: which code a call reaches, and what that does here.

use super::frame::Frame;
use super::names::Static;
use super::recall::Sources;
use super::stmt::Flow;
use super::value::{Atom, Value, What};
use super::world::{Context, ContextId, ContextKey, RawEffect, World};
use crate::apex::ir::{ExprId, ExprKind, Ident};
use crate::base::{Name, Span};
use crate::program::mask::Reach;
use crate::program::types::{Ty, TyId};
use crate::program::{ClassId, Code, CodeId, Role, UnknownReason};
use std::rc::Rc;

/// A chain of calls longer than this is interpreted no further: real code stays below fifty.
const MAX_DEPTH: usize = 120;

/// Where only the declared type of a receiver is known, more subclasses than this say nothing.
const MAX_IMPLEMENTATIONS: usize = 8;

impl<'p> World<'p> {
    pub(super) fn call(
        &mut self,
        frame: &mut Frame<'p>,
        id: ExprId,
        object: Option<ExprId>,
        name: &Ident,
        args: &[ExprId],
    ) -> Value {
        let span = frame.body.exprs[id].span;
        let Some(object) = object else {
            let args = self.args(frame, args);
            return self.bare_call(frame, name, args, span);
        };
        if matches!(frame.body.exprs[object].kind, ExprKind::Super) {
            let args = self.args(frame, args);
            return self.super_call(frame, name, args, span);
        }
        match self.static_of(frame, object) {
            Some(Static::Class(class)) => {
                let args = self.args(frame, args);
                let this = self.values.nothing;
                let code = self.overloads(class, &name.name, &args);
                self.run_all(frame, &code, this, &args, span)
            }
            Some(Static::Object(object)) => {
                let args = self.args(frame, args);
                self.object_call(object, &name.name, &args)
            }
            Some(Static::Foreign(words)) => {
                let values = self.args(frame, args);
                self.platform_call(frame, id, &words, &name.name, &values)
            }
            None => {
                let receiver = self.expr(frame, object);
                let args = self.args(frame, args);
                self.method_call(frame, id, object, receiver, &name.name, &args)
            }
        }
    }

    fn args(&mut self, frame: &mut Frame<'p>, args: &[ExprId]) -> Vec<Value> {
        args.iter().map(|&arg| self.expr(frame, arg)).collect()
    }

    /// `name(…)`: a method of this object, of its class or of an outer class; or another constructor.
    fn bare_call(
        &mut self,
        frame: &mut Frame<'p>,
        name: &Ident,
        args: Vec<Value>,
        span: Span,
    ) -> Value {
        let Some(class) = frame.code.class else { return self.values.other };
        let this = frame.this;
        if name.name.is("this") {
            let code = self.constructors(class, &args);
            return self.run_all(frame, &code, this, &args, span);
        }
        if name.name.is("super") {
            let superclass = self.linked.symbols.classes[class].superclass;
            let code = superclass.map(|class| self.constructors(class, &args)).unwrap_or_default();
            return self.run_all(frame, &code, this, &args, span);
        }
        // A virtual method is looked up in the class of the receiver.
        if !frame.code.is_static && this != self.values.nothing {
            let mut result = None;
            for atom in self.values.each(this) {
                let Some(receiver) = self.class_of(atom) else { continue };
                let code = self.overloads(receiver, &name.name, &args);
                if !code.is_empty() {
                    let this = self.values.one(atom.what);
                    let returned = self.run_all(frame, &code, this, &args, span);
                    result =
                        Some(result.map_or(returned, |known| self.values.join(known, returned)));
                }
            }
            if let Some(result) = result {
                return result;
            }
        }
        let mut at = Some(class);
        while let Some(class) = at {
            let code = self.overloads(class, &name.name, &args);
            if !code.is_empty() {
                return self.run_all(frame, &code, this, &args, span);
            }
            at = self.linked.symbols.classes[class].outer;
        }
        self.values.other
    }

    fn super_call(
        &mut self,
        frame: &mut Frame<'p>,
        name: &Ident,
        args: Vec<Value>,
        span: Span,
    ) -> Value {
        let superclass =
            frame.code.class.and_then(|class| self.linked.symbols.classes[class].superclass);
        let code =
            superclass.map(|class| self.overloads(class, &name.name, &args)).unwrap_or_default();
        let this = frame.this;
        self.run_all(frame, &code, this, &args, span)
    }

    fn method_call(
        &mut self,
        frame: &mut Frame<'p>,
        id: ExprId,
        object: ExprId,
        receiver: Value,
        name: &Name,
        args: &[Value],
    ) -> Value {
        // Nothing comes of what never is there, such as an element of a list that stays empty.
        if receiver == self.values.nothing {
            return receiver;
        }
        let span = frame.body.exprs[id].span;
        let mut result = self.values.nothing;
        let mut platform = Vec::new();
        for atom in self.values.each(receiver) {
            let Some(class) = self.class_of(atom) else {
                platform.push(atom);
                continue;
            };
            let reach = frame.reach;
            frame.reach = reach.and(atom.reach);
            let targets = self.dispatch(atom, class, name, args);
            if targets.is_empty() {
                let packaged = self.packaged_call(frame, atom, class, name, span);
                let returned = packaged.unwrap_or(self.values.other);
                result = self.values.join(result, returned);
            }
            let guessing = frame.guessing;
            frame.guessing |= targets.len() > 1;
            for (code, this) in targets {
                let returned = self.run_all(frame, &[code], this, args, span);
                result = self.values.join(result, returned);
            }
            frame.guessing = guessing;
            frame.reach = reach;
        }
        if !platform.is_empty() {
            let receiver = self.values.of(platform);
            let returned = self.instance_call(frame, id, object, receiver, name, args);
            result = self.values.join(result, returned);
        }
        result
    }

    pub(super) fn class_of(&self, atom: Atom) -> Option<ClassId> {
        let ty = match atom.what {
            What::Alloc(alloc) => self.alloc_ty(alloc),
            What::Any(ty) => self.linked.types.get(ty),
            _ => return None,
        };
        match ty {
            Ty::Class(class) => Some(*class),
            _ => None,
        }
    }

    /// The methods that a call may reach. Of an object of known class: its own. Else those of the declared class and what derives from it.
    fn dispatch(
        &mut self,
        atom: Atom,
        class: ClassId,
        name: &Name,
        args: &[Value],
    ) -> Vec<(CodeId, Value)> {
        let this = self.values.one(atom.what);
        if matches!(atom.what, What::Alloc(_)) {
            return self
                .overloads(class, name, args)
                .into_iter()
                .map(|code| (code, this))
                .collect();
        }
        let implementations = self.linked.symbols.implementations(class);
        if implementations.len() > MAX_IMPLEMENTATIONS {
            return self
                .overloads(class, name, args)
                .into_iter()
                .map(|code| (code, this))
                .collect();
        }
        let mut reached: Vec<(CodeId, Value)> = Vec::new();
        for class in implementations {
            let this = self.any_instance(class);
            for code in self.overloads(class, name, args) {
                if reached.iter().all(|(known, _)| *known != code) {
                    reached.push((code, this));
                }
            }
        }
        reached
    }

    /// The methods of a name that fit the arguments, overridden ones left out.
    pub(super) fn overloads(&self, class: ClassId, name: &Name, args: &[Value]) -> Vec<CodeId> {
        let candidates: Vec<CodeId> = self.linked.symbols.methods(class, name).collect();
        let mut kept: Vec<CodeId> = Vec::new();
        for code in candidates {
            let params = &self.linked.code[code].params;
            let overridden =
                kept.iter().any(|&nearer| same_types(&self.linked.code[nearer].params, params));
            if params.len() == args.len() && !overridden {
                kept.push(code);
            }
        }
        self.best(kept, args)
    }

    fn constructors(&self, class: ClassId, args: &[Value]) -> Vec<CodeId> {
        let all = self.linked.symbols.classes[class].constructors.iter().copied();
        self.best(
            all.filter(|&code| self.linked.code[code].params.len() == args.len()).collect(),
            args,
        )
    }

    /// Of several overloads, those whose parameters fit the arguments best.
    fn best(&self, candidates: Vec<CodeId>, args: &[Value]) -> Vec<CodeId> {
        if candidates.len() < 2 {
            return candidates;
        }
        let score = |code: CodeId| {
            let params = &self.linked.code[code].params;
            params.iter().zip(args).map(|((_, ty), arg)| self.fit(*arg, *ty)).sum::<u32>()
        };
        let best = candidates.iter().map(|&code| score(code)).max().unwrap_or(0);
        candidates.into_iter().filter(|&code| score(code) == best).collect()
    }

    /// How well an argument fits a parameter: 2 surely, 1 perhaps, 0 not.
    fn fit(&self, arg: Value, ty: TyId) -> u32 {
        let wanted = self.linked.types.get(ty);
        let leaf = self.linked.types.get(self.linked.types.leaf(ty));
        let elements = |ty: &Ty| match *ty {
            Ty::Elements(of) => match self.linked.types.get(of) {
                Ty::SObject(object) => Some(*object),
                _ => None,
            },
            _ => None,
        };
        // A list of rows of one object is none of another, though either is a list of rows.
        let is_other = |have: &Ty| {
            elements(have).zip(elements(wanted)).is_some_and(|(have, wanted)| have != wanted)
        };
        let fits = |atom: &Atom| match (atom.what, wanted) {
            (What::Alloc(alloc), _) if is_other(self.alloc_ty(alloc)) => 0,
            (What::Any(have), _) if is_other(self.linked.types.get(have)) => 0,
            (What::Row { object, .. }, _) => match leaf {
                Ty::SObject(leaf) => 2 * u32::from(*leaf == object),
                Ty::AnySObject => 1,
                _ => 0,
            },
            (What::Alloc(alloc), _) => match (self.alloc_ty(alloc), wanted) {
                (have, want) if have == want => 2,
                (Ty::Class(have), Ty::Class(want)) => {
                    u32::from(self.linked.symbols.is_a(*have, *want))
                }
                (Ty::SObject(_), Ty::AnySObject) => 1,
                (Ty::Elements(_), Ty::Elements(_)) | (Ty::Map(..), Ty::Map(..)) => 1,
                _ => 0,
            },
            (What::Any(have), _) => {
                if have == ty {
                    2
                } else {
                    1
                }
            }
            (What::Field { .. } | What::Text(_), Ty::Id) => 2,
            (What::Field { .. }, Ty::Other | Ty::Boolean) => 1,
            (What::Test(_), Ty::Boolean) => 2,
            (What::Null, Ty::Other | Ty::Boolean) => 1,
            (What::Null | What::Other, _) => 1,
            (
                What::Operation | What::Event(_) | What::ObjectToken(_) | What::ClassToken(_),
                Ty::Other,
            ) => 2,
            _ => 0,
        };
        self.values.atoms(arg).iter().map(fits).max().unwrap_or(1)
    }

    /// Runs each of the reached methods, and takes over what it does.
    pub(super) fn run_all(
        &mut self,
        frame: &mut Frame<'p>,
        code: &[CodeId],
        this: Value,
        args: &[Value],
        span: Span,
    ) -> Value {
        let mut result = None;
        for &id in code {
            let callee = &self.linked.code[id];
            if callee.is_future {
                self.start_future(frame, id, args, span);
                continue;
            }
            if callee.is_static {
                callee.class.into_iter().for_each(|class| self.start_class(class));
            }
            let receiver = if callee.is_static { self.values.nothing } else { this };
            let (returned, effects) = self.interpret(id, receiver, args, frame.reach);
            frame.take_over_all(id, &effects, span);
            let returned = self.values.within(returned, frame.reach);
            result = Some(result.map_or(returned, |known| self.values.join(known, returned)));
        }
        result.unwrap_or(self.values.other)
    }

    /// Runs an accessor or initialiser, of which only the value counts.
    pub(super) fn run_code(&mut self, code: CodeId, this: Value, args: Box<[Value]>) -> Value {
        self.accessors.push(code);
        let returned = self.interpret(code, this, &args, Reach::ALWAYS).0;
        self.accessors.pop();
        returned
    }

    /// What a piece of code returns and does for a receiver and arguments, as far as known in this round.
    pub(super) fn interpret(
        &mut self,
        id: CodeId,
        this: Value,
        args: &[Value],
        reach: Reach,
    ) -> (Value, Rc<[RawEffect]>) {
        let linked = self.linked;
        let code = &linked.code[id];
        if code.body.is_none() {
            return (self.promised(code), Rc::from([]));
        }
        let args =
            args.iter().zip(&code.params).map(|(&arg, (_, ty))| self.coerce(arg, *ty)).collect();
        let key = ContextKey { code: id, this, args, reach };
        let asked = key.clone();
        let (context, key) = self.context(key);
        // One context for many calls: what it returns would be that of all of them.
        let is_any = key != asked;
        if self.depth >= MAX_DEPTH && self.contexts[context].round == 0 {
            self.unknown(code.span, UnknownReason::Depth);
        } else if !self.is_current(context) {
            self.interpret_body(id, context, key);
        }
        let Context { returns, effects, .. } = &self.contexts[context];
        if let Some(sources) = self.recording.borrow_mut().last_mut() {
            sources.note_call(context, *returns, effects);
        }
        let (returns, effects) = (*returns, effects.clone());
        if is_any {
            return (self.any(code.returns), effects);
        }
        (returns, effects)
    }

    /// What an abstract method may return. Of a receiver that is not known, each implementation that the project has is
    /// called as well; only where it has none, anything may come.
    fn promised(&mut self, code: &Code) -> Value {
        let is_other = |class: ClassId| {
            self.linked.symbols.implementations(class).iter().any(|found| *found != class)
        };
        match code.class {
            Some(class) if is_other(class) => self.values.nothing,
            _ => self.any(code.returns),
        }
    }

    fn interpret_body(&mut self, id: CodeId, context: ContextId, key: ContextKey) {
        let linked = self.linked;
        let code = &linked.code[id];
        let Some(body) = &code.body else { return };
        let known = self.contexts[context].clone();
        // A call of itself takes what is known so far; if that changes, there is another round.
        self.contexts[context].round = self.round;
        let mut locals = Vec::with_capacity(key.args.len());
        for ((name, _), &arg) in code.params.iter().zip(key.args.iter()) {
            locals.push((self.name(name), arg));
        }
        if let [_, (_, scope)] = locals.as_mut_slice() {
            *scope = self.scope(id, *scope);
        }
        let nothing = self.values.nothing;
        let mut frame = Frame {
            id,
            code,
            body,
            context,
            this: key.this,
            locals,
            reach: key.reach,
            guessing: false,
            once: false,
            narrowed: Vec::new(),
            record: None,
            loops: Vec::new(),
            tries: Vec::new(),
            tried: Vec::new(),
            returns: nothing,
            effects: Vec::new(),
            places: Default::default(),
            taken_over: Default::default(),
        };
        self.depth += 1;
        self.recording.borrow_mut().push(Sources::default());
        self.run_body(&mut frame);
        let sources = self.recording.borrow_mut().pop().unwrap_or_default();
        self.depth -= 1;
        let is_same = known.returns == frame.returns && *known.effects == *frame.effects;
        self.changed |= !is_same;
        // Callers compare effects by identity.
        let effects = if is_same { known.effects } else { frame.effects.into() };
        let (returns, round, sources) = (frame.returns, self.round, Rc::new(sources));
        self.contexts[context] = Context { returns, effects, round, sources };
    }

    /// What a piece of code does for any receiver and arguments.
    pub(super) fn effects_of_any(&mut self, code: CodeId) -> Vec<RawEffect> {
        let ContextKey { this, args, reach, .. } = self.any_context(code);
        self.interpret(code, this, &args, reach).1.to_vec()
    }

    fn run_body(&mut self, frame: &mut Frame<'p>) {
        let body = frame.body;
        if let (Role::InitialValue(_), &[stmt]) = (&frame.code.role, body.root.as_slice()) {
            if let crate::apex::ir::StmtKind::Expr(value) = body.stmts[stmt].kind {
                let value = self.expr(frame, value);
                self.initialise(frame, value);
            }
            return;
        }
        let _: Flow = self.block(frame, &body.root);
    }

    /// Runs what a class does when it is first used: once in a round.
    pub(super) fn start_class(&mut self, class: ClassId) {
        if !self.started.insert(class) {
            return;
        }
        let symbols = &self.linked.symbols;
        let lineage: Vec<ClassId> = symbols.lineage(class).collect();
        for class in lineage.into_iter().rev() {
            for &code in &symbols.classes[class].static_code {
                let this = self.values.nothing;
                self.run_code(code, this, Box::from([]));
            }
        }
    }

    /// `new C(…)`: initial values from the ancestors down, then the constructor.
    pub(super) fn construct(
        &mut self,
        frame: &mut Frame<'p>,
        id: ExprId,
        alloc: u32,
        class: ClassId,
        args: Vec<Value>,
    ) {
        self.start_class(class);
        let span = frame.body.exprs[id].span;
        let this = self.values.one(What::Alloc(alloc));
        let symbols = &self.linked.symbols;
        let lineage: Vec<ClassId> = symbols.lineage(class).collect();
        for &ancestor in lineage.iter().rev() {
            for &code in &symbols.classes[ancestor].instance_code {
                self.run_all(frame, &[code], this, &[], span);
            }
        }
        // A superclass's constructor without arguments runs unless another is called.
        for &ancestor in lineage.iter().skip(1).rev() {
            let code = self.constructors(ancestor, &[]);
            self.run_all(frame, &code, this, &[], span);
        }
        let code = self.constructors(class, &args);
        self.run_all(frame, &code, this, &args, span);
    }
}

fn same_types(a: &[(Name, TyId)], b: &[(Name, TyId)]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|((_, a), (_, b))| a == b)
}
