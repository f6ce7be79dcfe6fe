trigger PaymentTrigger on Payment__c (after insert, after update) {
    InvoiceStamp.received(Trigger.new, Trigger.oldMap);
}
