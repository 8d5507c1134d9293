import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor,
  DateField,
  defineResource,
  EnumField,
  headOf,
  IdField,
  InstantField,
  ListQuery,
  Operation,
  ResourceIdPipe,
  TextField,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { CustomerNotFound } from '../../customers/index.js';
import { AccessRegister, RequestWithoutReason } from '../../organization/index.js';
import { FindTransfers } from '../application/membership-transfers.query.js';
import { TransferMembership } from '../application/transfer-membership.js';
import { COOLING_OFF_DAYS, transferStatuses, type MembershipTransfer } from '../domain/membership-transfer.js';
import { NoRuleSetInEffect } from '../domain/refusals.js';
import {
  LevelByHand,
  NothingToTransfer,
  PartyHasLeft,
  PartyWithoutRealName,
  ReceiverStandsAsHigh,
  SubscriptionOfNobodyHere,
  TransferClosed,
  TransferNotFound,
  TransferToNobodyElse,
  TransferUnderWay,
  VerificationMissing,
} from '../domain/refusals-of-transfers.js';
import { tiers, type Tier } from '../domain/tier.js';

class CreateMembershipTransfer {
  @IdField({ description: 'The giver' })
  fromCustomerId!: string;

  @IdField({ description: 'The receiver; the giver again, when it goes to another number of the same customer' })
  toCustomerId!: string;

  @IdField({ optional: true, example: undefined, description: 'The number of the giver that it goes to' })
  toSubscriptionId?: string;

  @IdField({ description: 'Your callerVerification of the giver, of the last 15 minutes' })
  fromVerificationId!: string;

  @IdField({ optional: true, description: 'The same of the receiver' })
  toVerificationId?: string;

  @TextField({ maxLength: 300, example: '客户夫妻间转移会员身份', description: 'For whoever approves' })
  reason!: string;
}

class WithdrawTransferBody {
  @TextField({ optional: true, maxLength: 300, example: '客户反悔', description: 'For the audit' })
  reason?: string;
}

class MembershipTransferView {
  @IdField({ readOnly: true })
  id!: string;

  @TextField({ readOnly: true })
  href!: string;

  @TextField({ example: 'MembershipTransfer' })
  '@type'!: string;

  @IdField()
  fromCustomerId!: string;

  @IdField()
  toCustomerId!: string;

  @IdField({ optional: true })
  toSubscriptionId?: string | undefined;

  @EnumField({ values: tiers, enumName: 'Tier', description: 'What the giver held when it was asked' })
  tier!: Tier;

  @EnumField({ values: transferStatuses, enumName: 'MembershipTransferStatus' })
  status!: string;

  @TextField()
  reason!: string;

  @IdField()
  askedBy!: string;

  @InstantField()
  askedAt!: Date;

  @IdField({ description: 'The request that a second person approves' })
  approvalId!: string;

  @IdField({ optional: true })
  approvedBy?: string | undefined;

  @InstantField({ optional: true })
  approvedAt?: Date | undefined;

  @DateField({ optional: true, description: 'The day on which it is carried out, unless it is withdrawn' })
  carriesOutOn?: string | undefined;

  @InstantField({ optional: true })
  closedAt?: Date | undefined;

  @TextField({ optional: true, example: 'transfers.party-has-left', description: 'What stood in its way on its day' })
  failure?: string | undefined;
}

const transfers = defineResource({
  type: 'MembershipTransfer',
  path: '/care-api/tiering/v1/membershipTransfer',
  attributes: {
    id: { type: 'id', column: 't.transfer_id', filter: true },
    fromCustomerId: { type: 'id', column: 't.customer_id', filter: true },
    toCustomerId: { type: 'id', column: 't.to_customer_id', filter: true },
    status: { type: 'enum', column: 't.status', values: transferStatuses, filter: true },
    askedAt: { type: 'instant', column: 't.asked_at', filter: true, sort: true },
    carriesOutOn: { type: 'date', column: 't.carries_out_on', filter: true, sort: true },
  },
  defaultSort: '-askedAt',
  rowsOf: { customerId: 't.customer_id' },
});

@ApiTags('Cards and membership (VIP卡与会员)')
@Controller(transfers.path)
export class MembershipTransfersController {
  constructor(
    private readonly find: FindTransfers,
    private readonly transferring: TransferMembership,
    private readonly register: AccessRegister,
  ) {}

