trigger FineTrigger on Fine__c (after insert, after update) {
    Triggers.prepare().afterInsert().bind(new FineStamp()).execute();
}
