trigger ForecastTrigger on Forecast__c (after update) {
    HandlerRegistry.executeForecasts();
}
