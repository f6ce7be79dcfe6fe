trigger InvoicesTrigger on Invoice__c (after insert, after update) {
    fflib_SObjectDomain.triggerHandler(Invoices.class);
}
