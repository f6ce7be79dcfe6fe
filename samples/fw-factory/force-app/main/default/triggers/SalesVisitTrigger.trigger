trigger SalesVisitTrigger on Sales_Visit__c (after insert) {
    HandlerFactory.executeByConvention(Schema.Sales_Visit__c.SObjectType);
}
