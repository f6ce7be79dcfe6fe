trigger RatingTrigger on Rating__c (after undelete) {
    Saver saver = new Saver();
    for (Rating__c rating : Trigger.new) {
        saver.with(new Sale__c(Id = rating.Sale__c)).with(new Article__c(Id = rating.Article__c, Rated__c = true));
    }
    saver.save();
}
