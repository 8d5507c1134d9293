import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Database, isId, type Tx } from '../../../platform/database/index.js';
import {
  readPage,
  ResolvesCustomer,
  type CustomerResolver,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import { CustomersFacade } from '../../customers/index.js';
import { requireRedeeming, statusOn, type Card, type CardStatus } from '../domain/card.js';
import { normaliseCardNumber, readTrack } from '../domain/card-number.js';
import { CardNotFound, CardOfSomebodyElse } from '../domain/refusals-of-cards.js';
import { CARD_COLUMNS, cardWithId, cardWithKey, sealedNumberOf } from '../persistence/cards.js';
import { cardNumberContext } from './make-card.js';

/** What a counter or a till has of a card in front of it. */
export type PresentedCard = { readonly cardNumber: string } | { readonly track: string };

export interface CardStanding {
  readonly cardId: string;
  readonly customerId: string;
  /** Of today, whether or not it was written down. */
  readonly status: CardStatus;
  readonly validUntil: string;
  readonly mayRedeem: boolean;
}

@ResolvesCustomer('card')
@Injectable()
export class FindCards implements CustomerResolver {
  constructor(
    private readonly database: Database,
    private readonly personalData: PersonalData,
    private readonly clock: Clock,
  ) {}

  async customerOf(cardId: string): Promise<string | undefined> {
    return isId(cardId) ? (await cardWithId(this.database, cardId))?.customerId : undefined;
  }

  /** @throws CardNotFound */
  async one(cardId: string): Promise<Card> {
    const card = isId(cardId) ? await cardWithId(this.database, cardId) : undefined;
    if (!card) throw new CardNotFound();
    return card;
  }

  list<View extends object>(list: ListRequest, view: (card: Card) => View): Promise<Page<View>> {
    return readPage<Card, View>(this.database, list, { select: CARD_COLUMNS, from: 'tiering.card c' }, view);
  }

  /** `undefined` when nobody has such a card. @throws InvalidCardNumber, UnreadableTrack */
  async presented(card: PresentedCard): Promise<Card | undefined> {
    return cardWithKey(this.database, this.keyOf(card));
  }

  standingOf({ cardId, customerId, status, validUntil }: Card): CardStanding {
    const today = statusOn({ status, validUntil }, businessDate(this.clock.now()));
    return { cardId, customerId, status: today, validUntil, mayRedeem: today === 'active' };
  }

  /**
   * The card with which a customer redeems. It cannot be reported lost until the transaction has ended.
   * @throws InvalidCardNumber, CardOfSomebodyElse, CardCannotRedeem
   */
  async redeeming(
    tx: Tx,
    { customerId, cardNumber }: { readonly customerId: string; readonly cardNumber: string },
  ): Promise<Card> {
    const card = await cardWithKey(tx, this.keyOf({ cardNumber }), { hold: true });
    if (card?.customerId !== customerId) throw new CardOfSomebodyElse();
    requireRedeeming(card, businessDate(this.clock.now()));
    return card;
  }

  /**
   * The card with which somebody pays, whoever it is; `undefined` when nobody has such a card. It cannot be reported lost until the
   * transaction has ended.
   * @throws InvalidCardNumber, UnreadableTrack, CardCannotRedeem
   */
  async paying(tx: Tx, presented: PresentedCard): Promise<Card | undefined> {
    const card = await cardWithKey(tx, this.keyOf(presented), { hold: true });
    if (card) requireRedeeming(card, businessDate(this.clock.now()));
    return card;
  }

  private keyOf(card: PresentedCard): { readonly numberIndex: Buffer } | { readonly trackToken: Buffer } {
    return 'track' in card
      ? { trackToken: this.personalData.blindIndex('cardTrack', readTrack(card.track).data) }
      : { numberIndex: this.personalData.blindIndex('cardNumber', normaliseCardNumber(card.cardNumber)) };
  }
}

/** Shows the whole number of one card, for the printer of cards and whoever may see plain values. */
@Injectable()
export class DiscloseCardNumber {
  constructor(
    private readonly database: Database,
    private readonly customers: CustomersFacade,
  ) {}

  /** `undefined` when the customer was erased. */
  async execute(card: Card): Promise<string | undefined> {
    const seals = await this.customers.sealsOf(this.database, [card.customerId]);
    const sealed = await sealedNumberOf(this.database, card);
    return seals.open(card.customerId, sealed, cardNumberContext(card.cardId));
  }
}
