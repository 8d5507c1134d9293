import type { Tx } from '../../../../platform/database/index.js';
import type { Transfer } from '../../domain/transfers/transfer.js';

const COLUMNS = `transfer_id AS "transferId", customer_id AS "customerId", payee_id AS "payeeId", points, status,
  idem_key AS "idemKey", request_hash AS "requestHash", channel, asked_by AS "askedBy", asked_at AS "askedAt",
  hold_id AS "holdId", approval_id AS "approvalId", review_until AS "reviewUntil", business_date AS "businessDate",
  out_journal_id AS "outJournalId", in_journal_id AS "inJournalId", ended_at AS "endedAt"`;

export async function transferWithId(
  reader: Pick<Tx, 'query'>,
  transferId: string,
  lock: '' | 'FOR UPDATE' = '',
): Promise<Transfer | undefined> {
  const [found] = await reader.query<Transfer>(
    `SELECT ${COLUMNS} FROM points.transfer WHERE transfer_id = $1 ${lock}`,
    [transferId],
  );
  return found;
}

export async function transferByKey(
  tx: Tx,
  { customerId, idemKey }: Pick<Transfer, 'customerId' | 'idemKey'>,
): Promise<Transfer | undefined> {
  const [found] = await tx.query<Transfer>(
    `SELECT ${COLUMNS} FROM points.transfer WHERE customer_id = $1 AND idem_key = $2`,
    [customerId, idemKey],
  );
  return found;
}

/** What a customer has given in the month of a day, and what is held to be given, without this transfer itself. */
export async function givenInMonthOf(
  tx: Tx,
  { customerId, transferId, day }: { readonly customerId: string; readonly transferId: string; readonly day: string },
): Promise<number> {
  const [row] = await tx.query<{ points: number }>(
    `SELECT COALESCE(sum(points), 0)::bigint AS points FROM points.transfer
     WHERE customer_id = $1 AND transfer_id <> $2
       AND (status = 'HELD' OR (status = 'DONE' AND date_trunc('month', business_date) = date_trunc('month', $3::date)))`,
    [customerId, transferId, day],
  );
  return row?.points ?? 0;
}

/** What a customer has received in the month of a day, from whomever. */
export async function receivedInMonthOf(
  tx: Tx,
  { customerId, day }: { readonly customerId: string; readonly day: string },
): Promise<number> {
  const [row] = await tx.query<{ points: number }>(
    `SELECT COALESCE(sum(points), 0)::bigint AS points FROM points.journal
     WHERE customer_id = $1 AND kind = 'TRANSFER_IN' AND date_trunc('month', business_date) = date_trunc('month', $2::date)`,
    [customerId, day],
  );
  return row?.points ?? 0;
}

export async function insertTransfer(tx: Tx, transfer: Transfer): Promise<void> {
  await tx.execute(
    `INSERT INTO points.transfer (transfer_id, customer_id, payee_id, points, status, idem_key, request_hash, channel, asked_by,
       asked_at, hold_id, approval_id, review_until, business_date, out_journal_id, in_journal_id, ended_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
    [
      transfer.transferId,
      transfer.customerId,
      transfer.payeeId,
      transfer.points,
      transfer.status,
      transfer.idemKey,
      transfer.requestHash,
      transfer.channel,
      transfer.askedBy,
      transfer.askedAt,
      transfer.holdId,
      transfer.approvalId,
      transfer.reviewUntil,
      transfer.businessDate,
      transfer.outJournalId,
      transfer.inJournalId,
      transfer.endedAt,
    ],
  );
}

/** Its review has ended. */
export async function endTransfer(tx: Tx, transfer: Transfer): Promise<void> {
  await tx.execute(
    `UPDATE points.transfer SET status = $3, business_date = $4, out_journal_id = $5, in_journal_id = $6, ended_at = $7
     WHERE customer_id = $1 AND transfer_id = $2`,
    [
      transfer.customerId,
      transfer.transferId,
      transfer.status,
      transfer.businessDate,
      transfer.outJournalId,
      transfer.inJournalId,
      transfer.endedAt,
    ],
  );
}

/** Transfers that nobody has decided about in time. */
export const lapsedTransfers = (reader: Pick<Tx, 'query'>, now: Date): Promise<Transfer[]> =>
  reader.query<Transfer>(
    `SELECT ${COLUMNS} FROM points.transfer WHERE status = 'HELD' AND review_until <= $1 ORDER BY review_until LIMIT 500`,
    [now],
  );

/** Whether transfers from or to one of these customers are looked at first. */
export async function isAnyFlagged(tx: Tx, customerIds: readonly string[]): Promise<boolean> {
  const rows = await tx.query(
    'SELECT FROM points.transfer_flag WHERE customer_id = ANY($1::uuid[]) AND lifted_at IS NULL',
    [customerIds],
  );
  return rows.length > 0;
}
