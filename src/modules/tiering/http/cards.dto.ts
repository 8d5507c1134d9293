import { BooleanField, DateField, EnumField, IdField, InstantField, TextField } from '../../../platform/http/index.js';
import { cardStatuses, endReasons, type CardStatus } from '../domain/card.js';
import { tiers, type Tier } from '../domain/tier.js';

export class CardView {
  @IdField({ readOnly: true })
  id!: string;

  @TextField({ readOnly: true })
  href!: string;

  @TextField({ example: 'Card' })
  '@type'!: string;

  @IdField({ description: 'The customer whose card it is' })
  customerId!: string;

  @TextField({ nullable: true, example: '************0003', description: 'null when the customer was erased' })
  maskedNumber!: string | null;

  @EnumField({ values: tiers, enumName: 'Tier', description: 'What is printed on it; not always the level held now' })
  tier!: Tier;

  @EnumField({ values: cardStatuses, enumName: 'CardStatus' })
  status!: CardStatus;

  @BooleanField({ description: 'Whether points can be redeemed with it now' })
  mayRedeem!: boolean;

  @DateField({ example: '2026-02-01' })
  issuedOn!: string;

  @DateField({ description: 'The last day on which it is good (有效期)', example: '2029-02-28' })
  validUntil!: string;

  @IdField({ optional: true, description: 'The subscription that it is carried for, where the customer chose one' })
  subscriptionId?: string | undefined;

  @IdField({ optional: true, description: 'The card in whose stead it was issued (补卡)' })
  replaces?: string | undefined;

  @InstantField({ optional: true })
  activatedAt?: Date | undefined;

  @InstantField({ optional: true })
  lostAt?: Date | undefined;

  @InstantField({ optional: true, description: 'When it was replaced, expired or ended' })
  endedAt?: Date | undefined;

  @EnumField({ values: endReasons, optional: true, description: 'Why it ended before its time' })
  endReason?: string | undefined;
}

export class CreateCard {
  @IdField({ description: 'Of a customer who holds a level, or is a points member' })
  customerId!: string;
}

export class ActivateCardBody {
  @TextField({
    optional: true,
    maxLength: 40,
    example: undefined,
    description:
      'Track 2 of the stripe, when it was read on the occasion; a keyed digest of it is kept, and nothing else',
  })
  track?: string;
}

export class CardChangeBody {
  @TextField({ optional: true, maxLength: 300, example: '客户挂失', description: 'For the audit' })
  reason?: string;
}

export class FindCardBody {
  @TextField({ optional: true, maxLength: 40, example: '9156 0000 0000 0003' })
  cardNumber?: string;

  @TextField({ optional: true, maxLength: 40, example: undefined, description: 'Track 2 of the stripe, instead' })
  track?: string;
}

export class CardNumberView {
  @IdField()
  id!: string;

  @TextField({ example: 'CardNumber' })
  '@type'!: string;

  @TextField({ nullable: true, example: '9156000000000003', description: 'null when the customer was erased' })
  cardNumber!: string | null;
}

export class PointsMemberView {
  @IdField({ description: 'Of the customer' })
  id!: string;

  @TextField()
  href!: string;

  @TextField({ example: 'PointsMember' })
  '@type'!: string;

  @BooleanField({ description: 'Whether the customer is a points member now' })
  isMember!: boolean;

  @DateField({ optional: true, description: 'Of the present or the last membership', example: '2026-02-01' })
  since?: string | undefined;

  @DateField({ optional: true, description: 'The first day without it', example: '2026-08-01' })
  until?: string | undefined;
}

export class CreatePointsMember {
  @IdField({ description: 'Any customer in the network; no level is needed' })
  customerId!: string;
}
