import type { Tx } from '../../../platform/database/index.js';
import type { FeedDetail, FeedItem } from '../domain/feed.js';

interface ItemRow {
  readonly sequence: number;
  readonly event_id: string;
  readonly customer_id: string;
  readonly occurred_at: Date;
  readonly is_backfill: boolean;
  readonly detail: FeedDetail;
  readonly source: string | null;
  readonly account_no: string | null;
}

/** A range of numbers of one feed. */
export interface ItemRange {
  readonly feedId: string;
  readonly afterSequence: number;
  readonly toSequence: number;
}

/**
 * The next items of a range, in their order. Items name nobody: the account is looked up each time, and an erased customer has none
 * any more. An account never changes, so what is read twice is the same until then.
 */
export async function readItems(
  reader: Pick<Tx, 'query'>,
  { feedId, afterSequence, toSequence }: ItemRange,
  limit: number,
): Promise<readonly FeedItem[]> {
  const rows = await reader.query<ItemRow>(
    `SELECT i.sequence, i.event_id, i.customer_id, i.occurred_at, i.is_backfill, i.detail, a.source, a.account_no
     FROM boss_feed.item i
     LEFT JOIN customers.billing_account a ON a.customer_id = i.customer_id AND i.has_account
     WHERE i.feed_id = $1 AND i.sequence > $2 AND i.sequence <= $3 ORDER BY i.sequence LIMIT $4`,
    [feedId, afterSequence, toSequence, limit],
  );
  return rows.map((row) => ({
    sequence: row.sequence,
    eventId: row.event_id,
    occurredAt: row.occurred_at,
    isBackfill: row.is_backfill,
    customerId: row.customer_id,
    account:
      row.source !== null && row.account_no !== null ? { source: row.source, accountNo: row.account_no } : undefined,
    detail: row.detail,
  }));
}

/** Who is in a range: how many, and as many of them as the access register keeps. */
export async function customersIn(
  reader: Pick<Tx, 'query'>,
  { feedId, afterSequence, toSequence }: ItemRange,
  atMost: number,
): Promise<readonly string[]> {
  const rows = await reader.query<{ customer_id: string }>(
    `SELECT DISTINCT customer_id FROM boss_feed.item WHERE feed_id = $1 AND sequence > $2 AND sequence <= $3 LIMIT $4`,
    [feedId, afterSequence, toSequence, atMost],
  );
  return rows.map((row) => row.customer_id);
}

export async function countCustomersIn(
  reader: Pick<Tx, 'query'>,
  { feedId, afterSequence, toSequence }: ItemRange,
): Promise<number> {
  const [row] = await reader.query<{ customers: number }>(
    `SELECT count(DISTINCT customer_id) AS customers FROM boss_feed.item
     WHERE feed_id = $1 AND sequence > $2 AND sequence <= $3`,
    [feedId, afterSequence, toSequence],
  );
  return row?.customers ?? 0;
}
