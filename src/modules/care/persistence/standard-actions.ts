import type { Database, Tx } from '../../../platform/database/index.js';
import type { StandardAction } from '../domain/standard-action.js';

type Reader = Pick<Database | Tx, 'query'>;

export const STANDARD_ACTIONS = {
  select: `a.action_id AS "actionId", a.tier, a.customer_kind AS "customerKind", a.code, a.label, a.content,
    a.every_months AS "everyMonths", a.on_event AS "onEvent", a.due_within_days AS "dueWithinDays",
    a.effective_from AS "effectiveFrom", a.effective_until AS "effectiveUntil", a.author, a.created_at AS "createdAt"`,
  from: 'care.standard_action a',
} as const;

/** Those that hold on a day: a table of a few dozen rows. */
export function actionsOn(reader: Reader, day: string): Promise<StandardAction[]> {
  return reader.query<StandardAction>(
    `SELECT ${STANDARD_ACTIONS.select} FROM ${STANDARD_ACTIONS.from}
     WHERE a.effective_from <= $1 AND $1 < a.effective_until ORDER BY a.action_id`,
    [day],
  );
}

/** @param lock nobody else changes it until the end of the transaction. */
export async function actionOf(reader: Reader, actionId: string, lock = false): Promise<StandardAction | undefined> {
  const [found] = await reader.query<StandardAction>(
    `SELECT ${STANDARD_ACTIONS.select} FROM ${STANDARD_ACTIONS.from} WHERE a.action_id = $1 ${lock ? 'FOR UPDATE' : ''}`,
    [actionId],
  );
  return found;
}

/** False, and nothing is stored, when another one of the code holds on some of the days. */
export async function insertAction(tx: Tx, action: StandardAction): Promise<boolean> {
  const inserted = await tx.execute(
    `INSERT INTO care.standard_action (action_id, tier, customer_kind, code, label, content, every_months, on_event, due_within_days,
       effective_from, effective_until, author, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     ON CONFLICT ON CONSTRAINT one_standard_action_a_day DO NOTHING`,
    [
      action.actionId,
      action.tier,
      action.customerKind,
      action.code,
      JSON.stringify(action.label),
      action.content,
      action.everyMonths,
      action.onEvent,
      action.dueWithinDays,
      action.effectiveFrom,
      action.effectiveUntil,
      action.author,
      action.createdAt,
    ],
  );
  return inserted === 1;
}

export async function storeAction(tx: Tx, action: StandardAction): Promise<void> {
  await tx.execute(
    `UPDATE care.standard_action SET label = $2, content = $3, every_months = $4, due_within_days = $5, effective_until = $6
     WHERE action_id = $1`,
    [
      action.actionId,
      JSON.stringify(action.label),
      action.content,
      action.everyMonths,
      action.dueWithinDays,
      action.effectiveUntil,
    ],
  );
}
