trigger MeterTrigger on Meter__c (after update) {
    Map<Id, Site__c> sites = new Map<Id, Site__c>();
    for (Meter__c meter : Trigger.new) {
        if (meter.Last_Value__c != Trigger.oldMap.get(meter.Id).Last_Value__c) {
            sites.put(meter.Site__c, new Site__c(Id = meter.Site__c, Last_Reading__c = System.now()));
        }
    }
    update sites.values(); //~ parent-update "Meter__c.Site__c"
}
