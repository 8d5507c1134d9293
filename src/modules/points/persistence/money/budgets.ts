import type { Row, Statement, Tx } from '../../../../platform/database/index.js';
import { type Budget, type BudgetKind, WHOLE_OPERATOR } from '../../domain/money/budget.js';
import { BudgetsBusy, BudgetUsedUp, PromotionStopped } from '../../domain/money/refusals-of-money.js';
import type { AccountCode } from '../../domain/ledger/ledger.js';
import { AUTHORISE_IN_BUDGET_FOR_MANY, SPEND_IN_BUDGET_FOR_MANY } from '../ledger/operations-for-many.js';
import { type Caller, operation } from '../ledger/single-operations.js';

/**
 * A caller whose `SingleOperations.spend` and `authorise` take from the budgets of a kind as well, in the same one call: all of it or
 * nothing. Without a budget of that kind nothing changes. The operation then also throws BudgetUsedUp. What a hold does not use is given
 * back as it ends, whoever ends it.
 */
export const withinBudget = (on: Caller, kind: BudgetKind): Caller => ({
  prepared: async <R extends object = Row>(statement: Statement, params: readonly unknown[]): Promise<R[]> => {
    const inBudget = IN_BUDGET[statement.name];
    if (!inBudget) return on.prepared<R>(statement, params);
    const rows = await on.prepared<R>(inBudget, [...params, kind]);
    for (const row of rows as readonly { readonly said?: string; readonly facts?: Facts }[]) {
      if (row.said === 'over-budget') throw refusalOf(row.facts ?? {});
    }
    return rows;
  },
});

/** As much as a number says to the point. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

type Facts = Readonly<Record<string, string | number>>;

const IN_BUDGET: Readonly<Record<string, Statement>> = {
  'points.spend': operation('spend_in_budget', '$13, $14, $15::points.points_type[], $16', SPEND_IN_BUDGET_FOR_MANY),
  'points.authorise': operation(
    'authorise_in_budget',
    '$13, $14::points.points_type[], $15, $16, $17, $18',
    AUTHORISE_IN_BUDGET_FOR_MANY,
  ),
};

/** A caller whose `SingleOperations.release` leaves what the hold has taken to {@link takeInstead}. */
export const leavingItsUse = (on: Caller): Caller => ({
  prepared: (asked, params) => on.prepared(asked.name === 'points.end_hold_and_give_back' ? END_HOLD : asked, params),
});

const END_HOLD = operation('end_hold', '$13, $14, $15, $16');

const refusalOf = (facts: Facts): Error => ('guard' in facts ? new PromotionStopped(facts) : new BudgetUsedUp(facts));

export interface BudgetUse {
  /** Of the entry, or of whatever else takes it, as a slice of a run: the same again takes nothing. */
  readonly useId: string;
  readonly kind: BudgetKind;
  /** Whose province counts; or the province itself. Without either only the budget of the whole operator is taken from. */
  readonly customerId?: string | undefined;
  readonly region?: string | undefined;
  readonly points: number;
  /** Business day. */
  readonly on: string;
}

/**
 * Takes from the budgets of a kind: that of the province and that of the whole operator. Call it after the accounts are locked.
 * @throws BudgetUsedUp, PromotionStopped: then the transaction must be given up
 */
export async function takeFromBudgets(tx: Caller, use: BudgetUse): Promise<void> {
  const { useId, kind, customerId, region, points, on } = use;
  const params = [useId, kind, region ?? null, on, points, customerId ?? null];
  const [row] = await tx.prepared<{ refused: Facts | null }>(TAKE, params);
  if (row?.refused) throw refusalOf(row.refused);
}

const TAKE = {
  name: 'points.take_from_budgets',
  text: `SELECT points.take_from_budgets($1, $2,
    COALESCE($3, (SELECT region FROM customers.profile WHERE customer_id = $6)), $4, $5) AS refused`,
};

