//! Changes of Apex that change nothing of what it does.

use crate::apex::ir::{
    Body, DmlVerb, ExprKind, Field, Method, Param, StmtKind, TypeDecl, TypeRef, Unit,
};
use crate::apex::read_apex;
use crate::base::{FileId, FileKind, Name, SourceFile, Sources, Span};
use std::collections::BTreeSet;

/// What ends every name that a rewrite makes up, the same for none of the rewrites before it.
#[derive(Clone, Copy)]
pub(super) struct Mark(pub(super) usize);

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rewritten{}Times", self.0)
    }
}

/// What the platform's own types are asked for: a project's method of that name cannot be told apart by its name.
const PLATFORM_METHODS: &[&str] = &[
    "add",
    "addAll",
    "addError",
    "call",
    "clear",
    "clone",
    "compareTo",
    "contains",
    "containsKey",
    "equals",
    "execute",
    "finish",
    "format",
    "get",
    "getName",
    "getSObjectType",
    "hashCode",
    "insert",
    "isEmpty",
    "keySet",
    "name",
    "newInstance",
    "put",
    "putAll",
    "remove",
    "size",
    "sort",
    "start",
    "substring",
    "send",
    "toString",
    "update",
    "upsert",
    "valueOf",
    "values",
];

/// A change of some files, and what it is.
pub(super) struct Rewrite {
    pub(super) what: String,
    edits: Vec<(Span, String)>,
    added: Option<SourceFile>,
}

impl Rewrite {
    pub(super) fn apply(&self, sources: &Sources) -> Sources {
        let files = sources.iter().map(|(id, file)| {
            let mut edits: Vec<&(Span, String)> =
                self.edits.iter().filter(|(span, _)| span.file == id).collect();
            edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
            let mut text = file.text.clone();
            for (span, new) in edits {
                text.replace_range(span.start as usize..span.end as usize, new);
            }
            SourceFile::new(file.path.clone(), file.kind, text)
        });
        Sources::new(files.chain(self.added.clone()).collect())
    }
}

/// A method gets another name, everywhere.
pub(super) fn renames(sources: &Sources, mark: Mark) -> Vec<Rewrite> {
    let units = units(sources);
    let classes: Vec<&TypeDecl> = units.iter().flat_map(|(_, unit)| classes_of(unit)).collect();
    let declared: BTreeSet<&Name> = classes.iter().map(|class| &class.name.name).collect();
    // Code that is not here may call by name what it declares.
    let is_outside = |class: &TypeDecl| {
        let mut bases = class.superclass.iter().chain(&class.interfaces);
        bases.any(|base| {
            !base.name.as_str().split('.').all(|word| declared.contains(&Name::new(word)))
        })
    };
    let methods = |outside: bool| -> BTreeSet<&Name> {
        let classes = classes.iter().filter(|class| is_outside(class) == outside);
        let methods =
            classes.flat_map(|class| &class.methods).filter(|method| !method.is_constructor);
        methods.map(|method| &method.name.name).collect()
    };
    let names = methods(false);
    let outside = methods(true);
    let is_free = |name: &&&Name| {
        !outside.contains(**name)
            && !declared.contains(**name)
            && !PLATFORM_METHODS.iter().any(|known| name.is(known))
    };
    names.iter().filter(is_free).filter_map(|name| rename(sources, name, mark)).collect()
}

/// Nothing where the name is anything but the name of methods.
fn rename(sources: &Sources, name: &Name, mark: Mark) -> Option<Rewrite> {
    let mut edits = Vec::new();
    for (id, file) in sources.iter() {
        for start in words(&file.text, name.as_str()) {
            let end = start + name.as_str().len();
            let is_called = file.text.get(end..)?.trim_start().starts_with('(');
            let is_apex = matches!(file.kind, FileKind::ApexClass | FileKind::ApexTrigger);
            if !is_called || !is_apex {
                return None;
            }
            edits.push((Span { file: id, start: end as u32, end: end as u32 }, mark.to_string()));
        }
    }
    Some(Rewrite { what: format!("rename `{name}`"), edits, added: None })
}

/// Where a word stands, whatever its case.
fn words(text: &str, word: &str) -> Vec<usize> {
    let (text, word) = (text.to_ascii_lowercase(), word.to_ascii_lowercase());
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let is_whole = |at: &usize| {
        let (before, rest) = text.split_at(*at);
        let after = rest.split_at(word.len()).1;
        !before.ends_with(is_part) && !after.starts_with(is_part)
    };
    text.match_indices(&word).map(|(at, _)| at).filter(is_whole).collect()
}

/// The body of a method moves into a method of its own, which the old one calls.
pub(super) fn extractions(sources: &Sources, mark: Mark) -> Vec<Rewrite> {
    let mut found = Vec::new();
    for (id, unit) in units(sources) {
        let methods = classes_of(&unit).flat_map(|class| &class.methods);
        found.extend(methods.filter_map(|method| extraction(sources.file(id), method, mark)));
    }
    found
}

