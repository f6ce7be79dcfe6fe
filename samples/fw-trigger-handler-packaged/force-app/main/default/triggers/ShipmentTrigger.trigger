trigger ShipmentTrigger on Shipment__c (after insert, after update) {
    kit.TriggerHandler handler = new ShipmentHandler();
    handler.run();
}
