trigger ComplaintTrigger on Complaint__c (after insert) {
    List<Sale__c> sales = new List<Sale__c>();
    List<Truck__c> trucks = new List<Truck__c>();
    for (Complaint__c complaint : Trigger.new) {
        sales.add(new Sale__c(Id = complaint.Sale__c, Stale__c = true));
        trucks.add(new Truck__c(Id = complaint.Truck__c));
    }
    DataStore.Database database = DataStore.getDatabase();
    database.updateRecords(sales);
    database.emptyRecycleBin(trucks);
}
