trigger SampleTrigger on Sample__c (after insert, after update, after delete, after undelete) {
    switch on Trigger.operationType {
        when AFTER_INSERT, AFTER_UNDELETE {
            SampleStock.given(Trigger.new);
        }
        when AFTER_UPDATE {
            SampleStock.changed(Trigger.new, Trigger.old);
        }
        when else {
            SampleStock.takenBack(Trigger.old);
        }
    }
}
