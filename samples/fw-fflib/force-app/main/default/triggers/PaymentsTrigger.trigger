trigger PaymentsTrigger on Payment__c (after insert, after update, after delete) {
    fflib_SObjectDomain.triggerHandler(Payments.class);
}
