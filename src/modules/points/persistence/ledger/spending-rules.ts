import type { Database, Tx } from '../../../../platform/database/index.js';

/** How points are spent at merchants and in small payments. */
export interface SpendingRules {
  /** How long an authorisation holds when nobody says. */
  readonly holdSeconds: number;
  /** For so many days after its last one a lot takes returned points back. */
  readonly reinstatementDays: number;
  /** What a customer may pay with points on one day. */
  readonly paymentFenADay: number;
  readonly paymentReversalHours: number;
}

const IN_EFFECT = {
  name: 'points.spending_rule',
  text: `SELECT hold_seconds AS "holdSeconds", reinstatement_days AS "reinstatementDays", payment_fen_a_day AS "paymentFenADay",
      payment_reversal_hours AS "paymentReversalHours"
    FROM points.spending_rule WHERE effective_from <= $1 ORDER BY effective_from DESC LIMIT 1`,
};

export async function spendingRulesOn(on: Pick<Tx, 'prepared'>, day: string): Promise<SpendingRules> {
  const [rules] = await on.prepared<SpendingRules>(IN_EFFECT, [day]);
  if (!rules) throw new Error(`No rules of spending are in effect on ${day}`);
  return rules;
}

/** What the customer has paid on a day, after this payment; `undefined` when it would be more than the limit, and nothing is counted. */
export async function countPayment(
  tx: Tx,
  { customerId, day, fen, limitFen }: { customerId: string; day: string; fen: number; limitFen: number },
): Promise<number | undefined> {
  const [row] = await tx.query<{ paid: number }>(
    `INSERT INTO points.payment_day AS d (customer_id, day, paid_fen) SELECT $1, $2, $3 WHERE $3::bigint <= $4::bigint
     ON CONFLICT (customer_id, day) DO UPDATE SET paid_fen = d.paid_fen + excluded.paid_fen WHERE d.paid_fen + excluded.paid_fen <= $4
     RETURNING paid_fen AS paid`,
    [customerId, day, fen, limitFen],
  );
  return row?.paid;
}

export async function uncountPayment(
  tx: Tx,
  { customerId, day, fen }: { customerId: string; day: string; fen: number },
): Promise<void> {
  await tx.execute('UPDATE points.payment_day SET paid_fen = paid_fen - $3 WHERE customer_id = $1 AND day = $2', [
    customerId,
    day,
    fen,
  ]);
}

export async function paidOn(reader: Pick<Database, 'query'>, customerId: string, day: string): Promise<number> {
  const [row] = await reader.query<{ paid: number }>(
    'SELECT paid_fen AS paid FROM points.payment_day WHERE customer_id = $1 AND day = $2',
    [customerId, day],
  );
  return row?.paid ?? 0;
}
