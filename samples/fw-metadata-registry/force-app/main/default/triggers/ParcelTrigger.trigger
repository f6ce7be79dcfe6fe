trigger ParcelTrigger on Parcel__c (before insert, after insert, after update, after delete) {
    SaveHandlers.run();
}
