trigger OrderItemTrigger on Order_Item__c (after update) {
    for (di_Binding binding : di_Injector.Org.bySObject(Order_Item__c.SObjectType)) {
        ((ISaving) binding.getInstance()).saved(Trigger.new);
    }
}
