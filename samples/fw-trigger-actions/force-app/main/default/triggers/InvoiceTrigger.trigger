trigger InvoiceTrigger on Invoice__c (before update, after insert, after update) {
    new MetadataTriggerHandler().run();
}
