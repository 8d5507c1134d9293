import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { maskCardNumber } from '../domain/card-number.js';
import { openCardOf } from '../persistence/cards.js';
import { lastPointsMembership } from '../persistence/points-members.js';
import { FindCards, type CardStanding } from './cards.query.js';

/** How a customer belongs to the club, beside the level. */
export interface ClubMembership {
  /** The card in hand, or the lost one that was not replaced yet. */
  readonly card: (CardStanding & { readonly maskedNumber: string | undefined }) | undefined;
  /** Business day since which the customer is a points member (积分卡客户); undefined for others. */
  readonly pointsMemberSince: string | undefined;
}

@Injectable()
export class FindClubMembership {
  constructor(
    private readonly database: Database,
    private readonly cards: FindCards,
  ) {}

  async of(customerId: string): Promise<ClubMembership> {
    const card = await openCardOf(this.database, customerId);
    const member = await lastPointsMembership(this.database, customerId);
    return {
      card: card && {
        ...this.cards.standingOf(card),
        maskedNumber: card.lastFour === null ? undefined : maskCardNumber(card.lastFour),
      },
      pointsMemberSince: member?.until === null ? member.since : undefined,
    };
  }
}
