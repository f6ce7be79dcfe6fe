trigger SaleTrigger on Sale__c (after update) {
    Map<Id, Region__c> regions = new Map<Id, Region__c>();
    for (Sale__c sale : Trigger.new) {
        regions.put(sale.Region__c, new Region__c(Id = sale.Region__c, Last_Sale__c = System.now()));
    }
    TriggerSwitch.bypass('RegionTrigger');
    update regions.values(); //~ unguarded-parent-update "every update of a `Sale__c` updates the `Region__c` that `Sale__c.Region__c` points to"
    TriggerSwitch.clearBypass('RegionTrigger');
}
