trigger BonusTrigger on Bonus__c (after insert, after delete) {
    HandlerRegistry.execute();
}