/**
 * As {@link takeFromBudgets}, and gives back what another use has taken: room is needed for the difference alone.
 * @param of the use that ends, and the entry that ended it; without one it only takes
 * @throws BudgetUsedUp: then the transaction must be given up
 */
export async function takeInstead(
  tx: Caller,
  { useId, kind, customerId, points, on }: BudgetUse,
  of: { readonly useId: string; readonly returnId: string } | undefined,
): Promise<void> {
  const params = [of?.useId ?? null, of?.returnId ?? null, useId, kind, customerId, on, points];
  const [row] = await tx.prepared<{ refused: Facts | null }>(TAKE_INSTEAD, params);
  if (row?.refused) throw refusalOf(row.refused);
}

const TAKE_INSTEAD = {
  name: 'points.take_instead',
  text: `SELECT points.take_instead($1, $2, $3, $4, (SELECT region FROM customers.profile WHERE customer_id = $5), $6, $7) AS refused`,
};

/** Points by province; `''` is that of customers who have none. */
export type ByRegion = Readonly<Record<string, number>>;

/** As {@link takeFromBudgets}, for many customers at once: each budget is taken from once. It takes once, so its caller must. */
export async function takeForRegions(
  tx: Caller,
  { useId, kind, on, points }: Pick<BudgetUse, 'useId' | 'kind' | 'on'> & { readonly points: ByRegion },
): Promise<void> {
  const params = [useId, kind, on, Object.keys(points), Object.values(points)];
  const [row] = await tx.prepared<{ refused: Facts | null }>(TAKE_FOR_PROVINCES, params);
  if (row?.refused) throw refusalOf(row.refused);
}

const TAKE_FOR_PROVINCES = {
  name: 'points.take_for_provinces',
  text: 'SELECT points.take_for_provinces($1, $2, $3, $4, $5) AS refused',
};

/** What may still be given on top, by budgets: of provinces, and of the `whole` operator. Others may take it meanwhile. */
export interface Room {
  readonly whole: number;
  readonly regions: ByRegion;
}

export async function roomForPromotion(tx: Tx, on: string): Promise<Room> {
  const rows = await tx.query<{ region: string; left: number }>(
    `SELECT b.region, b.unassigned_points + (SELECT sum(s.left_points)::bigint FROM points.budget_stripe s
       WHERE s.budget_id = b.budget_id) AS left
     FROM points.budget b WHERE b.points_year = points.points_year($1) AND b.kind = 'PROMOTION'
     UNION ALL SELECT '${WHOLE_OPERATOR}', 0 WHERE points.is_promotion_stopped(points.points_year($1))
     ORDER BY 2 DESC`,
    [on],
  );
  const { [WHOLE_OPERATOR]: whole = NO_LIMIT, ...regions } = Object.fromEntries(
    rows.map(({ region, left }) => [region, left]),
  );
  return { whole, regions };
}

/** What was taken for one use, or a part of it, may be used again. @param returnId of the entry that gives back; twice is once */
export async function giveBackToBudgets(
  tx: Caller,
  { useId, returnId, points, on }: Pick<BudgetUse, 'useId' | 'points' | 'on'> & { readonly returnId: string },
): Promise<void> {
  await tx.prepared(GIVE_BACK, [useId, returnId, on, points]);
}

const GIVE_BACK = {
  name: 'points.give_back_to_budgets',
  text: 'SELECT points.give_back_to_budgets($1, $2, $3, $4)',
};

const BUDGETS = `
  SELECT b.budget_id AS "budgetId", b.points_year AS "pointsYear", b.region, b.kind, b.soft_points AS "softPoints",
    b.hard_points AS "hardPoints", b.author, b.changed_at AS "changedAt",
    b.hard_points - b.unassigned_points - (SELECT sum(left_points)::bigint FROM points.budget_stripe s
      WHERE s.budget_id = b.budget_id) AS used
  FROM points.budget b WHERE b.is_counted`;

