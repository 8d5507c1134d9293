import { newId, type Tx } from '../../../../src/platform/database/index.js';

export interface LateChange {
  readonly customerId: string;
  /** First day. */
  readonly month: string;
}

/** Says of customers that an intake has changed closed months of theirs; answers its id. */
export async function keepLateChange(writer: Pick<Tx, 'query'>, changes: readonly LateChange[]): Promise<string> {
  const intakeId = newId();
  await writer.query(
    `INSERT INTO usage.month_change (customer_id, month, kind, intake_id, changed_at)
     SELECT DISTINCT customer_id, month, 'BIL', $2::uuid, '2026-02-20T08:00:00+08:00'::timestamptz
     FROM jsonb_to_recordset($1::jsonb) AS c (customer_id uuid, month date)`,
    [JSON.stringify(changes.map(({ customerId, month }) => ({ customer_id: customerId, month }))), intakeId],
  );
  return intakeId;
}
