import type { CustomerSeals } from '../../../customers/index.js';
import type { TopUpCard } from '../../domain/exchange/exchange-order.js';

interface OfOrder {
  readonly customerId: string;
  readonly orderId: string;
}

const contextOf = (orderId: string): string => `points.card:${orderId}`;

/** @throws CustomerIsErased */
export const sealCard = (seals: CustomerSeals, { customerId, orderId }: OfOrder, card: TopUpCard): Buffer =>
  seals.seal(customerId, JSON.stringify({ cardNumber: card.cardNumber, secret: card.secret }), contextOf(orderId));

/** `undefined` when there is none, or the customer's secret is gone. */
export function openCard(
  seals: CustomerSeals,
  { customerId, orderId }: OfOrder,
  sealed: Buffer | null,
): TopUpCard | undefined {
  const card = seals.open(customerId, sealed, contextOf(orderId));
  return card === undefined ? undefined : (JSON.parse(card) as TopUpCard);
}
