trigger InvoiceTrigger on Invoice__c (before update, after insert, after update) {
    InvoiceHandler.getInstance().run();
}
