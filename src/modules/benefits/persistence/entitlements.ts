import { withoutNestedLoops, type Tx } from '../../../platform/database/index.js';
import { isInSlice, type Slice } from '../../../platform/queues/index.js';
import { SqlParameters } from '../../../platform/rules/index.js';
import type { CountedDay } from '../domain/counted-days.js';

/** Whose entitlements: of some customers, or of a slice of all. */
export type Whom = readonly string[] | Pick<Slice, 'from' | 'to'>;

export interface LevelYearOfProgram {
  readonly program: string;
  readonly from: string;
  readonly until: string;
  /** What is held on a day without a level. */
  readonly lowestLevel: string;
}

/**
 * Grants what the levels held in a level year are worth: a twelfth of the yearly quota for each month, the sum rounded up, and never less
 * than was used of it. It follows from levels and quotas alone, so that it does not matter how often or in which order changes are told.
 *
 * What somebody else has granted since the statement began is left as it is, and counted as `overtaken`. So is, uncounted, what was granted
 * as of a later day.
 *
 * @param counted the last one is the day as of which it is granted.
 */
export async function grantEntitlements(
  tx: Tx,
  { program, from, until, lowestLevel }: LevelYearOfProgram,
  { whom, counted, at }: { readonly whom: Whom; readonly counted: readonly CountedDay[]; readonly at: Date },
): Promise<{ readonly granted: number; readonly overtaken: number }> {
  const isSlice = 'from' in whom;
  const isMeant = (alias: string): string => (isSlice ? isInSlice(alias) : `${alias}.customer_id = ANY ($1::uuid[])`);
  const parameters = new SqlParameters(isSlice ? [whom.from, whom.to] : [whom]);
  const days = parameters.add(
    counted.map(({ day }) => day),
    'date[]',
  );
  const months = parameters.add(
    counted.map(({ months }) => months),
    'int[]',
  );
  const asOf = parameters.add(counted.at(-1)?.day ?? from, 'date');
  const ofProgram = parameters.add(program, 'text');
  const year = parameters.add(from, 'date');
  // Steps of whole slices are joined at once, whatever the planner guesses of their size.
  const [row] = await withoutNestedLoops(tx, () =>
    tx.query<{ wanted: number; granted: number }>(
      `WITH counted AS (
      SELECT day, months FROM unnest(${days}, ${months}) AS c (day, months)
    ), quota AS (
      SELECT DISTINCT ON (b.code, q.level, c.day) b.code AS benefit, q.level, c.day, q.units_per_year * c.months AS twelfths
      FROM counted c
      JOIN benefits.benefit b ON b.program = ${ofProgram} AND b.effective_from <= c.day AND c.day < b.effective_until
      JOIN benefits.benefit_quota q ON q.benefit = b.code AND q.effective_from <= c.day
      ORDER BY b.code, q.level, c.day, q.effective_from DESC, q.version DESC
    ), held AS MATERIALIZED (
      SELECT p.customer_id, c.day, COALESCE(l.tier, ${parameters.add(lowestLevel, 'text')}) AS level, l.decision_id
      FROM customers.profile p CROSS JOIN counted c
      LEFT JOIN tiering.level_period l ON l.customer_id = p.customer_id AND ${isMeant('l')} AND l.program = ${ofProgram}
        AND l.valid_from <= c.day AND c.day < l.valid_until
      WHERE ${isMeant('p')}
    ), owed AS (
      SELECT h.customer_id, q.benefit, ((sum(q.twelfths) + 11) / 12)::int AS units
      FROM held h JOIN quota q ON q.level = h.level AND q.day = h.day
      GROUP BY h.customer_id, q.benefit
    ), present AS (
      SELECT e.* FROM benefits.entitlement e JOIN benefits.benefit b ON b.code = e.benefit AND b.program = ${ofProgram}
      WHERE e.level_year = ${year} AND ${isMeant('e')}
    ), wanted AS MATERIALIZED (
      SELECT customer_id, benefit, COALESCE(o.units, 0) AS units, h.level, h.decision_id,
        COALESCE(e.version, 0) + 1 AS version, COALESCE(e.granted, 0) AS granted_before
      FROM owed o FULL JOIN present e USING (customer_id, benefit) JOIN held h USING (customer_id)
      WHERE h.day = ${asOf} AND CASE WHEN e.version IS NULL THEN o.units > 0
        ELSE e.as_of <= ${asOf} AND (e.granted, e.level) IS DISTINCT FROM (GREATEST(COALESCE(o.units, 0), e.used - e.exchanged), h.level) END
    ), granted AS (
      INSERT INTO benefits.entitlement AS e
        (customer_id, level_year, benefit, valid_until, level, decision_id, granted, version, as_of)
      SELECT customer_id, ${year}, benefit, ${parameters.add(until, 'date')}, level, decision_id, units, version, ${asOf}
      FROM wanted ORDER BY customer_id, benefit
      ON CONFLICT (customer_id, level_year, benefit) DO UPDATE SET level = excluded.level, decision_id = excluded.decision_id,
        granted = GREATEST(excluded.granted, e.used - e.exchanged), version = excluded.version, as_of = excluded.as_of
      WHERE e.version = excluded.version - 1
      RETURNING e.*
    ), changes AS (
      INSERT INTO benefits.entitlement_change
        (customer_id, level_year, benefit, version, level, decision_id, granted_before, granted, used, as_of, recorded_at)
      SELECT g.customer_id, g.level_year, g.benefit, g.version, g.level, g.decision_id, w.granted_before, g.granted, g.used,
        g.as_of, ${parameters.add(at.toISOString(), 'timestamptz')}
      FROM granted g JOIN wanted w ON w.customer_id = g.customer_id AND w.benefit = g.benefit
    )
    SELECT (SELECT count(*) FROM wanted) AS wanted, (SELECT count(*) FROM granted) AS granted`,
      parameters.values,
    ),
  );
  const { wanted = 0, granted = 0 } = row ?? {};
  return { granted, overtaken: wanted - granted };
}

