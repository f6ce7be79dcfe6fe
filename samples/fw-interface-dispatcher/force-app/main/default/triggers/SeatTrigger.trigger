trigger SeatTrigger on Seat__c (before delete, after insert, after update) {
    TriggerDispatcher.runByRow(new Seats());
}
