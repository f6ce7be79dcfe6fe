trigger TourTrigger on Tour__c (after insert, after update) {
    SaveHandlers.run();
}
