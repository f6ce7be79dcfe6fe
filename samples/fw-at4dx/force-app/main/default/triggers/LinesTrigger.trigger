trigger LinesTrigger on Line__c (after insert, after update) {
    fflib_SObjectDomain.triggerHandler(Lines.class);
}
