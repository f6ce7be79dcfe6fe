trigger LineTrigger on Line__c (before insert, after insert, after update) {
    new MetadataTriggerHandler().run();
}