/** @param regions only those; `undefined`: all */
export function budgets(reader: Pick<Tx, 'query'>, regions?: readonly string[]): Promise<readonly Budget[]> {
  return reader.query<Budget & Record<string, unknown>>(
    `${BUDGETS} AND ($1::text[] IS NULL OR b.region = ANY($1)) ORDER BY b.points_year DESC, b.kind, b.region`,
    [regions ?? null],
  );
}

export async function budgetOf(reader: Pick<Tx, 'query'>, budgetId: string): Promise<Budget | undefined> {
  const [row] = await reader.query<Budget & Record<string, unknown>>(`${BUDGETS} AND b.budget_id = $1`, [budgetId]);
  return row;
}

/**
 * Nobody takes from any budget, and nobody is about to find out that there is none, until this transaction ends. Whoever redeems stands
 * behind this: it does not wait for long, and nothing that takes long is done behind it.
 * @throws BudgetsBusy
 */
export async function stopTaking(tx: Tx): Promise<void> {
  try {
    await tx.execute(`SET LOCAL lock_timeout = '2s'`);
    await tx.execute('LOCK TABLE points.budget IN ACCESS EXCLUSIVE MODE');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '55P03') throw new BudgetsBusy();
    throw error;
  }
}

type Of = Pick<Budget, 'pointsYear' | 'region' | 'kind'>;

/** As {@link budgets}, also when it is only being counted. */
export async function budgetFor(
  reader: Pick<Tx, 'query'>,
  { pointsYear, region, kind }: Of,
): Promise<{ readonly budgetId: string; readonly isCounted: boolean } | undefined> {
  const [row] = await reader.query<{ budgetId: string; isCounted: boolean }>(
    `SELECT budget_id AS "budgetId", is_counted AS "isCounted" FROM points.budget
     WHERE points_year = $1 AND region = $2 AND kind = $3`,
    [pointsYear, region, kind],
  );
  return row;
}

/** From now on every use is written down. The budgets must be left alone: {@link stopTaking}. */
export async function beginCounting(
  tx: Tx,
  { budgetId, pointsYear, region, kind, author, at }: Of & Pick<Budget, 'budgetId' | 'author'> & { readonly at: Date },
): Promise<void> {
  await tx.execute(
    `INSERT INTO points.budget (budget_id, points_year, region, kind, soft_points, hard_points, used_before, unassigned_points,
       author, created_at, changed_at, is_counted)
     VALUES ($1, $2, $3, $4, $5, $5, 0, $5, $6, $7, $7, false)`,
    [budgetId, pointsYear, region, kind, NO_LIMIT, author, at],
  );
  await tx.execute('INSERT INTO points.budget_stripe (budget_id, stripe) SELECT $1, generate_series(0, 15)', [
    budgetId,
  ]);
  // What is held already gives back as it ends.
  await tx.execute(
    `WITH held AS (
       INSERT INTO points.budget_use (budget_id, use_id, points, used_on)
       SELECT $1, h.hold_id, h.points, h.authorised_on FROM points.point_hold h WHERE ${heldFor(kind)} RETURNING points)
     UPDATE points.budget SET unassigned_points = unassigned_points - (SELECT COALESCE(sum(points), 0)::bigint FROM held)
     WHERE budget_id = $1`,
    [budgetId, pointsYear, region],
  );
}

/** Where points go that are used of a kind. What is won in an auction is handed over; what merchants take is paid to them. */
const USED_INTO: Readonly<Record<Exclude<BudgetKind, 'PROMOTION'>, readonly AccountCode[]>> = {
  SERVICE: ['REDEEMED_SERVICE'],
  MOBILE_PRODUCT: ['REDEEMED_MOBILE_PRODUCT'],
  GOODS: ['REDEEMED_GOODS', 'REDEEMED_AUCTION'],
  PAYMENT: ['REDEEMED_PAYMENT', 'POS_CLEARING'],
};

const isOfRegion = (alias: string): string => `($3 = '${WHOLE_OPERATOR}'
  OR EXISTS (SELECT FROM customers.profile c WHERE c.customer_id = ${alias}.customer_id AND c.region = $3))`;

