trigger ExpeditionTrigger on Expedition__c (after update) {
    List<Supply__c> supplies = [SELECT Id FROM Supply__c WHERE Expedition__c IN :Trigger.newMap.keySet()];
    for (Supply__c supply : supplies) {
        supply.Packed__c = false;
    }
    update supplies; //~ cross-record-write note
}
