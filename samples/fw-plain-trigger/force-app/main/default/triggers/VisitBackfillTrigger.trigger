trigger VisitBackfillTrigger on Visit__c (after update) {
    List<Route__c> routes = new List<Route__c>();
    for (Visit__c visit : Trigger.new) {
        routes.add(new Route__c(Id = visit.Route__c, Stops__c = 0));
    }
    update routes;
}
