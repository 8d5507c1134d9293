import type { Tx } from '../../../platform/database/index.js';

/** What was bought on one hold of points. */
export interface Sale {
  readonly customerId: string;
  readonly holdId: string;
  readonly merchantId: string;
  readonly terminalId: string;
  /** Of its first message. */
  readonly batchNo: string;
  readonly cardId: string;
  /** Authorised, at list price. */
  readonly listFen: number;
  /** Of the day of the authorisation, for good. */
  readonly discountPercent: number;
  readonly capturedFen: number;
  readonly returnedFen: number;
  readonly authorisedOn: string;
  readonly capturedOn: string | null;
}

export async function insertSale(tx: Tx, sale: Sale): Promise<void> {
  await tx.execute(
    `INSERT INTO merchants.sale (customer_id, hold_id, merchant_id, terminal_id, batch_no, card_id, list_fen, discount_percent,
       captured_fen, authorised_on, captured_on)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[sale.customerId, sale.holdId, sale.merchantId, sale.terminalId, sale.batchNo, sale.cardId, sale.listFen],
      ...[sale.discountPercent, sale.capturedFen, sale.authorisedOn, sale.capturedOn],
    ],
  );
}

/** Until the transaction ends no other message goes on from this sale. */
export async function lockSale(tx: Tx, customerId: string, holdId: string): Promise<Sale | undefined> {
  const [sale] = await tx.query<Sale>(
    `SELECT customer_id AS "customerId", hold_id AS "holdId", merchant_id AS "merchantId", terminal_id AS "terminalId",
       batch_no AS "batchNo", card_id AS "cardId", list_fen AS "listFen", discount_percent AS "discountPercent",
       captured_fen AS "capturedFen", returned_fen AS "returnedFen", authorised_on AS "authorisedOn", captured_on AS "capturedOn"
     FROM merchants.sale WHERE customer_id = $1 AND hold_id = $2 FOR NO KEY UPDATE`,
    [customerId, holdId],
  );
  return sale;
}

export async function storeSale(
  tx: Tx,
  { customerId, holdId, capturedFen, returnedFen, capturedOn }: Sale,
): Promise<void> {
  await tx.execute(
    `UPDATE merchants.sale SET captured_fen = $3, returned_fen = $4, captured_on = $5 WHERE customer_id = $1 AND hold_id = $2`,
    [customerId, holdId, capturedFen, returnedFen, capturedOn],
  );
}
