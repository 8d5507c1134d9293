export { AnalyticsModule } from './analytics.module.js';
export { AnalyticsWorkersModule } from './analytics.workers.module.js';
export { AnalyticsFacade, type ChurnSummary } from './analytics.facade.js';
export { ChurnRiskRaised, type RaisedRisk } from './domain/events.js';
export { tables as analyticsTables } from './persistence/tables.js';
