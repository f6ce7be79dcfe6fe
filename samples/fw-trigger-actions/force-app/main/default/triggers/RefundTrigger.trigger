trigger RefundTrigger on Refund__c (after insert, after delete) {
    new StampBatch().run();
}
