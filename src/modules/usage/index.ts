export { UsageModule } from './usage.module.js';
export { UsageWorkersModule } from './usage.workers.module.js';
export { ClosedMonthsChanged, FileClosed, HugeBillFound, RecordsLoaded, type ChangedMonths } from './domain/events.js';
export { languageOf } from './application/bill-preferences.js';
export { changedByIntake, intakeOfRun, runForLateFigures } from './application/late-figures.js';
export { monthlyOnceBilled, requireBillsOf, type WaitsForBills } from './application/require-bills-of.js';
export { IntakeAlarms } from './persistence/intake-alarms.js';
export type { FileAnswer } from './application/load-file.js';
export { tables as usageTables } from './persistence/tables.js';
export {
  ARREARS_AGEING,
  BACKFILL_INTAKE,
  BILL,
  BILL_STANDING,
  BILL_STANDING_BETWEEN,
  LATE_CHANGE,
  MONTH_FACT,
  OPEN_BILL,
  PAYMENT_MADE,
  PAYMENT_TAKEN_BACK,
  PAYMENT_BEHAVIOUR,
  PAYMENT_BEHAVIOUR_BETWEEN,
} from './persistence/published-views.js';
