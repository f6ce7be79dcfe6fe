trigger LineTrigger on Line__c (before insert, after insert, after update, after delete) {
    new LineHandler().setMaxRuns(2).run();
}
