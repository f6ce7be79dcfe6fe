//! Queries, in code and in strings.

use super::{check_body, check_query, read};
use crate::apex::ir::ExprKind;
use snapbox::str;

#[test]
fn queries() {
    check_body(
        "x = [SELECT Id, Account.Owner.Name, Name n, COUNT(Id) c, MAX(A.B), toLabel(X), FORMAT(convertCurrency(Y)) y, FIELDS(ALL),
                 (SELECT Id FROM Contacts WHERE X = :x LIMIT 1), TYPEOF What WHEN Account THEN Phone ELSE Name END
              FROM Account a, a.Contacts AS c USING SCOPE mine WITH SECURITY_ENFORCED
              GROUP BY X HAVING COUNT(Id) > 1 ORDER BY A . B ASC NULLS LAST, COUNT(Id) LIMIT :n + 1 OFFSET 2 FOR UPDATE];",
        str![[r#"
x = [SELECT Id, Account.Owner.Name, Name, COUNT(Id), MAX(A.B), toLabel(X), FORMAT(Y), FIELDS(), (SELECT Id FROM Contacts WHERE X = :x LIMIT 1), What FROM Account a, a.Contacts c GROUP BY ORDER BY A.B, Id LIMIT :(n + 1) FOR UPDATE]

"#]],
    );
    check_body(
        "x = [SELECT Id FROM A WHERE (a.B = :x.y AND C IN :z) AND (D NOT  IN (SELECT E FROM F WHERE G = :h) OR (NOT I LIKE 'x'))
              AND J INCLUDES ('a', :b) AND CALENDAR_YEAR(K) = 1 AND L != null AND M IN ('a', 'b') AND N > LAST_N_DAYS:3
              AND O IN :new Set<Id>{ p } AND Q <> :r()];",
        str![[r#"
x = [SELECT Id FROM A WHERE ((a.B = :x.y AND C IN :z) AND (D NOT IN (SELECT E FROM F WHERE G = :h) OR NOT I ~ constant) AND J ~ (:b) AND K = constant AND L != constant AND M IN constant AND N ~ constant AND O IN :new Set<Id>{p} AND Q != :r())]

"#]],
    );
    check_body(
        "x = [SELECT COUNT() FROM A LIMIT 1 ALL ROWS]; y = [select Id from A for view]; z = [SELECT Id FROM A FOR UPDATE].size();",
        str![[r#"
x = [SELECT COUNT() FROM A LIMIT 1 ALL ROWS]
y = [SELECT Id FROM A]
z = [SELECT Id FROM A FOR UPDATE].size()

"#]],
    );
    check_body(
        "x = [FIND :x IN ALL FIELDS RETURNING A(Id WHERE X = :f())]; y = [FIND 'it' RETURNING A];",
        str![[r#"
x = [FIND]
y = [FIND]

"#]],
    );
    let apex = "class A { Object x = [SELECT Id FROM A FOR  UPDATE]; }";
    let (unit, _) = read(apex);
    let value = unit.types[0].fields[0].value.as_ref().unwrap();
    let locked = value.exprs.iter().find_map(|(_, expr)| match &expr.kind {
        ExprKind::Soql(query) => query.for_update,
        _ => None,
    });
    let locked = locked.unwrap();
    assert_eq!(apex.get(locked.start as usize..locked.end as usize), Some("FOR  UPDATE"));
}

/// Queries that Salesforce accepts and the grammar does not: what they lock is still there.
#[test]
fn queries_with_errors() {
    check_body(
        "x = [SELECT Id FROM A WHERE D > 2020-01-01T00:00:00.000+0000 FOR UPDATE]; y();",
        str![[r#"
x = [SELECT Id FROM A WHERE D ~ constant FOR UPDATE]
y()
! parse: this part is not valid Apex; it is left out: "T00:00:00.000+0000"

"#]],
    );
    check_body(
        "x = [SELECT Id, (SELECT Id FROM Cs) Name FROM A WHERE X = 1 FOR UPDATE]; y();",
        str![[r#"
x = [SELECT Id, (SELECT Id FROM Cs) FROM A WHERE X = constant FOR UPDATE]
y()
! parse: this part is not valid Apex; it is left out: "Name"

"#]],
    );
    check_body(
        "x = [SELECT Id FROM A WHERE X = +1 FOR UPDATE]; y();",
        str![[r#"
x = [SELECT Id FROM A FOR UPDATE]
y()
! parse: this part is not valid Apex; it is left out: "WHERE X = +1"

"#]],
    );
}

#[test]
fn dynamic_queries() {
    check_query(
        "SELECT Id FROM Account WHERE Id IN :ids AND X = :a.b FOR UPDATE",
        str!["SELECT Id FROM Account WHERE (Id IN :ids AND X = :a.b) FOR UPDATE"],
    );
    check_query(
        "select count() from Account where Name = 'it\\'s' limit 5 all rows",
        str!["SELECT count() FROM Account WHERE Name = constant LIMIT 5 ALL ROWS"],
    );
    check_query(
        "SELECT Id FROM Account WHERE Id IN :Trigger.new",
        str!["SELECT Id FROM Account WHERE Id IN :Trigger.new"],
    );
    check_query("FIND {x} IN ALL FIELDS", str!["nothing"]);
    check_query("FIND :x RETURNING A", str!["nothing"]);
    check_query("", str!["nothing"]);
    check_query("Account", str!["nothing"]);
    check_query("]; } void f() { insert x; } Object q = [SELECT Id FROM A", str!["nothing"]);
    check_query("SELECT Id FROM", str!["nothing"]);
}

/// They look like casts of what follows.
#[test]
fn binds_in_parentheses() {
    check_body(
        "x = [SELECT Id FROM A WHERE B IN :(ids) AND C = 1 FOR UPDATE]; y();",
        str![[r#"
x = [SELECT Id FROM A WHERE (B IN :ids AND C = constant) FOR UPDATE]
y()

"#]],
    );
    check_body(
        "x = [SELECT Id FROM A WHERE B IN :(ids) FOR UPDATE]; y();",
        str![[r#"
x = [SELECT Id FROM A WHERE B IN :ids FOR UPDATE]
y()

"#]],
    );
    check_body(
        "x = [SELECT Id FROM A WHERE B IN :(ids) LIMIT 1]; y();",
        str![[r#"
x = [SELECT Id FROM A WHERE B IN :ids LIMIT 1]
y()

"#]],
    );
    check_body(
        "x = [SELECT Id FROM A WHERE C = 1 AND B IN :(ids)]; y();",
        str![[r#"
x = [SELECT Id FROM A WHERE (C = constant AND B IN :ids)]
y()

"#]],
    );
}
