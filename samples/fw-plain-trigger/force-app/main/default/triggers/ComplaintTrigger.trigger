trigger ComplaintTrigger on Complaint__c (before insert, before update, after insert, after update, after delete) {
    List<Complaint__c> complaints = Trigger.new == null ? Trigger.old : Trigger.new;
    if (Trigger.isBefore && Trigger.isInsert || Trigger.isBefore && Trigger.isUpdate) {
        for (Complaint__c complaint : complaints) {
            complaint.Text__c = complaint.Text__c?.trim();
        }
    } else {
        Set<Id> storeIds = new Set<Id>();
        for (Complaint__c complaint : complaints) {
            storeIds.add(complaint.Store__c);
        }
        List<Store__c> stores = [SELECT Id, (SELECT Id FROM Complaints__r) FROM Store__c WHERE Id IN :storeIds];
        for (Store__c store : stores) {
            store.Complaints__c = store.Complaints__r.size();
        }
        update stores; //~ unguarded-parent-update "`Store__c` that `Complaint__c.Store__c` points to"
        if (Trigger.old == null) {
            List<Visit__c> visits = new List<Visit__c>();
            for (Complaint__c complaint : complaints) {
                visits.add(new Visit__c(Id = complaint.Visit__c, Planned_For__c = Date.today()));
            }
            update visits; //~ parent-update "insert of a `Complaint__c` updates the `Visit__c` that `Complaint__c.Visit__c` points to"
        }
    }
}
