import type { Tx } from '../../../platform/database/index.js';
import type { MessageKey, MessageKind, PosAnswer } from '../domain/pos-message.js';

export interface KeptMessage {
  readonly kind: MessageKind;
  /** Null of a reversal that came before its original. */
  readonly requestHash: string | null;
  readonly state: 'done' | 'reversed';
  readonly customerId: string | null;
  readonly holdId: string | null;
  readonly answer: PosAnswer | null;
}

const keysOf = ({ terminalId, batchNo, traceNo, businessDate }: MessageKey): readonly string[] => [
  terminalId,
  batchNo,
  traceNo,
  businessDate,
];
const WITH_KEY = 'terminal_id = $1 AND batch_no = $2 AND trace_no = $3 AND business_date = $4';

/** @param lock until the transaction ends nobody reverses it. */
export async function messageWith(tx: Tx, key: MessageKey, { lock = false } = {}): Promise<KeptMessage | undefined> {
  const [row] = await tx.query<KeptMessage>(
    `SELECT kind, request_hash AS "requestHash", state, customer_id AS "customerId", hold_id AS "holdId", answer
     FROM merchants.pos_message WHERE ${WITH_KEY} ${lock ? 'FOR NO KEY UPDATE' : ''}`,
    keysOf(key),
  );
  return row;
}

/** False when it has come before, as itself or as its reversal; whoever is under way with it is waited for. */
export async function claimMessage(
  tx: Tx,
  key: MessageKey,
  said: { readonly kind: MessageKind; readonly requestHash: string; readonly at: Date },
): Promise<boolean> {
  const claimed = await tx.execute(
    `INSERT INTO merchants.pos_message (terminal_id, batch_no, trace_no, business_date, kind, request_hash, state, seen_at)
     VALUES ($1, $2, $3, $4, $5, $6, 'done', $7) ON CONFLICT DO NOTHING`,
    [...keysOf(key), said.kind, said.requestHash, said.at],
  );
  return claimed > 0;
}

export async function keepAnswer(
  tx: Tx,
  key: MessageKey,
  { customerId, holdId, answer }: { readonly customerId: string; readonly holdId: string; readonly answer: PosAnswer },
): Promise<void> {
  await tx.execute(`UPDATE merchants.pos_message SET customer_id = $5, hold_id = $6, answer = $7 WHERE ${WITH_KEY}`, [
    ...keysOf(key),
    customerId,
    holdId,
    JSON.stringify(answer),
  ]);
}

/** Leaves the reversal of a message that has not come; false when it has. */
export async function claimReversal(
  tx: Tx,
  key: MessageKey,
  { kind, at }: { readonly kind: MessageKind; readonly at: Date },
): Promise<boolean> {
  const claimed = await tx.execute(
    `INSERT INTO merchants.pos_message (terminal_id, batch_no, trace_no, business_date, kind, state, seen_at, reversed_at)
     VALUES ($1, $2, $3, $4, $5, 'reversed', $6, $6) ON CONFLICT DO NOTHING`,
    [...keysOf(key), kind, at],
  );
  return claimed > 0;
}

/** Of a sale, all at once: when its last message is so old. */
const ENDED_BEFORE = `m.seen_at < $1 AND NOT EXISTS (
  SELECT FROM merchants.pos_message o WHERE o.customer_id = m.customer_id AND o.hold_id = m.hold_id AND o.seen_at >= $1)`;

export async function countMessagesBefore(tx: Tx, before: Date): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM merchants.pos_message m WHERE ${ENDED_BEFORE}`,
    [before],
  );
  return row?.n ?? 0;
}

export function deleteMessagesBefore(tx: Tx, before: Date): Promise<number> {
  return tx.execute(`DELETE FROM merchants.pos_message m WHERE ${ENDED_BEFORE}`, [before]);
}

export async function keepReversed(tx: Tx, key: MessageKey, at: Date): Promise<void> {
  await tx.execute(`UPDATE merchants.pos_message SET state = 'reversed', reversed_at = $5 WHERE ${WITH_KEY}`, [
    ...keysOf(key),
    at,
  ]);
}
