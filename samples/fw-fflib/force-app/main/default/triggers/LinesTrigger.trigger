trigger LinesTrigger on Line__c (before insert, after insert, after update, after delete, after undelete) {
    fflib_SObjectDomain.triggerHandler(Lines.class);
}
