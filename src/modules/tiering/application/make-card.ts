import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { businessDate } from '../../../platform/clock/index.js';
import { newId, type Tx } from '../../../platform/database/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import { CustomersFacade } from '../../customers/index.js';
import { validUntil, type Card } from '../domain/card.js';
import { CARD_NUMBERS, cardNumberOf } from '../domain/card-number.js';
import type { Tier } from '../domain/tier.js';
import { insertCard } from '../persistence/cards.js';

export interface Ordered {
  readonly customerId: string;
  readonly tier: Tier;
  readonly subscriptionId?: string | null;
  readonly replacesCardId?: string;
  readonly at: Date;
}

/** Two of a hundred thousand million are alike once in a while; three times in a row they never are. */
const DRAWS = 3;

export const cardNumberContext = (cardId: string): string => `card.number:${cardId}`;

/** Gives a card its number, which nobody else has or had, and stores it sealed. */
@Injectable()
export class MakeCard {
  constructor(
    private readonly customers: CustomersFacade,
    private readonly personalData: PersonalData,
  ) {}

  /** In the caller's transaction, which holds the customer. @throws CustomerIsErased */
  async execute(tx: Tx, { customerId, tier, subscriptionId = null, replacesCardId, at }: Ordered): Promise<Card> {
    const seals = await this.customers.sealsToWrite(tx, [customerId], at);
    const issuedOn = businessDate(at);
    for (let draw = 1; draw <= DRAWS; draw++) {
      const cardId = newId();
      const number = cardNumberOf(randomInt(CARD_NUMBERS));
      const card: Card = {
        cardId,
        customerId,
        lastFour: number.slice(-4),
        tier,
        status: 'issued',
        subscriptionId,
        issuedOn,
        validUntil: validUntil(issuedOn),
        replacesCardId: replacesCardId ?? null,
        endReason: null,
        issuedAt: at,
        activatedAt: null,
        lostAt: null,
        endedAt: null,
      };
      const isMade = await insertCard(tx, card, {
        numberIndex: this.personalData.blindIndex('cardNumber', number),
        numberSealed: seals.seal(customerId, number, cardNumberContext(cardId)),
      });
      if (isMade) return card;
    }
    throw new Error('No number was left for a card');
  }
}
