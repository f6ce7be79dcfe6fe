trigger PickingTrigger on Picking__c (after delete) {
    for (di_Binding binding : di_Injector.Org.bySObject(Picking__c.SObjectType)) {
        ((ISaving) binding.getInstance()).saved(Trigger.old);
    }
}
