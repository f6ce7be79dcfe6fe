/* What stores and routes learn from visits. */
trigger /* one of two */ VisitTrigger on Visit__c // the other is out of use
(
    // nothing is stored yet
    before insert, before update,
    /* now it is */ AFTER INSERT, after update,
    after /* and gone */ delete
) {
    if (Trigger.isBefore) {
        for (Visit__c visit : Trigger.new) {
            visit.Week__c = visit.Planned_For__c == null ? null : visit.Planned_For__c.toStartOfWeek();
        }
        return;
    }
    if (Trigger.isDelete) {
        leave(Trigger.old);
        return;
    }
    if (Trigger.isInsert) {
        Map<Id, Store__c> stores = new Map<Id, Store__c>();
        for (Visit__c visit : Trigger.new) {
            stores.put(visit.Store__c, new Store__c(Id = visit.Store__c, Visits_Planned__c = 1));
        }
        update stores.values(); //~ parent-update "insert of a `Visit__c` updates the `Store__c` that `Visit__c.Store__c` points to"
        return;
    }
    List<Store__c> moved = new List<Store__c>();
    for (Visit__c visit : Trigger.new) {
        if (visit.Planned_For__c != Trigger.oldMap.get(visit.Id).Planned_For__c) {
            moved.add(new Store__c(Id = visit.Store__c, Last_Visit__c = visit.Planned_For__c));
        }
    }
    update moved; //~ parent-update "update of a `Visit__c` updates the `Store__c` that `Visit__c.Store__c` points to"
    //~^ lock-order-inversion "`Complaint__c:insert` locks a `Store__c` before a `Visit__c`"

    void leave(List<Visit__c> visits) {
        Map<Id, Route__c> routes = new Map<Id, Route__c>();
        for (Visit__c visit : visits) {
            routes.put(visit.Route__c, new Route__c(Id = visit.Route__c, Stops__c = null));
        }
        update routes.values(); //~ parent-update "delete of a `Visit__c` updates the `Route__c` that `Visit__c.Route__c` points to"
    }
}
