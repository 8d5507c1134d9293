import type { Tx } from '../../../platform/database/index.js';
import type { FeedKind } from '../domain/feed.js';

/** Somebody who is sent the items of a feed, batch after batch. */
export interface FeedSubscription {
  readonly subscriptionId: string;
  readonly feedId: string;
  readonly callback: string;
  readonly ownerKind: 'staff' | 'system';
  readonly ownerId: string;
  readonly createdAt: Date;
  /** All items up to this one were accepted. */
  readonly acceptedSequence: number;
  readonly attempts: number;
  readonly lastError: string | undefined;
  readonly endedAt: Date | undefined;
}

export interface SubscriptionRow {
  readonly subscription_id: string;
  readonly feed_id: string;
  readonly callback: string;
  readonly owner_kind: 'staff' | 'system';
  readonly owner_id: string;
  readonly created_at: Date;
  readonly accepted_sequence: number;
  readonly attempts: number;
  readonly last_error: string | null;
  readonly ended_at: Date | null;
}

export const subscriptionOf = (row: SubscriptionRow): FeedSubscription => ({
  subscriptionId: row.subscription_id,
  feedId: row.feed_id,
  callback: row.callback,
  ownerKind: row.owner_kind,
  ownerId: row.owner_id,
  createdAt: row.created_at,
  acceptedSequence: row.accepted_sequence,
  attempts: row.attempts,
  lastError: row.last_error ?? undefined,
  endedAt: row.ended_at ?? undefined,
});

/** A batch that is to be delivered, and to whom. */
export interface Batch {
  readonly subscriptionId: string;
  readonly feedId: string;
  readonly kind: FeedKind;
  readonly target: string;
  readonly callback: string;
  readonly secretSealed: Buffer;
  readonly ownerKind: 'staff' | 'system';
  readonly ownerId: string;
  readonly afterSequence: number;
  readonly toSequence: number;
  readonly attempts: number;
}

/** Until then, the batches that are claimed are ours alone. What was offered before is offered again, to the item. */
export async function claimBatches(
  tx: Tx,
  {
    now,
    until,
    size,
    atMost,
  }: { readonly now: Date; readonly until: Date; readonly size: number; readonly atMost: number },
): Promise<readonly Batch[]> {
  return tx.query<Batch & Record<string, unknown>>(
    `WITH due AS (
       SELECT s.subscription_id, f.kind, f.target, f.last_sequence
       FROM boss_feed.subscription s JOIN boss_feed.feed f USING (feed_id)
       WHERE s.ended_at IS NULL AND s.next_attempt_at <= $1 AND s.accepted_sequence < f.last_sequence
       ORDER BY s.next_attempt_at, s.subscription_id LIMIT $4 FOR UPDATE OF s SKIP LOCKED
     )
     UPDATE boss_feed.subscription s SET attempts = attempts + 1, next_attempt_at = $2,
       offered_sequence = COALESCE(s.offered_sequence, LEAST(due.last_sequence, s.accepted_sequence + $3))
     FROM due WHERE s.subscription_id = due.subscription_id
     RETURNING s.subscription_id AS "subscriptionId", s.feed_id AS "feedId", due.kind, due.target, s.callback,
       s.secret_sealed AS "secretSealed", s.owner_kind AS "ownerKind", s.owner_id AS "ownerId",
       s.accepted_sequence AS "afterSequence", s.offered_sequence AS "toSequence", s.attempts`,
    [now, until, size, atMost],
  );
}

/** The next batch may go; unless this one was accepted already. */
export async function accepted(tx: Tx, { subscriptionId, afterSequence, toSequence }: Batch, at: Date): Promise<void> {
  await tx.execute(
    `UPDATE boss_feed.subscription SET accepted_sequence = $3, offered_sequence = NULL, attempts = 0, next_attempt_at = $4,
       last_error = NULL
     WHERE subscription_id = $1 AND accepted_sequence = $2 AND offered_sequence = $3`,
    [subscriptionId, afterSequence, toSequence, at],
  );
}

export async function failed(
  tx: Tx,
  { subscriptionId, afterSequence }: Batch,
  error: string,
  nextAt: Date,
): Promise<void> {
  await tx.execute(
    `UPDATE boss_feed.subscription SET next_attempt_at = $3, last_error = $4 WHERE subscription_id = $1 AND accepted_sequence = $2`,
    [subscriptionId, afterSequence, nextAt, error],
  );
}

export async function endSubscription(tx: Tx, subscriptionId: string, error: string, at: Date): Promise<void> {
  await tx.execute('UPDATE boss_feed.subscription SET ended_at = $2, last_error = $3 WHERE subscription_id = $1', [
    subscriptionId,
    at,
    error,
  ]);
}

export async function insertSubscription(
  tx: Tx,
  subscription: Omit<FeedSubscription, 'attempts' | 'lastError' | 'endedAt'> & { readonly secretSealed: Buffer },
): Promise<void> {
  await tx.execute(
    `INSERT INTO boss_feed.subscription
       (subscription_id, feed_id, callback, owner_kind, owner_id, secret_sealed, created_at, accepted_sequence, next_attempt_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7)`,
    [
      subscription.subscriptionId,
      subscription.feedId,
      subscription.callback,
      subscription.ownerKind,
      subscription.ownerId,
      subscription.secretSealed,
      subscription.createdAt,
      subscription.acceptedSequence,
    ],
  );
}
