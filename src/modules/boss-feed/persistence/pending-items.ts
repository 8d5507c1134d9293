import type { Tx } from '../../../platform/database/index.js';
import type { FeedDetail, FeedKind } from '../domain/feed.js';

/** What happened to one customer, before it has a number. */
export interface NewItem {
  readonly eventId: string;
  readonly customerId: string;
  readonly occurredAt: Date;
  readonly detail: FeedDetail;
}

/** Whether a run drew the consequences of history that was loaded afterwards: such runs have the id of the intake as their key. */
const isOfBackfill = (runId: string): string => `EXISTS (
  SELECT FROM platform.run r JOIN usage.backfill_intake b
    ON b.intake_id = CASE WHEN r.run_key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}' THEN left(r.run_key, 36)::uuid END
  WHERE r.run_id = ${runId})`;

// What waits already is left as it is.
const ADD = `INSERT INTO boss_feed.pending_item (kind, event_id, customer_id, occurred_at, detail, is_backfill)`;
const columns = (items: readonly NewItem[]): readonly unknown[] => [
  items.map(({ eventId }) => eventId),
  items.map(({ customerId }) => customerId),
  items.map(({ occurredAt }) => occurredAt),
  items.map(({ detail }) => JSON.stringify(detail)),
];

/** In the order given. */
export async function addChurnRisks(tx: Tx, risks: readonly NewItem[]): Promise<void> {
  await tx.execute(
    `${ADD}
     SELECT 'CHN', event_id, customer_id, occurred_at, detail, false
     FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::jsonb[])
       WITH ORDINALITY AS n (event_id, customer_id, occurred_at, detail, nth)
     ORDER BY nth ON CONFLICT DO NOTHING`,
    columns(risks),
  );
}

/** In the order given. */
export async function addTierChanges(
  tx: Tx,
  changes: readonly (NewItem & { readonly decisionId: string })[],
): Promise<void> {
  await tx.execute(
    `${ADD}
     SELECT 'TIR', n.event_id, n.customer_id, n.occurred_at, n.detail, ${isOfBackfill('d.run_id')}
     FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::jsonb[], $5::uuid[])
       WITH ORDINALITY AS n (event_id, customer_id, occurred_at, detail, decision_id, nth)
     LEFT JOIN tiering.decision_run d ON d.customer_id = n.customer_id AND d.decision_id = n.decision_id
     ORDER BY nth ON CONFLICT DO NOTHING`,
    [...columns(changes), changes.map(({ decisionId }) => decisionId)],
  );
}

// The entry's own id: an entry is one item, whichever way it is found.
const addEntriesOf = (isBackfill: string): string => `${ADD}
  SELECT 'PTS', e.journal_id, e.customer_id, e.occurred_at,
    jsonb_build_object('entryKind', e.kind, 'points', e.points, 'availableAfter', e.available_after,
      'accountVersion', e.account_version, 'cycle', replace(e.cycle, '-', ''), 'reversesEventId', e.reverses_journal_id),
    ${isBackfill}
  FROM entry e WHERE e.points <> 0
  ORDER BY e.customer_id, e.account_version ON CONFLICT DO NOTHING`;

/** Takes single entries in from the ledger. */
export async function addEntries(
  tx: Tx,
  entries: readonly { readonly customerId: string; readonly journalId: string }[],
): Promise<void> {
  await tx.execute(
    `WITH entry AS (
       SELECT e.* FROM unnest($1::uuid[], $2::uuid[]) AS asked (customer_id, journal_id)
       JOIN points.entry e ON e.customer_id = asked.customer_id AND e.journal_id = asked.journal_id
     )
     ${addEntriesOf('false')}`,
    [entries.map(({ customerId }) => customerId), entries.map(({ journalId }) => journalId)],
  );
}

/** A run whose entries are to be taken in; once, however often it is said. */
export async function askForRun(tx: Tx, runId: string, at: Date): Promise<void> {
  await tx.execute(
    `INSERT INTO boss_feed.collection (run_id, is_backfill, asked_at) VALUES ($1, ${isOfBackfill('$1')}, $2)
     ON CONFLICT DO NOTHING`,
    [runId, at],
  );
}

/**
 * Takes in the entries of the oldest such run, in one statement. Returns whether there was one: another worker's is left to it.
 * Whatever waits for a number meanwhile gets it: this holds no lock of a feed.
 */
export async function collectNext(tx: Tx, at: Date): Promise<boolean> {
  const [open] = await tx.query<{ run_id: string; is_backfill: boolean; as_of: string | null }>(
    `SELECT c.run_id, c.is_backfill, r.as_of FROM boss_feed.collection c LEFT JOIN platform.run r USING (run_id)
     WHERE c.finished_at IS NULL ORDER BY c.asked_at, c.run_id LIMIT 1 FOR UPDATE OF c SKIP LOCKED`,
  );
  if (!open) return false;
  // Entries of a run are of its day: the ledger finds them by that.
  const collected = await tx.execute(
    `WITH entry AS (
       SELECT e.* FROM points.entry e WHERE e.run_id = $1 AND e.business_date BETWEEN $3 AND $4
     )
     ${addEntriesOf('$2::boolean')}`,
    [open.run_id, open.is_backfill, open.as_of ?? '-infinity', open.as_of ?? 'infinity'],
  );
  await tx.execute('UPDATE boss_feed.collection SET collected = $2, finished_at = $3 WHERE run_id = $1', [
    open.run_id,
    collected,
    at,
  ]);
  return true;
}

export async function kindsPending(
  reader: Pick<Tx, 'query'>,
  kinds: readonly FeedKind[],
): Promise<readonly FeedKind[]> {
  const rows = await reader.query<{ kind: FeedKind }>(
    `SELECT kind FROM unnest($1::text[]) AS k (kind)
     WHERE EXISTS (SELECT FROM boss_feed.pending_item p WHERE p.kind = k.kind)`,
    [kinds],
  );
  return rows.map(({ kind }) => kind);
}
