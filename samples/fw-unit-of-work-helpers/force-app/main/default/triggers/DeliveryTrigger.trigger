trigger DeliveryTrigger on Delivery__c (after insert) {
    RowBasket basket = new RowBasket();
    for (Delivery__c delivery : Trigger.new) {
        basket.add(new Sale__c(Id = delivery.Sale__c, Stale__c = true));
        basket.add(new Truck__c(Id = delivery.Truck__c, Last_Used__c = System.now()));
    }
    basket.store();
}
