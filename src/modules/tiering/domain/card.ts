import {
  CardCannotRedeem,
  CardHeldAlready,
  CardInAnotherState,
  CardNotEarned,
  CustomerHasLeft,
} from './refusals-of-cards.js';
import { serviceRank, type Tier } from './tier.js';

/**
 * What becomes of a card (VIP卡). Lost ones are replaced by another with another number; what the customer has, points above all, is the
 * customer's and never the card's. `ended`: the customer left, or gave the membership to somebody else.
 */
export const cardStatuses = ['issued', 'active', 'lost', 'replaced', 'expired', 'ended'] as const;
export type CardStatus = (typeof cardStatuses)[number];

/** In hand, or lost and not replaced yet. A customer has at most one such card: the database holds it. */
export const openStatuses = ['issued', 'active', 'lost'] as const satisfies readonly CardStatus[];

export type CardAct = 'activate' | 'report-lost' | 'replace';

const ACTS: Readonly<Record<CardAct, { readonly from: readonly CardStatus[]; readonly to: CardStatus }>> = {
  activate: { from: ['issued'], to: 'active' },
  'report-lost': { from: ['issued', 'active'], to: 'lost' },
  replace: { from: openStatuses, to: 'replaced' },
};

export const endReasons = ['departed', 'transferred'] as const;
export type EndReason = (typeof endReasons)[number];

/** What the rules look at. Days are business days, `YYYY-MM-DD`. */
export interface CardState {
  readonly status: CardStatus;
  /** The last day on which the card is good. */
  readonly validUntil: string;
}

/** A card. Its number is kept sealed, beside it. */
export interface Card extends CardState {
  readonly cardId: string;
  readonly customerId: string;
  /** Of its number; null of an erased customer. */
  readonly lastFour: string | null;
  /** What is printed on it. */
  readonly tier: Tier;
  /** The subscription that it is carried for, when the customer has several and chose one. */
  readonly subscriptionId: string | null;
  readonly issuedOn: string;
  readonly replacesCardId: string | null;
  readonly endReason: EndReason | null;
  readonly issuedAt: Date;
  readonly activatedAt: Date | null;
  readonly lostAt: Date | null;
  readonly endedAt: Date | null;
}

/** The nightly run only writes down what is so from the first minute of the day. */
export function statusOn({ status, validUntil }: CardState, day: string): CardStatus {
  return isOpen(status) && validUntil < day ? 'expired' : status;
}

export const isOpen = (status: CardStatus): boolean => (openStatuses as readonly CardStatus[]).includes(status);

/**
 * The status after an act. Activating an active card, or reporting the loss of a lost one, changes nothing: both may be told twice.
 * @throws CardInAnotherState
 */
export function statusAfter(act: CardAct, card: CardState, day: string): CardStatus {
  const { from, to } = ACTS[act];
  const status = statusOn(card, day);
  if (status === to && act !== 'replace') return to;
  if (!from.includes(status)) throw new CardInAnotherState({ act, status, expected: from });
  return to;
}

/** @throws CardCannotRedeem */
export function requireRedeeming(card: CardState, day: string): void {
  const status = statusOn(card, day);
  if (status !== 'active') throw new CardCannotRedeem({ status, expected: 'active' });
}

/** Good for three years, to the end of the month. */
const VALID_MONTHS = 36;

/** The last day on which a card is good that is issued on this day. */
export function validUntil(issuedOn: string): string {
  const [year = 0, month = 0] = issuedOn.split('-').map(Number);
  return new Date(Date.UTC(year, month + VALID_MONTHS, 0)).toISOString().slice(0, 10);
}

/** Who asks for a card. */
export interface Applicant {
  readonly hasLeft: boolean;
  readonly tier: Tier;
  /** Points-card customers (积分卡客户) have a card without a level. */
  readonly isPointsMember: boolean;
  /** The card that the customer has in hand, or has lost and not had replaced. */
  readonly open: CardState | undefined;
}

/** @throws CustomerHasLeft, CardNotEarned, CardHeldAlready */
export function requireEligible({ hasLeft, tier, isPointsMember, open }: Applicant, day: string): void {
  if (hasLeft) throw new CustomerHasLeft();
  if (serviceRank(tier) === 0 && !isPointsMember) throw new CardNotEarned(tier);
  const status = open && statusOn(open, day);
  if (status && status !== 'expired') throw new CardHeldAlready(status);
}
