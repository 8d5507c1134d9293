import { derivedIdSql, type Database, type Tx } from '../../../../platform/database/index.js';
import { intoOpenBooks } from '../ledger/closed-books.js';
import { movedInto, post } from '../ledger/posting-sql.js';

/** Business days before this one on which merchants took or gave back points, and which are not cleared. */
export async function daysToClear(reader: Pick<Database, 'query'>, today: string): Promise<readonly string[]> {
  const rows = await reader.query<{ day: string }>(
    `SELECT DISTINCT business_date AS day FROM points.journal
     WHERE kind IN ('CAPTURE', 'RETURN') AND business_date < $1
       AND business_date > (SELECT COALESCE(max(day), '-infinity') FROM points.pos_cleared_day) ORDER BY 1`,
    [today],
  );
  return rows.map(({ day }) => day);
}

/** What is left of a day in POS_CLEARING, by customer and lot; of all customers, or of some. */
const left = (day: string, customers?: string): string => `
  SELECT customer_id, expires_on, points_type, funder_id, ${movedInto('POS_CLEARING')} AS points
  FROM (
    SELECT p.* FROM points.journal j JOIN points.posting p USING (customer_id, journal_id, business_date)
    WHERE j.business_date = ${day} AND j.kind IN ('CAPTURE', 'RETURN', 'CLEARING') AND 'POS_CLEARING' IN (p.debit, p.credit)
      ${customers ? `AND j.customer_id = ANY(${customers}::uuid[])` : ''}
  ) moved
  GROUP BY customer_id, expires_on, points_type, funder_id HAVING ${movedInto('POS_CLEARING')} <> 0`;

/** The first customers of whom something is left of a day. */
export async function uncleared(
  reader: Pick<Database, 'query'>,
  day: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await reader.query<{ customer_id: string }>(
    `SELECT DISTINCT customer_id FROM (${left('$1')}) l ORDER BY customer_id LIMIT $2`,
    [day, limit],
  );
  return rows.map(({ customer_id }) => customer_id);
}

/** Posts on the day itself what is left of it, for each of the customers in one entry. */
export async function clearCustomers(
  tx: Tx,
  { day, customerIds, at }: { readonly day: string; readonly customerIds: readonly string[]; readonly at: Date },
): Promise<void> {
  await tx.query(
    'SELECT FROM points.point_account WHERE customer_id = ANY($1::uuid[]) ORDER BY customer_id FOR NO KEY UPDATE',
    [customerIds],
  );
  await intoOpenBooks(tx.execute(CLEAR, [day, customerIds, at]));
}

const CLEAR = post(`
  rest AS (${left('$1::date', '$2')}),
  customer AS (
    SELECT a.customer_id, a.version, a.available, 'clear:pos:' || $1::date || ':' || (
      SELECT count(*) FROM points.journal j
      WHERE j.customer_id = a.customer_id AND j.business_date = $1 AND j.kind = 'CLEARING') AS idem_key
    FROM points.point_account a WHERE a.customer_id IN (SELECT customer_id FROM rest)
  ),
  entry AS (
    SELECT customer_id, ${derivedIdSql('customer_id || idem_key')} AS journal_id, version + 1 AS account_version,
      'CLEARING'::points.journal_kind AS kind, 0::bigint AS points, available AS available_after, idem_key,
      NULL::text AS request_hash, $3::timestamptz AS occurred_at, $3::timestamptz AS recorded_at, $1::date AS business_date,
      NULL::text AS channel, NULL::text AS actor_id, NULL::text AS source_system, NULL::text AS source_ref,
      NULL::uuid AS reverses_journal_id, NULL::integer AS rule_set_version, NULL::uuid AS run_id, '{}'::jsonb AS metadata
    FROM customer
  ),
  line AS (
    SELECT r.customer_id, e.journal_id,
      row_number() OVER (PARTITION BY r.customer_id ORDER BY r.expires_on, r.points_type, r.funder_id)::smallint AS line,
      $1::date AS business_date,
      CASE WHEN r.points > 0 THEN 'POS_CLEARING' ELSE 'PARTNER_PAYABLE' END::points.account_code AS debit,
      CASE WHEN r.points > 0 THEN 'PARTNER_PAYABLE' ELSE 'POS_CLEARING' END::points.account_code AS credit,
      abs(r.points) AS points, r.expires_on, r.points_type, r.funder_id
    FROM rest r JOIN entry e USING (customer_id)
  )`);

export async function settledBefore(tx: Tx): Promise<Date | undefined> {
  const [row] = await tx.query<{ settled: Date | null }>(
    `SELECT CASE WHEN max(day) IS NOT NULL THEN LEAST(
       (max(day) + 1)::timestamp AT TIME ZONE 'Asia/Shanghai',
       (SELECT min(opened_at) FROM points.point_hold WHERE state = 'HELD' AND purpose = 'POS')) END AS settled
     FROM points.pos_cleared_day`,
  );
  return row?.settled ?? undefined;
}

export async function keepCleared(tx: Tx, day: string, at: Date): Promise<void> {
  await tx.execute('INSERT INTO points.pos_cleared_day (day, cleared_at) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    day,
    at,
  ]);
}
