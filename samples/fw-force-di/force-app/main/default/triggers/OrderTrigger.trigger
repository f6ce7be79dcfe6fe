trigger OrderTrigger on Order__c (after insert) {
    ((IStamping) di_Injector.Org.getInstance(IStamping.class)).stamp(Trigger.new);
}
