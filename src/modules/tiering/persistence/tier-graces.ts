import type { Tx } from '../../../platform/database/index.js';
import { isInSlice, type Counts, type Slice } from '../../../platform/queues/index.js';
import { graceNotices, TierWillDowngrade } from '../domain/events.js';
import { noticePlaceSql } from '../domain/grace-notices.js';

/** Those of whom the day may ask something; whether it does is decided when their row is locked. */
export const IN_GRACE = `SELECT DISTINCT customer_id FROM tiering.tier_grace WHERE begun_on < $1::date AND ends_on > $1::date`;

/**
 * Publishes the notices that are due on a day and remembers them, in one statement: of two that run at once, the second waits for the
 * row of a grace and finds its notice given.
 */
export async function giveNotices(
  tx: Tx,
  { slice, asOf, at }: { readonly slice: Pick<Slice, 'from' | 'to'>; readonly asOf: string; readonly at: Date },
): Promise<Counts> {
  const place = noticePlaceSql('g', '$3::date');
  const rows = await tx.query<{ notice: string; customers: number }>(
    `WITH told AS (
      UPDATE tiering.tier_grace g SET notices = ${place}
      FROM tiering.current_level l
      WHERE ${isInSlice('g')} AND ${place} > g.notices
        AND l.customer_id = g.customer_id AND l.program = g.program AND ${isInSlice('l')}
      RETURNING g.customer_id, g.program, g.decision_id, l.tier, g.would_be, g.ends_on, ($4::text[])[g.notices] AS notice
    ), announced AS (
      INSERT INTO platform.outbox (name, customer_id, payload, occurred_at, recorded_at)
      SELECT $5, customer_id, jsonb_build_object('customerId', customer_id, 'program', program, 'from', tier, 'to', would_be,
        'effectiveOn', ends_on, 'notice', notice, 'decisionId', decision_id), $6::timestamptz, $7::timestamptz
      FROM told
    )
    SELECT notice, count(*) AS customers FROM told GROUP BY notice`,
    [slice.from, slice.to, asOf, graceNotices, TierWillDowngrade.name, `${asOf}T00:00:00+08:00`, at],
  );
  return Object.fromEntries(rows.map(({ notice, customers }) => [notice, customers]));
}
