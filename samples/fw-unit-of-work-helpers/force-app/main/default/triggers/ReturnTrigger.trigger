trigger ReturnTrigger on Return__c (after insert) {
    List<Article__c> articles = new List<Article__c>();
    for (Return__c item : Trigger.new) {
        articles.add(new Article__c(Id = item.Article__c, Returned__c = true));
    }
    Dml.updateRows(articles);
}
