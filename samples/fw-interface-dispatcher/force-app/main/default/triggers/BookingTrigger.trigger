trigger BookingTrigger on Booking__c (before insert, after insert, after update, after delete) {
    TriggerDispatcher.run(new Bookings());
}
