import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { BudgetUsedUp } from '../../domain/money/refusals-of-money.js';
import {
  CurrentActor,
  DateField,
  EnumField,
  headOf,
  IdempotencyKey,
  IdField,
  InstantField,
  IntegerField,
  Operation,
  ResourceIdPipe,
  TextField,
} from '../../../../platform/http/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import { AccessRegister } from '../../../organization/index.js';
import { KeyPersonRegister } from '../../application/groups/key-person-register.js';
import { RedeemForGroupUseCase } from '../../application/groups/redeem-for-group.js';
import { FOREVER, KEY_ROLES, type KeyPerson, type KeyRole } from '../../domain/groups/key-person.js';
import { PURPOSES, type Purpose } from '../../domain/ledger/redemption.js';
import {
  AccountClosed,
  AccountFrozen,
  BelowThreshold,
  InsufficientPoints,
  KeyReused,
} from '../../domain/ledger/refusals.js';
import {
  KeyPersonDaysInvalid,
  KeyPersonLimitReached,
  NotAGroupAccount,
  NotAuthorisedForGroup,
  PersonNotPossible,
} from '../../domain/groups/refusals-of-groups.js';
import { CHANNELS } from '../ledger/channels.js';
import { CustomerId, OF_CUSTOMER } from '../ledger/of-customer.js';
import { accounts, redemptions } from '../ledger/points.resources.js';

class CreateKeyPerson {
  @IdField({ description: 'The customer who may redeem for the group' })
  personId!: string;

  @EnumField({ values: KEY_ROLES, description: 'What the person is in the group (关键人物角色)' })
  role!: KeyRole;

  @IntegerField({
    min: 1,
    max: 1_000_000_000,
    description: 'Points that may be redeemed in a calendar month',
    example: 5000,
  })
  limitPoints!: number;

  @DateField({ optional: true, description: 'First day; today without it' })
  activeFrom?: string;

  @DateField({ optional: true, example: '2099-12-31', description: 'Last day; without it, until it is ended' })
  activeUntil?: string;
}

class KeyPersonView {
  @IdField({ readOnly: true, description: 'Of the customer who is the key person' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'PointsKeyPerson' }) '@type'!: string;
  @EnumField({ values: KEY_ROLES }) role!: string;
  @IntegerField({ example: 5000 }) limitPoints!: number;
  @DateField() activeFrom!: string;
  @DateField({ optional: true }) activeUntil?: string | undefined;
}

class CreateGroupRedemption {
  @IdField({ description: 'The key person who asks' })
  personId!: string;

  @IntegerField({ min: 1, example: 500 })
  points!: number;

  @EnumField({ values: CHANNELS, description: 'Where the key person asked' })
  channel!: string;

  @EnumField({
    values: PURPOSES,
    description: 'Services (积分享福), mobile products (积分加油站) or goods (积分自由行)',
  })
  purpose!: Purpose;
}

class GroupRedemptionView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'PointsRedemption' }) '@type'!: string;
  @IdField({ description: 'The group' }) customerId!: string;
  @IdField() personId!: string;
  @IntegerField({ example: 500 }) points!: number;
  @IntegerField({ description: 'In fen: 2 per point, always', example: 1000 }) valueInFen!: number;
  @EnumField({ values: PURPOSES }) purpose!: string;
  @IntegerField({ description: 'Points of the group right after it', example: 4500 }) availableAfter!: number;
  @InstantField() redeemedAt!: Date;
}

@ApiTags('Points: group customers (集团客户积分)')
@Controller(`${accounts.path}/:customerId`)
export class GroupAccountsController {
  constructor(
    private readonly persons: KeyPersonRegister,
    private readonly redeeming: RedeemForGroupUseCase,
    private readonly register: AccessRegister,
  ) {}

  @Get('keyPerson')
  @Operation({
    summary: 'Who may redeem the points of a group (集团关键人物查询)',
    permission: 'points.read',
    concerns: OF_CUSTOMER,
    returns: [KeyPersonView],
    refusals: [CustomerNotFound],
  })
  async list(@CustomerId() groupId: string, @CurrentActor() actor: Actor): Promise<KeyPersonView[]> {
    const found = await this.persons.list(groupId);
    const customerIds = [groupId, ...found.map(({ personId }) => personId)];
    await this.register.record({ actor, action: 'points.keyPersons', customerIds, fieldGroups: ['points', 'groups'] });
    return found.map(viewOf);
  }

  @Post('keyPerson')
  @Operation({
    summary: 'Let a person redeem the points of a group (集团关键人物登记)',
    description: 'Registered again, what is said now takes the place of what was said before.',
    permission: 'points.group',
    concerns: OF_CUSTOMER,
    creates: KeyPersonView,
    refusals: [CustomerNotFound, NotAGroupAccount, PersonNotPossible, KeyPersonDaysInvalid],
  })
  async registerPerson(
    @CustomerId() groupId: string,
    @Body() { personId, role, limitPoints, activeFrom, activeUntil }: CreateKeyPerson,
    @CurrentActor() { id: actorId }: Actor,
  ): Promise<KeyPersonView> {
    const asked = { groupId, personId, role, limitPoints, activeFrom, activeUntil };
    return viewOf(await this.persons.register(asked, actorId));
  }

  @Delete('keyPerson/:personId')
  @Operation({
    summary: 'A person redeems for a group no more (撤销集团关键人物)',
    description: 'Who is not registered, is not afterwards.',
    permission: 'points.group',
    concerns: OF_CUSTOMER,
    noContent: true,
    refusals: [CustomerNotFound],
  })
  end(@CustomerId() groupId: string, @Param('personId', ResourceIdPipe) personId: string): Promise<void> {
    return this.persons.end(groupId, personId);
  }

  @Post('groupRedemption')
  @Operation({
    summary: 'Redeem the points of a group (集团客户积分兑换)',
    description:
      'One of its key persons asks, within the days and the limit that are registered. What expires first is used first. The ' +
      'Idempotency-Key is also kept in the ledger, so that a repetition is harmless for ever.',
    permission: 'points.redeem',
    concerns: OF_CUSTOMER,
    creates: GroupRedemptionView,
    idempotent: true,
    refusals: [
      ...[CustomerNotFound, NotAGroupAccount, NotAuthorisedForGroup, KeyPersonLimitReached, InsufficientPoints],
      ...[BelowThreshold, AccountFrozen, AccountClosed, KeyReused, BudgetUsedUp],
    ],
  })
  async redeem(
    @CustomerId() groupId: string,
    @Body() { personId, points, channel, purpose }: CreateGroupRedemption,
    @IdempotencyKey() key: string | undefined,
    @CurrentActor() { id: actorId }: Actor,
  ): Promise<GroupRedemptionView> {
    const redeemed = await this.redeeming.execute({ groupId, personId, points, channel, purpose, key, actorId });
    return {
      ...headOf(redemptions, redeemed.redemptionId),
      ...{ customerId: groupId, personId, points: redeemed.points, valueInFen: redeemed.valueInFen },
      ...{ purpose: redeemed.purpose, availableAfter: redeemed.availableAfter, redeemedAt: redeemed.redeemedAt },
    };
  }
}

const viewOf = ({ customerId, personId, role, limitPoints, activeFrom, activeUntil }: KeyPerson): KeyPersonView => ({
  ...headOf({ type: 'PointsKeyPerson', path: `${accounts.path}/${customerId}/keyPerson` }, personId),
  ...{ role, limitPoints, activeFrom },
  activeUntil: activeUntil === FOREVER ? undefined : activeUntil,
});
