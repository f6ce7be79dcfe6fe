trigger SaleLineTrigger on Sale_Line__c (after insert, after update) {
    SaleLines.refresh(Trigger.new, Trigger.oldMap);
}