  @Get()
  @Operation({
    summary: 'List transfers of memberships (查询身份转移)',
    permission: 'tiering.read',
    returns: MembershipTransferView,
  })
  async list(
    @ListQuery(transfers) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<MembershipTransferView>> {
    const shown: MembershipTransfer[] = [];
    const page = await this.find.list(list, (transfer) => {
      shown.push(transfer);
      return viewOf(transfer);
    });
    if (shown.length > 0) await this.registerLook(actor, 'transfers.list', shown);
    return page;
  }

  @Get(':id')
  @Operation({
    summary: 'One transfer of a membership (身份转移详情)',
    permission: 'tiering.read',
    concerns: { membershipTransfer: 'params.id', unknown: TransferNotFound },
    returns: MembershipTransferView,
    refusals: [TransferNotFound],
  })
  async get(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<MembershipTransferView> {
    const transfer = await this.find.one(id);
    await this.registerLook(actor, 'transfers.read', [transfer]);
    return viewOf(transfer);
  }

  @Post()
  @Operation({
    summary: 'Ask that a membership is transferred (VIP俱乐部会员身份转移)',
    description:
      'From the customer who holds the level to another, or to another number of the same customer. Both are known by their real names and ' +
      `were verified by you minutes ago; a second person approves; then it cools off for ${COOLING_OFF_DAYS} days, in which it may be withdrawn. ` +
      'On its day level and card go over at once and hold until the next review. Points stay with the giver.',
    permission: 'membership.transfer',
    concerns: { customer: 'body.fromCustomerId', receiver: 'body.toCustomerId', unknown: CustomerNotFound },
    idempotent: true,
    creates: MembershipTransferView,
    refusals: [
      ...([
        CustomerNotFound,
        'forbidden customers.caller-not-verified',
        VerificationMissing,
        TransferToNobodyElse,
      ] as const),
      ...[TransferUnderWay, PartyHasLeft, PartyWithoutRealName, NothingToTransfer, LevelByHand, ReceiverStandsAsHigh],
      ...[SubscriptionOfNobodyHere, NoRuleSetInEffect, RequestWithoutReason],
    ],
  })
  async ask(@Body() body: CreateMembershipTransfer, @CurrentActor() actor: Actor): Promise<MembershipTransferView> {
    const {
      fromCustomerId,
      toCustomerId,
      toSubscriptionId = null,
      fromVerificationId,
      toVerificationId,
      reason,
    } = body;
    const asked = { fromCustomerId, toCustomerId, toSubscriptionId, fromVerificationId, toVerificationId, reason };
    const transfer = await this.transferring.ask(asked, actor);
    await this.registerLook(actor, 'transfers.ask', [transfer]);
    return viewOf(transfer);
  }

  @Post(':id/withdrawal')
  @HttpCode(200)
  @Operation({
    summary: 'Withdraw a transfer (撤回身份转移)',
    description: 'While it waits for approval or cools off. Told twice, it is withdrawn once.',
    permission: 'membership.transfer',
    concerns: { membershipTransfer: 'params.id', unknown: TransferNotFound },
    returns: MembershipTransferView,
    refusals: [TransferNotFound, TransferClosed],
  })
  async withdraw(
    @Param('id', ResourceIdPipe) id: string,
    @Body() _: WithdrawTransferBody,
    @CurrentActor() actor: Actor,
  ): Promise<MembershipTransferView> {
    const transfer = await this.transferring.withdraw(id, actor);
    await this.registerLook(actor, 'transfers.withdraw', [transfer]);
    return viewOf(transfer);
  }

  private registerLook(actor: Actor, action: string, shown: readonly MembershipTransfer[]): Promise<void> {
    const ends = shown.flatMap(({ fromCustomerId, toCustomerId }) => [fromCustomerId, toCustomerId]);
    return this.register.record({ actor, action, customerIds: [...new Set(ends)], fieldGroups: ['tier'] });
  }
}

const viewOf = (transfer: MembershipTransfer): MembershipTransferView => ({
  ...headOf(transfers, transfer.transferId),
  fromCustomerId: transfer.fromCustomerId,
  toCustomerId: transfer.toCustomerId,
  toSubscriptionId: transfer.toSubscriptionId ?? undefined,
  tier: transfer.tier,
  status: transfer.status,
  reason: transfer.reason,
  askedBy: transfer.askedBy,
  askedAt: transfer.askedAt,
  approvalId: transfer.approvalId,
  approvedBy: transfer.approvedBy ?? undefined,
  approvedAt: transfer.approvedAt ?? undefined,
  carriesOutOn: transfer.carriesOutOn ?? undefined,
  closedAt: transfer.closedAt ?? undefined,
  failure: transfer.failure ?? undefined,
});