fn extraction(file: &SourceFile, method: &Method, mark: Mark) -> Option<Rewrite> {
    let body = method.body.as_ref()?;
    let first = body.stmts[*body.root.first()?].span;
    if method.is_constructor || method.modifiers.is_test {
        return None;
    }
    let name = format!("{}{mark}", method.name.name);
    let args: Vec<&str> = method.params.iter().map(|param| param.name.name.as_str()).collect();
    let params: Vec<String> = method
        .params
        .iter()
        .map(|param| Some(format!("{} {}", written(file, &param.ty)?, param.name.name)))
        .collect::<Option<_>>()?;
    let call = format!("{name}({});", args.join(", "));
    let (call, returns) = match &method.returns {
        Some(ty) => (format!("return {call}"), written(file, ty)?),
        None => (call, "void"),
    };
    let is_static = if method.modifiers.is_static { "static " } else { "" };
    let new = format!("{call} }} private {is_static}{returns} {name}({}) {{ ", params.join(", "));
    let at = Span { end: first.start, ..first };
    let what = format!("extract the body of `{}` in {}", method.name.name, file.path);
    Some(Rewrite { what, edits: vec![(at, new)], added: None })
}

/// `update rows;` becomes a call of a static helper with that statement.
pub(super) fn helpers(sources: &Sources, mark: Mark) -> Vec<Rewrite> {
    let mut found = Vec::new();
    for (id, unit) in units(sources) {
        let file = sources.file(id);
        if let Some(trigger) = &unit.trigger {
            found.extend(helpers_in(file, &[], &[], &trigger.body, mark));
        }
        for class in classes_of(&unit) {
            for method in &class.methods {
                let body = method.body.iter();
                found.extend(
                    body.flat_map(|body| {
                        helpers_in(file, &class.fields, &method.params, body, mark)
                    }),
                );
            }
        }
    }
    found
}

fn helpers_in(
    file: &SourceFile,
    fields: &[Field],
    params: &[Param],
    body: &Body,
    mark: Mark,
) -> Vec<Rewrite> {
    let stmts = body.stmts.iter().filter_map(|(_, stmt)| {
        let StmtKind::Expr(expr) = stmt.kind else { return None };
        let ExprKind::Dml(dml) = &body.exprs[expr].kind else { return None };
        let ExprKind::Name(name) = &body.exprs[dml.target].kind else { return None };
        let is_plain = dml.upsert_key.is_none() && dml.merge_with.is_none();
        let verb = verb(dml.verb).filter(|_| is_plain)?;
        let ty = written(file, declared_type(fields, params, body, name)?)?;
        let class = format!("Helper{mark}");
        let text = format!(
            "public class {class} {{ public static void doIt({ty} rows) {{ {verb} rows; }} }}"
        );
        Some(Rewrite {
            what: format!("a helper for `{verb} {name}` in {}", file.path),
            edits: vec![(stmt.span, format!("{class}.doIt({name});"))],
            added: Some(SourceFile::new(format!("{class}.cls"), FileKind::ApexClass, text)),
        })
    });
    stmts.collect()
}

fn verb(verb: DmlVerb) -> Option<&'static str> {
    match verb {
        DmlVerb::Insert => Some("insert"),
        DmlVerb::Update => Some("update"),
        DmlVerb::Upsert => Some("upsert"),
        DmlVerb::Delete => Some("delete"),
        DmlVerb::Undelete => Some("undelete"),
        DmlVerb::Merge => None,
    }
}

/// The type of a variable that is declared once in a method; else of a field.
fn declared_type<'a>(
    fields: &'a [Field],
    params: &'a [Param],
    body: &'a Body,
    name: &Name,
) -> Option<&'a TypeRef> {
    let locals = body.stmts.iter().filter_map(|(_, stmt)| match &stmt.kind {
        StmtKind::Local { ty, vars } => vars.iter().any(|(var, _)| var.name == *name).then_some(ty),
        StmtKind::ForEach { ty, name: var, .. } => (var.name == *name).then_some(ty),
        _ => None,
    });
    let params = params.iter().filter(|param| param.name.name == *name).map(|param| &param.ty);
    let mut inside: Vec<&TypeRef> = locals.chain(params).collect();
    match inside.len() {
        0 => fields.iter().find(|field| field.name.name == *name).map(|field| &field.ty),
        1 => inside.pop(),
        _ => None,
    }
}

/// A class that nobody uses, with methods that others have as well.
pub(super) fn additions(sources: &Sources, mark: Mark) -> Vec<Rewrite> {
    let units = units(sources);
    let methods =
        units.iter().flat_map(|(_, unit)| classes_of(unit)).flat_map(|class| &class.methods);
    let names: BTreeSet<&Name> = methods.map(|method| &method.name.name).collect();
    let methods: Vec<String> = names
        .iter()
        .map(|name| format!("public void {name}(List<SObject> rows) {{ update rows; }}"))
        .collect();
    let class = format!("Nobody{mark}");
    let text = format!("public class {class} {{ {} }}", methods.join(" "));
    let added = Some(SourceFile::new(format!("{class}.cls"), FileKind::ApexClass, text));
    vec![Rewrite { what: "a class that nobody uses".into(), edits: Vec::new(), added }]
}

fn written<'a>(file: &'a SourceFile, ty: &TypeRef) -> Option<&'a str> {
    file.text.get(ty.span.start as usize..ty.span.end as usize)
}

/// The Apex files that can be read as a whole.
fn units(sources: &Sources) -> Vec<(FileId, Unit)> {
    let apex = sources
        .iter()
        .filter(|(_, file)| matches!(file.kind, FileKind::ApexClass | FileKind::ApexTrigger));
    let read = apex.filter_map(|(id, file)| {
        let mut issues = Vec::new();
        let unit = read_apex(id, file, &mut issues);
        issues.is_empty().then_some((id, unit))
    });
    read.collect()
}

/// The classes of a unit, inner ones too.
fn classes_of(unit: &Unit) -> impl Iterator<Item = &TypeDecl> {
    unit.types.iter().flat_map(|decl| std::iter::once(decl).chain(&decl.inner))
}
