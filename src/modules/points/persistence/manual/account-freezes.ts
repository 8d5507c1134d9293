import type { Tx } from '../../../../platform/database/index.js';

export interface AccountFreeze {
  readonly freezeId: string;
  readonly reasonCode: string;
  readonly frozenBy: string;
  readonly frozenAt: Date;
  readonly endReasonCode: string | null;
  readonly endedBy: string | null;
  readonly endedAt: Date | null;
}

const COLUMNS = `freeze_id AS "freezeId", reason_code AS "reasonCode", frozen_by AS "frozenBy", frozen_at AS "frozenAt",
  end_reason_code AS "endReasonCode", ended_by AS "endedBy", ended_at AS "endedAt"`;

/** The latest first. */
export const freezesOf = (reader: Pick<Tx, 'query'>, customerId: string): Promise<AccountFreeze[]> =>
  reader.query<AccountFreeze>(
    `SELECT ${COLUMNS} FROM points.account_freeze WHERE customer_id = $1 ORDER BY frozen_at DESC, freeze_id DESC`,
    [customerId],
  );

/** The account must be locked. */
export async function openFreezeOf(tx: Tx, customerId: string): Promise<AccountFreeze | undefined> {
  const [row] = await tx.query<AccountFreeze>(
    `SELECT ${COLUMNS} FROM points.account_freeze WHERE customer_id = $1 AND ended_at IS NULL`,
    [customerId],
  );
  return row;
}

export async function storeFreeze(tx: Tx, customerId: string, freeze: AccountFreeze): Promise<void> {
  await tx.execute(
    `INSERT INTO points.account_freeze (customer_id, freeze_id, reason_code, frozen_by, frozen_at) VALUES ($1, $2, $3, $4, $5)`,
    [customerId, freeze.freezeId, freeze.reasonCode, freeze.frozenBy, freeze.frozenAt],
  );
  await tx.execute('UPDATE points.point_account SET frozen_reason = $2 WHERE customer_id = $1', [
    customerId,
    freeze.reasonCode,
  ]);
}

export async function storeEndOfFreeze(tx: Tx, customerId: string, freeze: AccountFreeze): Promise<void> {
  await tx.execute(
    `UPDATE points.account_freeze SET end_reason_code = $3, ended_by = $4, ended_at = $5 WHERE customer_id = $1 AND freeze_id = $2`,
    [customerId, freeze.freezeId, freeze.endReasonCode, freeze.endedBy, freeze.endedAt],
  );
  await tx.execute('UPDATE points.point_account SET frozen_reason = NULL WHERE customer_id = $1', [customerId]);
}
