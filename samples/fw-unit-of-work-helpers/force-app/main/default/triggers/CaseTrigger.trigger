trigger CaseTrigger on Case (after insert, after update) {
    Set<Id> accountIds = new Set<Id>();
    for (Case item : Trigger.new) {
        accountIds.add(item.AccountId);
    }
    List<Account> people = new List<Account>();
    for (Account person : [
        SELECT Id, Last_Case__c, PersonContactId FROM Account WHERE Id IN :accountIds AND IsPersonAccount = TRUE
    ]) {
        if (person.Last_Case__c != Date.today()) {
            people.add(new Account(Id = person.Id, Last_Case__c = Date.today()));
        }
    }
    update people; //~ parent-update "insert or update of a `Case` updates the `Account` that `Case.AccountId` points to"
}
