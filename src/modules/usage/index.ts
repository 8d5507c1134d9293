export { FileLoaded } from './domain/events.js';

/** Published views: the only tables of this module that other modules' SQL may read. */
export const MONTH_FACT = 'usage.month_fact';
export const BILL = 'usage.bill';
