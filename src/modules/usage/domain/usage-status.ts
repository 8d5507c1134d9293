import { OPERATION } from './codes.js';

/**
 * TM Forum's words for what has become of a record. `received`: it waits for its customer, its time, or the record that it changes.
 * `rejected`: it was refused, or takes another back. `rated`: it counts; `billed`: and the bill of its month is in. `rerated`: it counts
 * in the place of another. `recycled`: another counts in its place. Nothing is ever `guided`: to find the customer and to take the
 * record are one step here.
 */
export const USAGE_STATUSES = ['received', 'rejected', 'recycled', 'guided', 'rated', 'rerated', 'billed'] as const;
export type UsageStatus = (typeof USAGE_STATUSES)[number];

/** Of a stored record `r`, beside its month `m`. */
export const STATUS_SQL = `CASE WHEN NOT r.is_current THEN 'recycled' WHEN r.operation = ${OPERATION.CANCEL} THEN 'rejected'
  WHEN r.operation = ${OPERATION.CORRECT} THEN 'rerated' WHEN m.bills > 0 THEN 'billed' ELSE 'rated' END`;

/** What a sender may say of a record on its way in; the rest follows from what happens to it. */
export const STATUSES_ON_ARRIVAL: readonly UsageStatus[] = ['received', 'guided', 'rated'];
