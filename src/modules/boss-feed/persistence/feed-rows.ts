import type { Tx } from '../../../platform/database/index.js';
import { WHOLE_OPERATOR, type Feed, type FeedKind } from '../domain/feed.js';

export interface FeedRow {
  readonly feed_id: string;
  readonly kind: FeedKind;
  readonly target: string;
  readonly created_at: Date;
  readonly last_sequence: number;
  readonly last_file_sequence: number;
  readonly filed_sequence: number;
  readonly filed_until: string | null;
}

export const feedOf = (row: FeedRow): Feed => ({
  feedId: row.feed_id,
  kind: row.kind,
  target: row.target,
  createdAt: row.created_at,
  lastSequence: row.last_sequence,
  lastFileSequence: row.last_file_sequence,
  filedSequence: row.filed_sequence,
  filedUntil: row.filed_until ?? undefined,
});

export async function readFeed(reader: Pick<Tx, 'query'>, feedId: string): Promise<Feed | undefined> {
  const [row] = await reader.query<FeedRow>('SELECT * FROM boss_feed.feed WHERE feed_id = $1', [feedId]);
  return row && feedOf(row);
}

export async function allFeeds(reader: Pick<Tx, 'query'>): Promise<readonly Feed[]> {
  return (await reader.query<FeedRow>('SELECT * FROM boss_feed.feed ORDER BY feed_id')).map(feedOf);
}

/** A new feed begins with what gets its number from now on. Answers `false` when there is one. */
export async function addFeed(tx: Tx, feedId: string, kind: FeedKind, target: string, at: Date): Promise<boolean> {
  const added = await tx.execute(
    `INSERT INTO boss_feed.feed (feed_id, kind, target, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    [feedId, kind, target, at],
  );
  return added === 1;
}

/**
 * Until the transaction ends, nobody else gives numbers in the feeds of this kind, nor cuts files out of them. All of them are
 * held by the one of the whole operator, which every kind has: a feed that is being added needs no lock of its own.
 */
async function holdKind(tx: Tx, kind: FeedKind): Promise<void> {
  await tx.execute('SELECT FROM boss_feed.feed WHERE kind = $1 AND target = $2 FOR UPDATE', [kind, WHOLE_OPERATOR]);
}

/**
 * Gives what waits the next numbers of its feeds, oldest first. Returns how many were taken out of waiting.
 *
 * Numbers are given to committed items only, under a lock that is held until the numbers are committed. So they become visible
 * in their order and without gaps: whoever reads up to a number has read all before it, for good; a writer that commits late
 * gets a late number. A database sequence, or a number taken while writing, would promise neither.
 */
export async function giveNumbers(tx: Tx, kind: FeedKind, atMost: number, at: Date): Promise<number> {
  await holdKind(tx, kind);
  // A statement of its own: it sees what the last holder of the lock has committed.
  const [given] = await tx.query<{ taken: number }>(
    `WITH taken AS (
       DELETE FROM boss_feed.pending_item p
       USING (SELECT event_id FROM boss_feed.pending_item WHERE kind = $1 ORDER BY position LIMIT $2) next
       WHERE p.kind = $1 AND p.event_id = next.event_id
       RETURNING p.*
     ), placed AS (
       SELECT t.*, c.region, a.customer_id IS NOT NULL AS has_account
       FROM taken t
       -- OFFSET 0, also below: one look-up for each, whatever the planner knows of these tables. Joined as a whole, a batch
       -- would cost more the more customers there are and the longer the feed is.
       LEFT JOIN LATERAL (SELECT region FROM customers.profile p WHERE p.customer_id = t.customer_id OFFSET 0) c ON true
       LEFT JOIN LATERAL (
         SELECT customer_id FROM customers.billing_account b WHERE b.customer_id = t.customer_id OFFSET 0) a ON true
     ), numbered AS (
       SELECT f.feed_id, f.last_sequence + row_number() OVER (PARTITION BY f.feed_id ORDER BY p.position) AS sequence,
         GREATEST(f.last_given_at, $3::timestamptz) AS given_at, p.event_id, p.customer_id, p.has_account, p.occurred_at,
         p.is_backfill, p.detail
       FROM placed p JOIN boss_feed.feed f ON f.kind = $1 AND f.target IN ('${WHOLE_OPERATOR}', p.region)
       WHERE NOT EXISTS (SELECT FROM boss_feed.item i WHERE i.feed_id = f.feed_id AND i.event_id = p.event_id OFFSET 0)
     ), given AS (
       INSERT INTO boss_feed.item
         (feed_id, sequence, event_id, customer_id, has_account, occurred_at, given_at, is_backfill, detail)
       SELECT feed_id, sequence, event_id, customer_id, has_account, occurred_at, given_at, is_backfill, detail
       FROM numbered ORDER BY feed_id, sequence
       RETURNING feed_id, sequence, given_at
     ), advanced AS (
       UPDATE boss_feed.feed f SET last_sequence = g.last_sequence, last_given_at = g.last_given_at
       FROM (SELECT feed_id, max(sequence) AS last_sequence, max(given_at) AS last_given_at FROM given GROUP BY feed_id) g
       WHERE f.feed_id = g.feed_id
     )
     SELECT count(*) AS taken FROM taken`,
    [kind, atMost, at],
  );
  return given?.taken ?? 0;
}

/** Locks the feed against numbers and cuts, and reads it. */
export async function lockFeed(tx: Tx, { feedId, kind }: Pick<Feed, 'feedId' | 'kind'>): Promise<Feed> {
  await holdKind(tx, kind);
  const feed = await readFeed(tx, feedId);
  if (!feed) throw new Error('A feed is never deleted');
  return feed;
}

/** The last number of the feed that was given before an instant. */
export async function lastSequenceBefore(tx: Tx, feed: Feed, before: Date): Promise<number> {
  const [row] = await tx.query<{ sequence: number }>(
    `SELECT sequence FROM boss_feed.item WHERE feed_id = $1 AND sequence > $2 AND given_at < $3
     ORDER BY sequence DESC LIMIT 1`,
    [feed.feedId, feed.filedSequence, before],
  );
  return row?.sequence ?? feed.filedSequence;
}
