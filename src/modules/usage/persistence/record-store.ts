import type { Kind } from '../domain/codes.js';
import { ID_FIELD } from '../domain/field-table.js';
import { Rejection } from '../domain/rejection.js';
import type { HeldLine } from './held-records.js';

/** What became of a line that was not simply stored. */
export type Exception = 'DUPLICATE' | 'CONFLICT' | 'LATE' | 'UNSTORABLE' | 'HELD';
export type OnException = (lineNo: number, exception: Exception, reason?: HeldLine['reason']) => void;

/** Lines that go to the database together. */
export interface RecordBatch<R> {
  readonly size: number;
  add(record: R, lineNo: number, bytes: Buffer, from: number, to: number): void;
  clear(): void;
}

/** Stores the records of one intake inside one transaction: any number of batches, then {@link finish}. */
export interface RecordStore<R> {
  /** A batch with room for so many rows. */
  newBatch(rows: number): RecordBatch<R>;
  open(): Promise<void>;
  store(batch: RecordBatch<R>): Promise<void>;
  /** Applies what needs all records (corrections, monthly facts). Nothing counts before. */
  finish(): Promise<void>;
}

export const conflictIn = (kind: Kind): Rejection =>
  new Rejection('E_CONFLICT', ID_FIELD[kind], 'this record is known already, with another content');
/** It may be of somebody who was erased since. */
export const TOO_LATE = new Rejection(
  'E_LATE',
  'eventTime',
  'this account is not known, and is of a time that was erased',
);
export const UNSTORABLE = new Rejection('E_FORMAT', '', 'holds a value that cannot be stored');