export interface Wanted {
  readonly customerId: string;
  readonly benefit: string;
  readonly units: number;
  /** Business day. */
  readonly day: string;
}

/** Uses up units in one statement, so that many at once never use more than was granted. False: so much is not left. */
export async function takeUnits(tx: Tx, { customerId, benefit, units, day }: Wanted): Promise<boolean> {
  const taken = await tx.execute(
    `UPDATE benefits.entitlement SET used = used + $3
     WHERE customer_id = $1 AND benefit = $2 AND level_year <= $4 AND $4 < valid_until AND used + $3 <= granted + exchanged`,
    [customerId, benefit, units, day],
  );
  return taken > 0;
}

/** What a customer has of a benefit on a day. */
export async function entitlementOn(
  tx: Tx,
  { customerId, benefit, day }: Omit<Wanted, 'units'>,
): Promise<{ readonly granted: number; readonly used: number }> {
  const [row] = await tx.query<{ granted: number; used: number }>(
    `SELECT granted + exchanged AS granted, used FROM benefits.entitlement
     WHERE customer_id = $1 AND benefit = $2 AND level_year <= $3 AND $3 < valid_until`,
    [customerId, benefit, day],
  );
  return row ?? { granted: 0, used: 0 };
}

export interface ExchangedUnits {
  readonly customerId: string;
  /** Of the points that were exchanged. */
  readonly orderId: string;
  readonly benefit: string;
  readonly units: number;
  readonly levelYear: string;
  readonly exchangedAt: Date;
}

/** The units that an order of points has been exchanged for. */
export async function exchangedFor(
  tx: Tx,
  customerId: string,
  orderId: string,
): Promise<(ExchangedUnits & { readonly validUntil: string }) | undefined> {
  const [row] = await tx.query<ExchangedUnits & { readonly validUntil: string }>(
    `SELECT x.customer_id AS "customerId", x.order_id AS "orderId", x.benefit, x.units, x.level_year AS "levelYear",
       x.exchanged_at AS "exchangedAt", e.valid_until AS "validUntil"
     FROM benefits.points_exchange x JOIN benefits.entitlement e USING (customer_id, level_year, benefit)
     WHERE x.customer_id = $1 AND x.order_id = $2`,
    [customerId, orderId],
  );
  return row;
}

/**
 * Adds units to what a customer may use in a level year, beside what the level entitles to: neither a change of the level nor the night
 * takes them away. A customer whose level entitles to none gets an entitlement of these alone.
 */
export async function addExchanged(
  tx: Tx,
  { customerId, orderId, benefit, units, levelYear, exchangedAt }: ExchangedUnits,
  { program, until, lowestLevel }: LevelYearOfProgram,
  day: string,
): Promise<void> {
  await tx.execute(
    `INSERT INTO benefits.points_exchange (customer_id, order_id, level_year, benefit, units, exchanged_at)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [customerId, orderId, levelYear, benefit, units, exchangedAt],
  );
  await tx.execute(
    `INSERT INTO benefits.entitlement AS e (customer_id, level_year, benefit, valid_until, level, granted, exchanged, version, as_of)
     VALUES ($1, $2, $3, $4, COALESCE((
         SELECT l.tier FROM tiering.level_period l
         WHERE l.customer_id = $1 AND l.program = $6 AND l.valid_from <= $8 AND $8 < l.valid_until), $7), 0, $5, 0, $8)
     ON CONFLICT (customer_id, level_year, benefit) DO UPDATE SET exchanged = e.exchanged + excluded.exchanged`,
    [customerId, levelYear, benefit, until, units, program, lowestLevel, day],
  );
}
