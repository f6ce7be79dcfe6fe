trigger ClaimTrigger on Claim__c (after insert, after update, after delete) {
    if (Trigger.isInsert) {
        for (Claim__c claim : Trigger.new) {
            Pending.add(new Sale__c(Id = claim.Sale__c, Stale__c = true));
        }
    }
    Pending.flush();
}
