trigger InspectionTrigger on Inspection__c (after delete) {
    RowsByType rows = new RowsByType();
    for (Inspection__c inspection : Trigger.old) {
        rows.add(new Truck__c(Id = inspection.Truck__c, Last_Used__c = null));
        rows.add(new Delivery__c(Id = inspection.Delivery__c, Checked__c = false));
    }
    rows.store();
}
