trigger DealTrigger on Deal__c (before insert, after insert, after update) {
    HandlerFactory.createAndExecuteHandler(Deal__c.SObjectType);
}
