trigger PaymentTrigger on Payment__c (after insert) {
    update new Invoice__c(Id = Trigger.new[0].Invoice__c);
}
