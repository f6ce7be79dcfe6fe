//! Code that is no valid Apex.

use super::{check, read};
use snapbox::str;

#[test]
fn errors_leave_their_neighbours() {
    check(
        "class A { void f() { update a; foo bar baz; update b; } void g() { update c; } }",
        str![[r#"
class A
  method f()
    update a
    local foo bar
    update b
  method g()
    update c
! parse: this part is not valid Apex; it is left out: "baz"

"#]],
    );
    check(
        "class A { void f( { update a; } void g() { update c; } }",
        str![[r#"
class A
  method f()
    update a
  method g()
    update c
! parse: this is not valid Apex: `)` is missing here: ""

"#]],
    );
    check(
        "class A { void f() { x(1; update b; } void g() { update c; } }",
        str![[r#"
class A
  method f()
    x(1)
    update b
  method g()
    update c
! parse: this is not valid Apex: `)` is missing here: ""

"#]],
    );
    check(
        "class A { Integer x = ; void g() { update c; } }",
        str![[r#"
class A
  field Integer x
  method g()
    update c
! parse: this part is not valid Apex; it is left out: "="

"#]],
    );
    check(
        "class A { void f() { x.; update b; return } }",
        str![[r#"
class A
  method f()
    x
    update b
    return
! parse: this part is not valid Apex; it is left out: "."
! parse: this is not valid Apex: `;` is missing here: ""

"#]],
    );
    check(
        "class A { void f() { switch = 2; insert.foo(); update b; } }",
        str![[r#"
class A
  method f()
    insert foo()
    update b
! parse: this part is not valid Apex; it is left out: "switch = 2"
! parse: this part is not valid Apex; it is left out: "."

"#]],
    );
    check(
        "class A { void f() { if (a) { update b; } ",
        str![[r#"
! parse: this file declares no class, interface, enum or trigger that can be read; it is left out: "class A { void f() { if (a) { update b; }"

"#]],
    );
    let many: String = (0..9).map(|index| format!("void f{index}() {{ a b c; }} ")).collect();
    let (_, issues) = read(&format!("class A {{ {many} }}"));
    assert_eq!(issues.len(), 5);
    assert_eq!(
        issues[4].message,
        "this part is not valid Apex; it is left out (and 4 more in this file)"
    );
}

#[test]
fn files_that_are_no_apex() {
    check("(hidden)\n", str![[""]]);
    check(
        "",
        str![[r#"
! parse: this file is empty: ""

"#]],
    );
    check(
        " \n// nothing\n",
        str![[r#"
! parse: this file is empty: ""

"#]],
    );
    check(
        "Account a = new Account();\ninsert a;",
        str![[r#"
! parse: this file declares no class, interface, enum or trigger that can be read; it is left out: ""

"#]],
    );
    check(
        "class A {\n<<<<<<< HEAD\n  void f() { update a; }\n=======\n  void f() { update b; }\n>>>>>>> other\n}",
        str![[r#"
class A
  method f()
    update a
  method f()
    update b
! parse: this file has merge conflict markers; what stands between them may be left out: "<<<<<<<"

"#]],
    );
    check(
        "class A { String s = '\n<<<<<<< HEAD'; }",
        str![[r#"
class A
  field String s
    value
      "\n<<<<<<< HEAD"

"#]],
    );
    check(
        "class A { void f() { %%%NAMESPACE%%%X.run(); update a; } }",
        str![[r#"
class A
  method f()
    (NAMESPACE ~ X.run())
    update a
! parse: this file is a template: it has placeholders for a namespace, and is no Apex before they are filled: "%%%"

"#]],
    );
    check(
        "class A { String s = '%%%NAMESPACE%%%'; }",
        str![[r#"
class A
  field String s
    value
      "%%%NAMESPACE%%%"

"#]],
    );
    check(
        "is this Apex?",
        str![[r#"
! parse: this file declares no class, interface, enum or trigger that can be read; it is left out: ""

"#]],
    );
}
