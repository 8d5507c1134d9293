export { UsageModule } from './usage.module.js';
export { UsageWorkersModule } from './usage.workers.module.js';
export { UsageFacade } from './usage.facade.js';
export { RecordsLoaded } from './domain/events.js';
export { monthlyOnceBilled, requireBillsOf, type WaitsForBills } from './application/require-bills-of.js';
export type { FileAnswer } from './application/load-file.js';
export { tables as usageTables } from './persistence/tables.js';
export { BILL, MONTH_FACT } from './persistence/published-views.js';
