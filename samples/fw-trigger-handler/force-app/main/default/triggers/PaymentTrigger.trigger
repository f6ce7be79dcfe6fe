trigger PaymentTrigger on Payment__c (before insert, after insert, after update, after delete, after undelete) {
    TriggerHandler handler = new PaymentHandler();
    handler.run();
}
