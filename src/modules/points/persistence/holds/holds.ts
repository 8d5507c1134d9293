import type { Database, Tx } from '../../../../platform/database/index.js';
import type { AccountCode } from '../../domain/ledger/ledger.js';
import { type Entry, entryOf, type EntryRow, type JournalKind } from '../ledger/points-ledger.js';

/** Points that are set aside (预占). It ends once: all of it is captured and released by then. */
export interface Hold {
  readonly customerId: string;
  readonly holdId: string;
  readonly purpose: 'POS' | 'ORDER' | 'AUCTION' | 'TRANSFER';
  readonly points: number;
  readonly captured: number;
  readonly released: number;
  readonly state: 'HELD' | 'CAPTURED' | 'VOIDED' | 'EXPIRED';
  readonly authorisedOn: string;
  /** The entry that ended it. */
  readonly endedBy: string | null;
  readonly expiresAt: Date;
}

type Reader = Pick<Database | Tx, 'query'>;

const COLUMNS = `customer_id AS "customerId", hold_id AS "holdId", purpose, points, captured, released, state,
  authorised_on AS "authorisedOn", ended_by AS "endedBy", expires_at AS "expiresAt"`;

export async function holdWithId(reader: Reader, customerId: string, holdId: string): Promise<Hold | undefined> {
  const [hold] = await reader.query<Hold>(
    `SELECT ${COLUMNS} FROM points.point_hold WHERE customer_id = $1 AND hold_id = $2`,
    [customerId, holdId],
  );
  return hold;
}

/** Holds of an account that is locked. */
export async function openHoldsOf(tx: Tx, customerId: string): Promise<readonly Hold[]> {
  return tx.query<Hold>(
    `SELECT ${COLUMNS} FROM points.point_hold WHERE customer_id = $1 AND state = 'HELD' ORDER BY hold_id`,
    [customerId],
  );
}

export async function holdsPastTheirTime(
  reader: Reader,
  { purpose, at, limit }: { purpose: Hold['purpose']; at: Date; limit: number },
): Promise<readonly Hold[]> {
  return reader.query<Hold>(
    `SELECT ${COLUMNS} FROM points.point_hold WHERE state = 'HELD' AND purpose = $1 AND expires_at <= $2
     ORDER BY expires_at, customer_id, hold_id LIMIT $3`,
    [purpose, at, limit],
  );
}

export interface SpentEntry extends Entry {
  readonly kind: JournalKind;
}

/** One entry of a customer. */
export async function entryWithId(
  reader: Reader,
  customerId: string,
  journalId: string,
): Promise<SpentEntry | undefined> {
  const [row] = await reader.query<EntryRow & { readonly kind: JournalKind }>(
    'SELECT * FROM points.journal WHERE customer_id = $1 AND journal_id = $2',
    [customerId, journalId],
  );
  return row && { ...entryOf(row), kind: row.kind };
}

/** The entry that has given a payment back. */
export async function reversalOf(reader: Reader, customerId: string, journalId: string): Promise<Entry | undefined> {
  const [row] = await reader.query<EntryRow>(
    `SELECT * FROM points.journal WHERE customer_id = $1 AND reverses_journal_id = $2 AND kind = 'PAYMENT_REVERSAL'`,
    [customerId, journalId],
  );
  return row && entryOf(row);
}

/** How many points of an entry, of those that went into one account code, were given back. The account is locked. */
export async function givenBackOf(tx: Tx, { customerId, journalId }: Entry, outOf: AccountCode): Promise<number> {
  const [row] = await tx.query<{ points: number }>(
    `SELECT COALESCE(sum(p.points), 0)::bigint AS points
     FROM points.journal j JOIN points.posting p USING (customer_id, journal_id, business_date)
     WHERE j.customer_id = $1 AND j.reverses_journal_id = $2 AND p.debit = $3`,
    [customerId, journalId, outOf],
  );
  return row?.points ?? 0;
}
