//! From Apex to the dump of its intermediate representation.

mod declarations;
mod errors;
mod expressions;
mod queries;
mod robustness;
mod statements;

use super::dump::{dump, dump_query};
use super::ir::Unit;
use super::{read_apex, read_query};
use crate::base::{FileId, FileKind, Issue, SourceFile, Span};
use snapbox::assert_data_eq;
use snapbox::data::{Inline, IntoData};

fn read(apex: &str) -> (Unit, Vec<Issue>) {
    let source = SourceFile::new("A.cls".to_owned(), FileKind::ApexClass, apex.to_owned());
    let mut issues = Vec::new();
    let unit = read_apex(FileId(0), &source, &mut issues);
    (unit, issues)
}

/// The dump, then the issues, each with the text it stands at.
fn shown(apex: &str) -> String {
    let (unit, issues) = read(apex);
    let mut text = dump(&unit);
    for Issue { span, kind, message } in issues {
        let at = apex.get(span.start as usize..span.end as usize).unwrap();
        text.push_str(&format!("! {}: {message}: {at:?}\n", kind.word()));
    }
    text
}

/// Checks a whole file.
#[track_caller]
fn check(apex: &str, expected: Inline) {
    assert_data_eq!(shown(apex), expected.into_data().raw());
}

/// Checks the statements of a method.
#[track_caller]
fn check_body(statements: &str, expected: Inline) {
    let whole = shown(&format!("class A {{ void f() {{ {statements} }} }}"));
    let body = whole.strip_prefix("class A\n  method f()\n").unwrap_or(&whole);
    let lines: Vec<&str> =
        body.lines().map(|line| line.strip_prefix("    ").unwrap_or(line)).collect();
    assert_data_eq!(lines.join("\n") + "\n", expected.into_data().raw());
}

/// Checks the text of a dynamic query.
#[track_caller]
fn check_query(text: &str, expected: Inline) {
    let at = Span { file: FileId(3), start: 10, end: 20 };
    let query = read_query(text, at).map(|(body, query)| {
        assert!(body.exprs.iter().all(|(_, expr)| expr.span == at));
        assert_eq!(query.span, at);
        dump_query(&body, &query)
    });
    assert_data_eq!(query.unwrap_or_else(|| "nothing".to_owned()), expected.into_data().raw());
}
