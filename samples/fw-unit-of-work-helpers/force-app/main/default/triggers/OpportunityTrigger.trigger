trigger OpportunityTrigger on Opportunity (after insert) {
    Map<Id, Account> groups = new Map<Id, Account>();
    for (Opportunity opp : [SELECT Account.Parent.Last_Deal__c FROM Opportunity WHERE Id IN :Trigger.newMap.keySet()]) {
        Account parent = opp.Account.Parent;
        if (parent != null && parent.Last_Deal__c != Date.today()) {
            parent.Last_Deal__c = Date.today();
            groups.put(parent.Id, parent);
        }
    }
    update groups.values(); //~ parent-update "the `Account` that `Opportunity.AccountId -> Account.ParentId` points to"
}
