import { BooleanField, EnumField, IdField, InstantField, IntegerField, ObjectField, TextField } from '../../../../platform/http/index.js'; // prettier-ignore
import { POINTS_TYPES } from '../../domain/ledger/ledger.js';

class LoyaltyHead {
  @TextField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true, example: '/tmf-api/loyalty/v4/…' }) href!: string;
  @TextField({ readOnly: true }) '@type'!: string;
}

export class LoyaltyProgramProductSpecView extends LoyaltyHead {
  @TextField({ example: 'Points plan (积分计划)' }) name!: string;
  @TextField({ example: 'Points for using the network; 50 points are worth one yuan.' }) description!: string;
  @TextField({ example: 'Gotone (全球通)' }) brand!: string;
  @TextField({ example: 'active' }) lifeCycleStatus!: string;
  @BooleanField() needsLoyaltyAccount!: boolean;
}

export class LoyaltyProgramMemberView extends LoyaltyHead {
  @EnumField({ values: ['active', 'suspended', 'closed'] }) status!: string;
}

class LoyaltyRefView {
  @TextField() id!: string;
  @TextField() href!: string;
}

export class LoyaltyAccountView extends LoyaltyHead {
  @ObjectField(() => LoyaltyRefView, { description: 'Whose it is (ours; the beta has no such link)' })
  loyaltyProgramMember!: LoyaltyRefView;
}

class LoyaltyQuantityView {
  @TextField({ example: 'points' }) unit!: string;
  @IntegerField({ example: 380 }) value!: number;
}

class LoyaltyPeriodView {
  @InstantField({ description: 'They can be used before it' }) endDateTime!: Date;
}

export class LoyaltyBalanceView extends LoyaltyHead {
  @ObjectField(() => LoyaltyRefView) loyaltyProgramMember!: LoyaltyRefView;
  @ObjectField(() => LoyaltyQuantityView) quantity!: LoyaltyQuantityView;
  @ObjectField(() => LoyaltyPeriodView, { optional: true, description: 'Absent when they never expire' })
  validFor?: LoyaltyPeriodView | undefined;
  @EnumField({ values: POINTS_TYPES, description: 'Class (ours)' }) pointsType!: string;
  @TextField({ description: 'Who pays for them (ours)', example: 'OPERATOR' }) funderId!: string;
}

export class LoyaltyMovementView extends LoyaltyHead {
  @TextField({ description: 'What the beta knows of it', example: 'LoyaltyEvent' }) '@baseType'!: string;
  @InstantField() eventTime!: Date;
  @TextField({ description: 'Kind of the entry', example: 'EARN' }) eventType!: string;
  @IdField({ description: 'The customer' }) memberId!: string;
  @ObjectField(() => LoyaltyQuantityView, { description: 'What was earned or burnt' }) quantity!: LoyaltyQuantityView;
  @ObjectField(() => LoyaltyQuantityView, { description: 'Available before it' }) openingBalance!: LoyaltyQuantityView;
  @ObjectField(() => LoyaltyQuantityView, { description: 'Available after it' }) closingBalance!: LoyaltyQuantityView;
}
