import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { isId, Transaction, type Tx } from '../../../platform/database/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import { CustomersFacade } from '../../customers/index.js';
import { requireEligible, statusAfter, type Card, type CardAct } from '../domain/card.js';
import { readTrack } from '../domain/card-number.js';
import { CardNotFound, TrackOfAnotherCard } from '../domain/refusals-of-cards.js';
import { cardWithId, keepTrack, moveCard, numberIndexOf } from '../persistence/cards.js';
import { membershipOf } from '../persistence/memberships.js';
import { auditIssue } from './issue-card.js';
import { MakeCard } from './make-card.js';

/** What happens to a card that was issued. */
@Injectable()
export class ChangeCard {
  constructor(
    private readonly transaction: Transaction,
    private readonly customers: CustomersFacade,
    private readonly making: MakeCard,
    private readonly personalData: PersonalData,
    private readonly clock: Clock,
  ) {}

  /**
   * The customer has it in hand. Of a stripe that was read on the occasion a keyed digest is kept, by which readers find the card.
   * @throws CardNotFound, CardInAnotherState, UnreadableTrack, TrackOfAnotherCard
   */
  activate(cardId: string, track: string | undefined): Promise<Card> {
    const read = track === undefined ? undefined : readTrack(track);
    return this.change(cardId, 'activate', async (tx, after) => {
      if (!read) return after;
      const index = await numberIndexOf(tx, cardId);
      const isOfThisCard = index?.equals(this.personalData.blindIndex('cardNumber', read.cardNumber)) ?? false;
      const token = this.personalData.blindIndex('cardTrack', read.data);
      if (!isOfThisCard || !(await keepTrack(tx, cardId, token))) throw new TrackOfAnotherCard();
      return after;
    });
  }

  /** @throws CardNotFound, CardInAnotherState */
  reportLost(cardId: string): Promise<Card> {
    return this.change(cardId, 'report-lost', (_, after) => Promise.resolve(after));
  }

  /**
   * Another card with another number in its stead (补卡). Whatever the customer has, has the customer and not the card.
   * @returns the new card.
   * @throws CardNotFound, CardInAnotherState, CardNotEarned
   */
  replace(cardId: string): Promise<Card> {
    return this.change(cardId, 'replace', async (tx, { customerId, subscriptionId }, at) => {
      const { tier, isPointsMember } = await membershipOf(tx, customerId);
      requireEligible({ hasLeft: false, tier, isPointsMember, open: undefined }, businessDate(at));
      const order = { customerId, tier, subscriptionId, replacesCardId: cardId, at };
      const card = await this.making.execute(tx, order);
      auditIssue(tx, card);
      return card;
    });
  }

  private change(
    cardId: string,
    act: CardAct,
    andThen: (tx: Tx, after: Card, at: Date) => Promise<Card>,
  ): Promise<Card> {
    return this.transaction.run(async (tx) => {
      const found = isId(cardId) ? await cardWithId(tx, cardId) : undefined;
      if (!found) throw new CardNotFound();
      await this.customers.lockCustomer(tx, found.customerId);
      const before = await cardWithId(tx, cardId);
      if (!before) throw new CardNotFound();
      const at = this.clock.now();
      const status = statusAfter(act, before, businessDate(at));
      if (status !== before.status) {
        await moveCard(tx, before, { status, at });
        tx.audit({
          action: `cards.${act}`,
          objectType: 'Card',
          objectId: cardId,
          customerId: before.customerId,
          before: { status: before.status },
          after: { status },
        });
      }
      return andThen(tx, (await cardWithId(tx, cardId)) ?? before, at);
    });
  }
}
