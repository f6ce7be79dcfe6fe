trigger AppointmentTrigger on Appointment__c (before update, after insert, after update) {
    CallableDispatcher.run('AppointmentHandler');
}