/** Holds `h` that have taken from the budgets of a kind. */
function heldFor(kind: BudgetKind): string {
  const isMeant = `CASE h.purpose WHEN 'POS' THEN 'PAYMENT' WHEN 'AUCTION' THEN 'GOODS' WHEN 'ORDER' THEN (
    SELECT o.kind FROM points.exchange_order o WHERE o.customer_id = h.customer_id AND o.order_id = h.hold_id) END = '${kind}'`;
  return `h.state = 'HELD' AND points.points_year(h.authorised_on) = $2 AND ${isMeant} AND ${isOfRegion('h')}`;
}

/**
 * What was used before a budget wrote down its uses: what the ledger says of the points year, and what is held, less what the budget has
 * written down. All as it was at one moment: one statement, which reads all the year's postings, and stands in nobody's way.
 */
export async function usedBefore(
  reader: Pick<Tx, 'query'>,
  { budgetId, pointsYear, region, kind }: Of & Pick<Budget, 'budgetId'>,
): Promise<number> {
  const [debits, credits] = kind === 'PROMOTION' ? [['ISSUED'], []] : [[], USED_INTO[kind]];
  const [row] = await reader.query<{ used: number }>(
    `SELECT (
       SELECT COALESCE(sum(CASE WHEN p.credit::text = ANY($4) OR p.debit::text = ANY($5) THEN p.points ELSE -p.points END), 0)
       FROM points.posting p
       WHERE p.business_date >= make_date($2::int - 1, 12, 1) AND p.business_date < make_date($2::int, 12, 1)
         AND (((p.debit::text = ANY($4) OR p.credit::text = ANY($4)) AND 'PARTNER_PAYABLE' NOT IN (p.debit::text, p.credit::text))
           OR ((p.debit::text = ANY($5) OR p.credit::text = ANY($5)) AND p.points_type = 'PROMOTION'))
         AND ${isOfRegion('p')}
     )::bigint + (
       SELECT COALESCE(sum(h.points), 0) FROM points.point_hold h WHERE ${heldFor(kind)}
     )::bigint - (
       SELECT COALESCE(sum(points), 0) FROM points.budget_use WHERE budget_id = $1
     )::bigint AS used`,
    [budgetId, pointsYear, region, credits, debits],
  );
  return row?.used ?? 0;
}

/** What was written down since it is being counted. */
export async function writtenDown(tx: Tx, budgetId: string): Promise<number> {
  const [row] = await tx.query<{ used: number }>(
    'SELECT COALESCE(sum(points), 0)::bigint AS used FROM points.budget_use WHERE budget_id = $1',
    [budgetId],
  );
  return row?.used ?? 0;
}

export interface Limits extends Pick<Budget, 'budgetId' | 'softPoints' | 'hardPoints' | 'used'> {
  readonly at: Date;
}

/** It is counted: its limits hold from now on. The budgets must be left alone. @param usedBefore of what was `used` */
export async function endCounting(
  tx: Tx,
  { usedBefore, author, ...limits }: Limits & Pick<Budget, 'author'> & { readonly usedBefore: number },
): Promise<void> {
  await tx.execute('UPDATE points.budget SET is_counted = true, used_before = $2, author = $3 WHERE budget_id = $1', [
    limits.budgetId,
    usedBefore,
    author,
  ]);
  await limitBudget(tx, limits);
}

/** All that is left goes back to the budget's own row, and the limits are these. The budget must be left alone: {@link stopTaking}. */
export async function limitBudget(tx: Tx, { budgetId, softPoints, hardPoints, used, at }: Limits): Promise<void> {
  await tx.execute('UPDATE points.budget_stripe SET left_points = 0 WHERE budget_id = $1', [budgetId]);
  await tx.execute(
    `UPDATE points.budget SET soft_points = $2, hard_points = $3, unassigned_points = $3::bigint - $4::bigint, changed_at = $5
     WHERE budget_id = $1`,
    [budgetId, softPoints, hardPoints, used, at],
  );
}
