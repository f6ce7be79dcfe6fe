trigger PaymentTrigger on Payment__c (after insert) {
    new MetadataTriggerHandler().run();
}
