import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Transaction, type Tx } from '../../../platform/database/index.js';
import { CustomersFacade } from '../../customers/index.js';
import { requireEligible, type Card } from '../domain/card.js';
import { moveCard, openCardOf } from '../persistence/cards.js';
import { membershipOf } from '../persistence/memberships.js';
import { MakeCard } from './make-card.js';

/** Gives a card to a customer who holds a level, or is a points member. */
@Injectable()
export class IssueCard {
  constructor(
    private readonly transaction: Transaction,
    private readonly customers: CustomersFacade,
    private readonly making: MakeCard,
    private readonly clock: Clock,
  ) {}

  /** @throws CustomerNotFound, CustomerIsErased, CustomerHasLeft, CardNotEarned, CardHeldAlready */
  execute(customerId: string): Promise<Card> {
    return this.transaction.run(async (tx) => {
      await this.customers.lockCustomer(tx, customerId);
      const at = this.clock.now();
      const day = businessDate(at);
      const { archive } = await this.customers.profileOf(customerId, tx);
      const open = await openCardOf(tx, customerId);
      const { tier, isPointsMember } = await membershipOf(tx, customerId);
      requireEligible({ hasLeft: archive === 'retained', tier, isPointsMember, open }, day);
      if (open) await moveCard(tx, open, { status: 'expired', at });
      const card = await this.making.execute(tx, { customerId, tier, at });
      auditIssue(tx, card);
      return card;
    });
  }
}

export const auditIssue = (tx: Tx, { cardId, customerId, tier, replacesCardId }: Card): void =>
  tx.audit({
    action: 'cards.issue',
    objectType: 'Card',
    objectId: cardId,
    customerId,
    after: { status: 'issued', tier, replacesCardId },
  });
