trigger ExpenseTrigger on Expense__c (before insert, before update) {
    for (Expense__c expense : Trigger.new) {
        if (expense.Tax_Rate__c == null) {
            expense.Tax_Rate__c = 20;
        }
        expense.Tax__c = expense.Net__c == null ? 0 : expense.Net__c * expense.Tax_Rate__c / 100;
    }
    ExpenseDefaults.fillCostCenter(Trigger.new);
}
