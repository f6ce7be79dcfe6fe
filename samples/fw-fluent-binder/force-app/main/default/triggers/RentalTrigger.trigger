trigger RentalTrigger on Rental__c (before update, after insert, after update, after delete) {
    Triggers.prepare()
        .beforeUpdate()
            .bind(new MileageRules())
        .afterInsert()
            .bind(new CarStamp())
        .afterUpdate()
            .bind(new BranchStamp())
        .afterDelete()
            .bind(new CarStamp())
        .execute();
}
