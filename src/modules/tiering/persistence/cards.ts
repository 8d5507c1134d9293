import type { Database, Tx } from '../../../platform/database/index.js';
import { openStatuses, type Card, type CardStatus, type EndReason } from '../domain/card.js';

/** What a card is found by: digests of 32 bytes. */
export interface CardKeys {
  readonly numberIndex: Buffer;
  readonly numberSealed: Buffer;
}

type Reader = Pick<Database | Tx, 'query'>;

export const CARD_COLUMNS = `c.card_id AS "cardId", c.customer_id AS "customerId", c.last_four AS "lastFour", c.tier, c.status,
  c.subscription_id AS "subscriptionId", c.issued_on AS "issuedOn", c.valid_until AS "validUntil",
  c.replaces_card_id AS "replacesCardId", c.end_reason AS "endReason", c.issued_at AS "issuedAt",
  c.activated_at AS "activatedAt", c.lost_at AS "lostAt", c.ended_at AS "endedAt"`;
export const IS_OPEN = `status IN (${openStatuses.map((status) => `'${status}'`).join(', ')})`;

const IN_DIRECTORY = 'tiering.card_directory d JOIN tiering.card c USING (customer_id, card_id)';

export async function cardWithId(reader: Reader, cardId: string): Promise<Card | undefined> {
  const [card] = await reader.query<Card>(`SELECT ${CARD_COLUMNS} FROM ${IN_DIRECTORY} WHERE d.card_id = $1`, [cardId]);
  return card;
}

/** @param hold until the end of the transaction nobody reports it lost, nor ends it. */
export async function cardWithKey(
  reader: Reader,
  key: { readonly numberIndex: Buffer } | { readonly trackToken: Buffer },
  { hold = false } = {},
): Promise<Card | undefined> {
  const [column, value] = 'numberIndex' in key ? ['number_index', key.numberIndex] : ['track_token', key.trackToken];
  const [card] = await reader.query<Card>(
    `SELECT ${CARD_COLUMNS} FROM ${IN_DIRECTORY} WHERE d.${column} = $1 ${hold ? 'FOR SHARE OF c' : ''}`,
    [value],
  );
  return card;
}

/** The card that the customer has in hand, or has lost and not had replaced. */
export async function openCardOf(reader: Reader, customerId: string): Promise<Card | undefined> {
  const [card] = await reader.query<Card>(
    `SELECT ${CARD_COLUMNS} FROM tiering.card c WHERE c.customer_id = $1 AND c.${IS_OPEN}`,
    [customerId],
  );
  return card;
}

export async function sealedNumberOf(reader: Reader, card: Card): Promise<Buffer | null> {
  const [row] = await reader.query<{ sealed: Buffer | null }>(
    'SELECT number_sealed AS sealed FROM tiering.card WHERE customer_id = $1 AND card_id = $2',
    [card.customerId, card.cardId],
  );
  return row?.sealed ?? null;
}

/** False when another card has the number: nothing is stored then. */
export async function insertCard(tx: Tx, card: Card, { numberIndex, numberSealed }: CardKeys): Promise<boolean> {
  const taken = await tx.execute(
    `INSERT INTO tiering.card_directory (number_index, card_id, customer_id) VALUES ($1, $2, $3)
     ON CONFLICT (number_index) DO NOTHING`,
    [numberIndex, card.cardId, card.customerId],
  );
  if (taken === 0) return false;
  await tx.execute(
    `INSERT INTO tiering.card (customer_id, card_id, number_sealed, last_four, tier, status, subscription_id, issued_on,
       valid_until, replaces_card_id, issued_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[card.customerId, card.cardId, numberSealed, card.lastFour, card.tier, card.status, card.subscriptionId],
      ...[card.issuedOn, card.validUntil, card.replacesCardId, card.issuedAt],
    ],
  );
  return true;
}

const SINCE = { issued: 'issued_at', active: 'activated_at', lost: 'lost_at' } as const;

/** Writes down what became of a card that this transaction holds. */
export async function moveCard(
  tx: Tx,
  { customerId, cardId }: Pick<Card, 'customerId' | 'cardId'>,
  { status, at, endReason }: { readonly status: CardStatus; readonly at: Date; readonly endReason?: EndReason },
): Promise<void> {
  const since = status in SINCE ? SINCE[status as keyof typeof SINCE] : 'ended_at';
  await tx.execute(
    `UPDATE tiering.card SET status = $3, ${since} = $4, end_reason = $5 WHERE customer_id = $1 AND card_id = $2`,
    [customerId, cardId, status, at, endReason ?? null],
  );
}

/** False when the stripe has been read as that of another card. */
export async function keepTrack(tx: Tx, cardId: string, trackToken: Buffer): Promise<boolean> {
  const [other] = await tx.query('SELECT FROM tiering.card_directory WHERE track_token = $1 AND card_id <> $2', [
    trackToken,
    cardId,
  ]);
  if (other) return false;
  await tx.execute('UPDATE tiering.card_directory SET track_token = $2 WHERE card_id = $1', [cardId, trackToken]);
  return true;
}

export async function numberIndexOf(reader: Reader, cardId: string): Promise<Buffer | undefined> {
  const [row] = await reader.query<{ index: Buffer }>(
    'SELECT number_index AS index FROM tiering.card_directory WHERE card_id = $1',
    [cardId],
  );
  return row?.index;
}
