//! Statements, saves among them.

use super::check_body;
use snapbox::str;

#[test]
fn control_flow() {
    check_body(
        "if (a) b(); else if (c) { d(); } else { e(); } if (a) {} if (a); else b();
         for (Integer i = 0, n = 1; i < n; i++, n--) f(i); for (i = 0, j = 1; ; ) break; for (;;) { continue; }
         while (a) b(); do { c(); } while (d);
         { e(); } ; return; ",
        str![[r#"
if a
  b()
else
  if c
    d()
  else
    e()
if a
if a
else
  b()
for ; (i < n); ~i, ~n
  init
    local Integer i = 0, n = 1
  f(i)
for ; ; 
  init
    i = 0
    j = 1
  break
for ; ; 
  continue
while a
  b()
while d
  c()
block
  e()
return

"#]],
    );
    check_body(
        "for (Account a : [SELECT Id FROM Account]) update a;
         for (List<Account> chunk : [SELECT Id FROM Account]) { update chunk; }
         for (final Account a : rows()) { }",
        str![[r#"
for Account a : [SELECT Id FROM Account]
  update a
for List<Account> chunk : [SELECT Id FROM Account]
  update chunk
for Account a : rows()

"#]],
    );
    check_body(
        "switch on x { when 1, -2 { a(); } when 'b' { } when null { } when else { c(); } }
         switch on record { when Account a { update a; } when ns__Thing__c t { } }
         switch on Trigger.operationType { when BEFORE_INSERT, AFTER_INSERT { a(); } }
         switch on x { }",
        str![[r#"
switch x
  when 1, ~2
    a()
  when "b"
  when null
  when else
    c()
switch record
  when type Account a
    update a
  when type ns__Thing__c t
switch Trigger.operationType
  when BEFORE_INSERT, AFTER_INSERT
    a()
! parse: this part is not valid Apex; it is left out: "switch on x { }"

"#]],
    );
    check_body(
        "try { a(); } catch (DmlException e) { b(); } catch (System.Exception e) { } finally { c(); }
         try { a(); } finally { }
         throw new AppException('x');",
        str![[r#"
try
  a()
catch DmlException e
  b()
catch System.Exception e
finally
  c()
try
  a()
throw new AppException("x")

"#]],
    );
    check_body(
        "System.runAs(new User(Id = id())) { insert x; } system.RUNAS(u) {}",
        str![[r#"
block
  new User(Id := id())
  insert x
block
  u

"#]],
    );
    check_body(
        "Integer a = 1, b, c = a + 1; final Account[] rows = new Account[]{}; Map<Id, List<A.B>> m;",
        str![[r#"
local Integer a = 1, b, c = (a + 1)
local List<Account> rows = new List<Account>{}
local Map<Id, List<A.B>> m

"#]],
    );
}

#[test]
fn saves() {
    check_body(
        "insert x; update(x); DELETE [SELECT Id FROM A]; undelete x; upsert x; upsert x Ext__c; upsert x A.Fields . Ext__c;
         insert as user x; update AS SYSTEM x; upsert as user x Ext__c; insert new Account(Name = 'x');
         insert new List<Account>{ a, b }; update m.values(); merge a b; merge as system a losers; if (a) insert x;
         Database.update(x, false); Database.merge(a, b);",
        str![[r#"
insert x
update x
delete [SELECT Id FROM A]
undelete x
upsert x
upsert x by Ext__c
upsert x by A.Fields.Ext__c
insert as user x
update as system x
upsert as user x by Ext__c
insert new Account(Name := "x")
insert new List<Account>{a, b}
update m.values()
merge a with b
merge as system a with losers
if a
  insert x
Database.update(x, false)
Database.merge(a, b)

"#]],
    );
}

/// The grammar takes `merge a b` only with one blank between.
#[test]
fn merges_on_two_lines() {
    check_body(
        "a(); merge winner\nloser; b();",
        str![[r#"
a()
merge winner with loser
b()

"#]],
    );
    check_body(
        "merge winner\r\n    loser; b();",
        str![[r#"
merge winner with loser
b()

"#]],
    );
    check_body(
        "merge winner\tnew List<A>{ x }; b();",
        str![[r#"
merge winner with new List<A>{x}
b()

"#]],
    );
    check_body(
        "merge winner/* é */loser; merge a // b\n\tc; b();",
        str![[r#"
merge winner with loser
merge a with c
b()

"#]],
    );
    check_body(
        "merge rows[0]\n\trows[1]; if (x) merge a\tb; else merge f(a)\tthis.b;",
        str![[r#"
merge rows[0] with rows[1]
if x
  merge a with b
else
  merge f(a) with this.b

"#]],
    );
    check_body(
        "merge a\t\tb; merge as user a\n\n\nb; x.merge(a,\n b); merge(a,\n b);",
        str![[r#"
merge a with b
merge as user a with b
x.merge(a, b)
! parse: this part is not valid Apex; it is left out: "merge(a,\n b)"

"#]],
    );
}
