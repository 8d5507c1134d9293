import type { CustomersFacade } from '../../customers/index.js';
import type { Tx } from '../../../platform/database/index.js';
import type { Outbox } from '../../../platform/events/index.js';
import type { PersonalData } from '../../../platform/privacy/index.js';
import type { Kind } from '../domain/codes.js';
import { NO_FIGURES, type ControlFigures } from '../domain/control-totals.js';
import type { Judgement } from '../domain/judgement.js';
import type { RecordFields } from '../domain/record-fields.js';
import { parseSubscription, type SubscriptionRecord } from '../domain/records/subscription.js';
import type { Rejection } from '../domain/rejection.js';
import { MonthChanges } from './month-changes.js';
import type { MonthPartitions } from './month-partitions.js';
import type { SaysMore } from './record-extras.js';
import type { OnException, RecordStore } from './record-store.js';
import { StagedRecordStore } from './staged-record-store.js';
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
  readonly partitions: MonthPartitions;
  readonly outbox: Outbox;
  readonly onException: OnException;
}

/** Receives the reader and the store of a kind together, so that their record types agree. */
export type WithKind<T> = <R extends SaysMore>(reader: RecordReader<R>, store: RecordStore<R>, batchRows: number) => T;

/** Rows per COPY: large enough that the statement's own cost vanishes, small enough that two batches fit in memory. */
const BATCH_ROWS = 30_000;
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
      const { tx, intake, judge, customers, personalData, outbox, onException } = context;
      const changes = new MonthChanges(tx, intake, outbox);
      const store = new SubscriptionStore(tx, intake, judge, customers, personalData, changes, onException);
      return then(SUBSCRIPTION, store, SNAPSHOT_ROWS);
    }
  }
}

function openStaged<R extends IdentifiedRecord, T>(kind: StagedKind<R>, context: StoreContext, then: WithKind<T>): T {
  const { tx, intake, judge, personalData, partitions, outbox, onException } = context;
  const changes = new MonthChanges(tx, intake, outbox);
  const store = new StagedRecordStore(kind, tx, intake, judge, personalData, partitions, changes, onException);
  return then(kind, store, BATCH_ROWS);
}

const SUBSCRIPTION: RecordReader<SubscriptionRecord> = {
  parse: parseSubscription,
  figures: () => NO_FIGURES,
  timeOf: (record) => record.eventTime,
};
