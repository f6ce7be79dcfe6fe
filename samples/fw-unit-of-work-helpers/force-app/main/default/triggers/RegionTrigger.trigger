trigger RegionTrigger on Region__c (after update) {
    if (TriggerSwitch.isOn('RegionTrigger')) {
        List<Sale__c> sales = [SELECT Id FROM Sale__c WHERE Region__c IN :Trigger.newMap.keySet()];
        for (Sale__c sale : sales) {
            sale.Stale__c = true;
        }
        update sales; //~ cross-record-write note "update of a `Region__c` updates `Sale__c` rows found by `<- Sale__c.Region__c`"
    }
}
