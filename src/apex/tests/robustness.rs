//! Line ends, deep nesting, and text of any kind.

use super::{dump, read, read_query, shown};
use crate::apex::read_test_class;
use crate::base::{FileId, FileKind, IssueKind, SourceFile, Span};
use proptest::prelude::*;

#[test]
fn line_ends_do_not_count() {
    let apex = "class A {\n  void f() {\n    // x\n    update a; /* y\n */ merge a\n b;\n    x = [SELECT Id\n FROM A\n FOR\n UPDATE];\n  }\n}\n";
    assert_eq!(
        shown(apex).replace("\\n", ""),
        shown(&apex.replace('\n', "\r\n")).replace("\\r\\n", "")
    );
}

fn bound_issues(apex: &str) -> usize {
    // Less stack than any thread has that reads files.
    let apex = apex.to_owned();
    let small = std::thread::Builder::new().stack_size(1 << 20);
    let thread = small.spawn(move || {
        let (unit, issues) = read(&apex);
        dump(&unit);
        issues.iter().filter(|issue| issue.kind == IssueKind::Bound).count()
    });
    thread.unwrap().join().unwrap()
}

#[test]
fn deep_code_is_left_out() {
    const DEEP: usize = 10_000;
    let nested = |open: &str, inner: &str, close: &str| {
        format!("{}{inner}{}", open.repeat(DEEP), close.repeat(DEEP))
    };
    let statement =
        |statement: String| bound_issues(&format!("class A {{ void f() {{ {statement} }} }}"));

    let chain = |operator: &str| format!("x = a{};", format!(" {operator} b").repeat(DEEP));
    for operator in ["+", "&&", "??", "*"] {
        assert_eq!(statement(chain(operator)), 0, "{operator}");
    }
    assert_eq!(statement(format!("x = {};", nested("(", "a", ")"))), 0);

    assert_eq!(statement(format!("x = a{};", " + b - c".repeat(DEEP))), 1);
    assert_eq!(statement(nested("{", "x();", "}")), 1);
    assert_eq!(statement(nested("if (a) {", "x();", "}")), 1);
    assert_eq!(statement(nested("if (a) x(); else ", "y();", "")), 1);
    assert_eq!(statement(nested("for (A a : b) ", "y();", "")), 1);
    assert_eq!(statement(nested("try {", "x();", "} finally { y(); }")), 1);
    assert_eq!(statement(format!("x = {};", nested("f(", "a", ")"))), 1);
    assert_eq!(statement(format!("x = {};", nested("!", "a", ""))), 1);
    assert_eq!(statement(format!("x = {};", nested("a ? b : ", "c", ""))), 1);
    assert_eq!(statement(format!("x = {};", nested("new A(B = ", "c", ")"))), 1);
    assert_eq!(statement(format!("x = {};", nested("new List<A>{", "c", "}"))), 1);
    assert_eq!(statement(format!("x = a{};", ".b()".repeat(DEEP))), 1);
    assert_eq!(statement(format!("x = a{};", "[0]".repeat(DEEP))), 1);
    assert_eq!(statement(nested("x = ", "a;", "")), 1);
    assert_eq!(statement(format!("{} x;", nested("List<", "A", ">"))), 1);
    assert_eq!(
        statement(format!("x = [SELECT Id FROM A WHERE {}];", nested("(NOT ", "B = 1", ")"))),
        1
    );
    assert_eq!(
        statement(format!(
            "x = [SELECT Id FROM A WHERE {}];",
            nested("B IN (SELECT C FROM D WHERE ", "B = 1", ")")
        )),
        1
    );
    assert_eq!(bound_issues(&nested("class A {", "", "}")), 1);
    // Without ends.
    bound_issues(&"class A {".repeat(DEEP));
    bound_issues(&"(".repeat(DEEP));
    bound_issues(&"[SELECT (".repeat(DEEP));
}

/// Text with everything that lowering knows.
const CORPUS: &[&str] = &[
    "trigger T on A (before insert, after update) { Trigger.new[0].X = 'y'; void f() { merge a\nb; } }",
    "@IsTest public with sharing class A extends B implements C, D { static Integer x { get { return 1; } set; } { y(); } A() { this(1); } }",
    "class A { Object q = [SELECT Id, COUNT(X) c, (SELECT Id FROM Cs) FROM A a WHERE B IN :c.d AND (E = 1 OR NOT F LIKE 'x') ORDER BY G LIMIT :h FOR UPDATE]; }",
    "class A { void f() { for (Integer i = 0; i < 1; i++) { upsert as user x Y__c; } for (A a : b) switch on c { when 1, 2 { } when A d { } when else { } } } }",
    "class A { void f() { x = (a) - b + 'é\\u00e9' ?? new Map<Id, List<A>>{ a => new A[]{ b } }.get(c)?.d[0]; try { throw e; } catch (E e) { } finally { } } }",
    "interface I extends J { void f(A[] a); } enum E { A, B }",
];

/// The start of the character at an offset.
fn char_start(text: &str, offset: usize) -> usize {
    (0..=offset).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_cut_or_change_panics(
        (from, to) in (0..CORPUS.len(), 0..CORPUS.len()),
        (start, end) in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        inserted in "[(){}\\[\\];'/*.,:@=<>+ \n\ré-]{0,3}",
    ) {
        let (from, to) = (CORPUS[from], CORPUS[to]);
        let start = char_start(from, start.index(from.len()));
        let end = char_start(to, end.index(to.len()));
        let text = format!("{}{inserted}{}", from.get(..start).unwrap(), to.get(end..).unwrap());
        shown(&text);
        read_query(&text, Span::start_of(FileId(0)));
        read_test_class(FileId(0), &SourceFile::new("A.cls".into(), FileKind::ApexClass, text));
    }
}
