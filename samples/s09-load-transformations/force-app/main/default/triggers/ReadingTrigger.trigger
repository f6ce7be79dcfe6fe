trigger ReadingTrigger on Reading__c (after insert) {
    Map<Id, Meter__c> meters = new Map<Id, Meter__c>();
    for (Reading__c reading : Trigger.new) {
        meters.put(reading.Meter__c, new Meter__c(Id = reading.Meter__c, Last_Value__c = reading.Value__c));
    }
    update meters.values(); //~ parent-update "Reading__c.Meter__c"
}
