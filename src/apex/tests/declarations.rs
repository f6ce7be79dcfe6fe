//! Triggers, types and their members.

use super::{check, read};
use snapbox::str;

#[test]
fn triggers() {
    check(
        "/* header */ trigger /* a */ T // b\n on ns__Thing__c (BEFORE Insert, // c\n after\nundelete, before update,before delete,after insert,after update,after delete) {
             if (Trigger.isBefore) Trigger.new[0].Name = 'x'; else trigger.newMap.get(k).addError(e);
             try { Trigger?.old.clear(); } catch (Exception e) { Trigger.new.sort(); }
             save(Trigger.new);
             static Integer calls = 0;
             void save(List<Thing__c> rows) { update rows; }
             public class Local { void f() { delete x; } }
             return;
         }",
        str![[r#"
trigger T on ns__Thing__c (before insert, after undelete, before update, before delete, after insert, after update, after delete)
  if Trigger.isBefore
    Trigger.new[0].Name = "x"
  else
    trigger.newMap.get(k).addError(e)
  try
    Trigger.old.clear()
  catch Exception e
    Trigger.new.sort()
  save(Trigger.new)
  local Integer calls = 0
  return
  method save(List<Thing__c> rows)
    update rows
public class Local
  method f()
    delete x

"#]],
    );
    let (unit, _) = read("trigger T on A /* ( */ (before insert /* ) */ ) /* x */ { }");
    let header = unit.trigger.unwrap().header;
    assert_eq!((header.start, header.end), (0, 47));
    check(
        "trigger T on A (before insert) {}",
        str![[r#"
trigger T on A (before insert)

"#]],
    );
    check(
        "trigger T on A (before elevenses) { update x; }",
        str![[r#"
! parse: this file declares no class, interface, enum or trigger that can be read; it is left out: "trigger T on A (before elevenses)"

"#]],
    );
}

#[test]
fn types() {
    check(
        "PUBLIC virtual WITH  Sharing class A extends ns.Base implements Database.Batchable<SObject>, I {
             private without sharing abstract class B {}
             global inherited sharing class C { class TooDeep {} }
             interface I extends J, K<Account> { void f(); List<Account> g(Map<Id, Account> rows); }
             enum E { X, Y }
         }",
        str![[r#"
public with sharing virtual class A extends ns.Base implements Database.Batchable<SObject>, I
  without sharing abstract class B
  global inherited sharing class C
    class TooDeep
  interface I implements J, K<Account>
    method f()
    method g(Map<Id, Account> rows): List<Account>
  enum E
    X
    Y

"#]],
    );
    check(
        "@RestResource(urlMapping='/x') @isTest(SeeAllData=true) class A {}",
        str![[r#"
@RestResource @isTest test class A

"#]],
    );
    check(
        "enum E { }",
        str![[r#"
enum E

"#]],
    );
    check(
        "class A {} class B {}",
        str![[r#"
class A
class B

"#]],
    );
}

#[test]
fn members() {
    check(
        "class A {
             static final Integer X = 1, Y;
             @TestVisible private Account[] rows { get { return [SELECT Id FROM Account]; } protected set; }
             public String name { get; set { name = value; } }
             List<List<Account>> deep = new List<List<Account>>();
             Account[][] arrays;
             Boolean b; boolean c;
             static { insert x; }
             { update y; }
             public A() { this(1); }
             A(Integer n) { super(n); new A(); }
             protected override abstract void f(final Schema.Account a, Outer.Inner[] b);
             @future(callout=true) global static void g() {}
             @AuraEnabled(cacheable=true) webservice static virtual Id h() { return null; }
             static testMethod void i() {}
             ;
         }",
        str![[r#"
class A
  static final field Integer X
    value
      1
  static final field Integer Y
  @TestVisible field List<Account> rows
    get
      return [SELECT Id FROM Account]
  public field String name
    set
      name = value
  field List<List<Account>> deep
    value
      new List<List<Account>>()
  field List<List<Account>> arrays
  field Boolean b
  field boolean c
  static initialiser
    insert x
  initialiser
    update y
  public constructor A()
    this(1)
  constructor A(Integer n)
    super(n)
    new A()
  protected abstract override method f(Schema.Account a, List<Outer.Inner> b)
  @future global static future method g()
  @AuraEnabled global static virtual method h(): Id
    return null
  static test method i()

"#]],
    );
}
