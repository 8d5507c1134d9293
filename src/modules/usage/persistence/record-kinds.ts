import type { CustomersFacade } from '../../customers/index.js';
import type { Tx } from '../../../platform/database/index.js';
import type { PersonalData } from '../../../platform/privacy/index.js';
import type { Kind } from '../domain/codes.js';
import { NO_FIGURES, type ControlFigures } from '../domain/control-totals.js';
import type { Judgement } from '../domain/judgement.js';
import type { RecordFields } from '../domain/record-fields.js';
import { ARREARS_FIELDS } from '../domain/records/arrears.js';
import { BILL_FIELDS } from '../domain/records/bill.js';
import { PAYMENT_FIELDS } from '../domain/records/payment.js';
import { parseSubscription, SUBSCRIPTION_FIELDS, type SubscriptionRecord } from '../domain/records/subscription.js';
import { USAGE_FIELDS } from '../domain/records/usage.js';
import type { Rejection } from '../domain/rejection.js';
import { StagedRecordStore, type OnException, type RecordStore } from './record-store.js';
import type { Intake } from '../domain/intake.js';
import { ARREARS, BILL, PAYMENT, USAGE, type IdentifiedRecord, type StagedKind } from './staged-kind.js';
import { SubscriptionStore } from './subscription-store.js';

/** How the lines of one kind are read. */
export interface RecordReader<R> {
  parse(line: RecordFields, judge: Judgement): R | Rejection;
  figures(record: R): ControlFigures;
  timeOf(record: R): number;
}

export interface StoreContext {
  readonly tx: Tx;
  readonly intake: Intake;
  readonly judge: Judgement;
  readonly customers: CustomersFacade;
  readonly personalData: PersonalData;
  readonly onException: OnException;
}

/** Receives the reader and the store of a kind together, so that their record types agree. */
export type WithKind<T> = <R>(reader: RecordReader<R>, store: RecordStore<R>, batchRows: number) => T;

/** Rows per COPY: large enough that the statement's own cost vanishes, small enough that two batches fit in memory. */
const BATCH_ROWS = 50_000;
/** Snapshots are applied by the customers module, some thousands at a time. */
const SNAPSHOT_ROWS = 2_000;

export function openKind<T>(kind: Kind, context: StoreContext, then: WithKind<T>): T {
  switch (kind) {
    case 'USG':
      return openStaged(USAGE, context, then);
    case 'BIL':
      return openStaged(BILL, context, then);
    case 'PAY':
      return openStaged(PAYMENT, context, then);
    case 'ARR':
      return openStaged(ARREARS, context, then);
    case 'SUB': {
      const { tx, intake, customers, personalData, onException } = context;
      return then(SUBSCRIPTION, new SubscriptionStore(tx, intake, customers, personalData, onException), SNAPSHOT_ROWS);
    }
  }
}

function openStaged<R extends IdentifiedRecord, T>(kind: StagedKind<R>, context: StoreContext, then: WithKind<T>): T {
  const { tx, intake, judge, personalData, onException } = context;
  return then(kind, new StagedRecordStore(kind, tx, intake, judge, personalData, onException), BATCH_ROWS);
}

const SUBSCRIPTION: RecordReader<SubscriptionRecord> = {
  parse: parseSubscription,
  figures: () => NO_FIGURES,
  timeOf: (record) => record.eventTime,
};

/** Names of the fields of a record, in the order of the contract. */
export const FIELDS_OF: Readonly<Record<Kind, readonly string[]>> = {
  SUB: SUBSCRIPTION_FIELDS,
  USG: USAGE_FIELDS,
  BIL: BILL_FIELDS,
  PAY: PAYMENT_FIELDS,
  ARR: ARREARS_FIELDS,
};
