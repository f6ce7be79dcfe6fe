trigger TargetTrigger on Target__c (after insert) {
    HandlerFactory.executeByConvention(Target__c.SObjectType);
}
