//! Expressions.

use super::check_body;
use snapbox::str;

/// The grammar takes a name in parentheses before a sign for a cast.
#[test]
fn sums_that_look_like_casts() {
    check_body(
        "x = (a) - b; x = (a.b) + c + 'd'; x = (a) + b * c; x = ((a)) - b;",
        str![[r#"
x = (a ~ b)
x = (a.b + c + "d")
x = ((a + b) ~ c)
x = (a ~ b)

"#]],
    );
    check_body(
        "x = (Integer) -1; x = (system.Decimal) + y; x = (a) b; x = (a) !b; x = (List<A>) -b;",
        str![[r#"
x = cast<Integer>(~1)
x = cast<system.Decimal>(~y)
x = cast<a>(b)
x = cast<a>(!b)
x = cast<List<A>>(~b)

"#]],
    );
}

#[test]
fn expressions() {
    check_body(
        "x = a.b.c(1, d())[0]?.e?.f(); this.x = super.f(); x = y = z; x += 1; x >>>= 2;
         x = a ? b : c ? d : e; x = a instanceof List<B>; x = !a && !(b || c) && d; x = a == b || a != c || a <> d || a === e;
         x = a ?? b ?? c; x = -a + ~b - c++ * --d; x = (Map<Id, A>) JSON.deserialize(s, Map<Id, A>.class);
         t = Account.class; t = A.B.class; x = a > = b; x = a << 1 & 2 | 3 ^ 4 % 5;",
        str![[r#"
x = a.b.c(1, d())[0].e.f()
this.x = super.f()
x = y = z
x ~= 1
x ~= 2
x = (a ? b : (c ? d : e))
x = (a instanceof List<B>)
x = (!a && !(b || c) && d)
x = ((a == b) || (a != c) || (a != d) || (a == e))
x = (a ?? b ?? c)
x = ((~a + ~b) ~ (~c ~ ~d))
x = cast<Map<Id, A>>(JSON.deserialize(s, Map.class))
t = Account.class
t = A.B.class
x = (a < b)
x = (a ~ 1 ~ 2 ~ (3 ~ (4 ~ 5)))

"#]],
    );
    check_body(
        r"x = 'it\'s \u00e9\n'; x = 1; x = 10L; x = 1.5; x = TRUE; x = false; x = Null; x = ''; x = 'Trigger.new';",
        str![[r#"
x = "it's é\n"
x = 1
x = 10L
x = 1.5
x = true
x = false
x = null
x = ""
x = "Trigger.new"

"#]],
    );
    check_body(
        "String s = '''\n  two 'quoted'\n  lines''';",
        str![[r#"
local String s = "  two 'quoted'\n  lines"

"#]],
    );
    check_body(
        "x = a && (b && c); x = (a && b) && c; x = a + (b + c); x = ((((a))));",
        str![[r#"
x = (a && (b && c))
x = (a && b && c)
x = (a + (b + c))
x = a

"#]],
    );
    check_body(
        "x = Package.Version.Request; f(a, update b);",
        str![[r#"
x = <error>
f(a, update b)

"#]],
    );
}

#[test]
fn new_in_all_forms() {
    check_body(
        "x = new A(); x = new A(b, c); x = new Outer.Inner(d); x = new Account(Name = 'x', Parent__c = p.Id, N = m = 1);
         x = new List<A>{ b, c }; x = new Set<Id>{ }; x = new A[]{ b }; x = new A[5]; x = new A[2][];
         x = new Map<Id, A>{ b => c, d => e }; x = new Map<Id, A>{ }; x = new Map<Id, A>([SELECT Id FROM A]);
         x = new List<Account>([SELECT Id FROM Account]); x = new List<List<A>>{ new List<A>{ b } };
         new H().run();",
        str![[r#"
x = new A()
x = new A(b, c)
x = new Outer.Inner(d)
x = new Account(Name := "x", Parent__c := p.Id, N := m = 1)
x = new List<A>{b, c}
x = new Set<Id>{}
x = new List<A>{b}
x = new List<A>{}
x = new List<List<A>>{}
x = new Map<Id, A>{b => c, d => e}
x = new Map<Id, A>{}
x = new Map<Id, A>([SELECT Id FROM A])
x = new List<Account>([SELECT Id FROM Account])
x = new List<List<A>>{new List<A>{b}}
new H().run()

"#]],
    );
}
