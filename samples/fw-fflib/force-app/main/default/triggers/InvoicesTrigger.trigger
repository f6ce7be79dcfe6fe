trigger InvoicesTrigger on Invoice__c (before delete, after insert) {
    fflib_SObjectDomain.triggerHandler(Invoices.Constructor.class);
}
