trigger QuoteLineTrigger on Quote_Line__c (before update, after insert, after update, after delete) {
    HandlerFactory.createAndExecuteHandler(Quote_Line__c.sObjectType);
}
