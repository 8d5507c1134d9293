import type { Row, Statement, Tx } from '../../../../platform/database/index.js';
import { type Budget, type BudgetKind, WHOLE_OPERATOR } from '../../domain/money/budget.js';
import { BudgetsBusy, BudgetUsedUp, PromotionStopped } from '../../domain/money/refusals-of-money.js';
import type { Caller } from '../ledger/single-operations.js';

/**
 * A caller whose `SingleOperations.spend` takes from the budgets of a kind as well, in the same one call: all of it or nothing. Without a
 * budget of that kind nothing changes. The operation then also throws BudgetUsedUp.
 */
export const withinBudget = (on: Caller, kind: BudgetKind): Caller => ({
  prepared: async <R extends object = Row>(statement: Statement, params: readonly unknown[]): Promise<R[]> => {
    if (statement.name !== 'points.spend') return on.prepared<R>(statement, params);
    const rows = await on.prepared<R>(SPEND_IN_BUDGET, [...params, kind]);
    for (const row of rows as readonly { readonly said?: string; readonly facts?: Facts }[]) {
      if (row.said === 'over-budget') throw refusalOf(row.facts ?? {});
    }
    return rows;
  },
});

type Facts = Readonly<Record<string, string | number>>;

const SPEND_IN_BUDGET = {
  name: 'points.spend_in_budget',
  text: `SELECT said, available_after, facts
    FROM points.spend_in_budget(${Array.from({ length: 14 }, (_, i) => `$${i + 1}`).join(', ')}, $15::points.points_type[], $16)`,
};

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
  FROM points.budget b`;

/** @param regions only those; `undefined`: all */
export function budgets(reader: Pick<Tx, 'query'>, regions?: readonly string[]): Promise<readonly Budget[]> {
  return reader.query<Budget & Record<string, unknown>>(
    `${BUDGETS} WHERE $1::text[] IS NULL OR b.region = ANY($1) ORDER BY b.points_year DESC, b.kind, b.region`,
    [regions ?? null],
  );
}

export async function budgetOf(reader: Pick<Tx, 'query'>, budgetId: string): Promise<Budget | undefined> {
  const [row] = await reader.query<Budget & Record<string, unknown>>(`${BUDGETS} WHERE b.budget_id = $1`, [budgetId]);
  return row;
}

/**
 * Nobody takes from any budget, and nobody is about to find out that there is none, until this transaction ends. Whoever redeems stands
 * behind this: it does not wait for long.
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

/** What the ledger says was used of a kind in a points year, before there was a budget: redeemed, or issued on top. */
export async function usedBefore(
  tx: Tx,
  { pointsYear, region, kind }: Pick<Budget, 'pointsYear' | 'region' | 'kind'>,
): Promise<number> {
  const [debit, credit] = kind === 'PROMOTION' ? ['ISSUED', null] : [null, `REDEEMED_${kind}`];
  const [row] = await tx.query<{ used: number }>(
    `SELECT COALESCE(sum(CASE WHEN p.credit::text = $3 OR p.debit::text = $4 THEN p.points ELSE -p.points END), 0)::bigint AS used
     FROM points.posting p
     WHERE p.business_date >= make_date($1::int - 1, 12, 1) AND p.business_date < make_date($1::int, 12, 1)
       AND ($3 IN (p.debit::text, p.credit::text) OR ($4 IN (p.debit::text, p.credit::text) AND p.points_type = 'PROMOTION'))
       AND ($2 = '${WHOLE_OPERATOR}'
         OR EXISTS (SELECT FROM customers.profile c WHERE c.customer_id = p.customer_id AND c.region = $2))`,
    [pointsYear, region, credit, debit],
  );
  return row?.used ?? 0;
}

export interface NewBudget extends Omit<Budget, 'changedAt'> {
  readonly at: Date;
}

export async function addBudget(tx: Tx, budget: NewBudget): Promise<void> {
  const { budgetId, pointsYear, region, kind, softPoints, hardPoints, used, author, at } = budget;
  await tx.execute(
    `INSERT INTO points.budget (budget_id, points_year, region, kind, soft_points, hard_points, used_before, unassigned_points,
       author, created_at, changed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $6::bigint - $7::bigint, $8, $9, $9)`,
    [budgetId, pointsYear, region, kind, softPoints, hardPoints, used, author, at],
  );
  await tx.execute('INSERT INTO points.budget_stripe (budget_id, stripe) SELECT $1, generate_series(0, 15)', [
    budgetId,
  ]);
}

/** All that is left goes back to the budget's own row, and the limits are these. The budget must be left alone: {@link stopTaking}. */
export async function limitBudget(
  tx: Tx,
  {
    budgetId,
    softPoints,
    hardPoints,
    used,
    at,
  }: Pick<NewBudget, 'budgetId' | 'softPoints' | 'hardPoints' | 'used' | 'at'>,
): Promise<void> {
  await tx.execute('UPDATE points.budget_stripe SET left_points = 0 WHERE budget_id = $1', [budgetId]);
  await tx.execute(
    `UPDATE points.budget SET soft_points = $2, hard_points = $3, unassigned_points = $3::bigint - $4::bigint, changed_at = $5
     WHERE budget_id = $1`,
    [budgetId, softPoints, hardPoints, used, at],
  );
}
