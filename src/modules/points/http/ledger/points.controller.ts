import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Database } from '../../../../platform/database/index.js';
import {
  CurrentActor,
  headOf,
  IdempotencyKey,
  ListQuery,
  type ListRequest,
  Operation,
  type Page,
  readPage,
  ResourceIdPipe,
} from '../../../../platform/http/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import { AccessRegister } from '../../../organization/index.js';
import { CardCannotRedeem, CardOfSomebodyElse, InvalidCardNumber } from '../../../tiering/index.js';
import { FindAccount } from '../../application/ledger/account.query.js';
import { FindEarnRuleSets } from '../../application/earning/earn-rule-sets.query.js';
import { ProvePoints } from '../../application/proof/prove-points.js';
import { RedeemPointsUseCase } from '../../application/ledger/redeem-points.js';
import { FindRedemption, type Redemption } from '../../application/ledger/redemption.query.js';
import { ReverseRedemptionUseCase } from '../../application/ledger/reverse-redemption.js';
import { STATEMENT, type StatementRow } from '../../application/ledger/statement.js';
import { noticeDaysOf } from '../../domain/expiry/expiry.js';
import { valueInFen } from '../../domain/ledger/points-value.js';
import { AccountClosed, KeyReused, RedemptionNotFound, ReversalTooLate } from '../../domain/ledger/refusals.js';
import { BudgetUsedUp } from '../../domain/money/refusals-of-money.js';
import { RedeemedForAnItem } from '../../domain/exchange/refusals-of-exchange.js';
import {
  CreateRedemption,
  CreateRedemptionReversal,
  EarnRuleSetView,
  PointsAccountView,
  PointsEntryView,
  PointsExpiryView,
  PointsProofView,
  PointsRedemptionView,
} from './points.dto.js';
import { CustomerId, OF_CUSTOMER, SPENDING_REFUSALS } from './of-customer.js';
import { accounts, earnRuleSets, entries, redemptions } from './points.resources.js';

@ApiTags('Points (积分)')
@Controller('/care-api/points/v1')
export class PointsController {
  constructor(
    private readonly database: Database,
    private readonly account: FindAccount,
    private readonly findRedemption: FindRedemption,
    private readonly redeeming: RedeemPointsUseCase,
    private readonly reversing: ReverseRedemptionUseCase,
    private readonly proving: ProvePoints,
    private readonly findRuleSets: FindEarnRuleSets,
    private readonly register: AccessRegister,
  ) {}

  @Get('account/:customerId')
  @Operation({
    summary: 'Balance of a customer (积分查询)',
    permission: 'points.read',
    selfService: true,
    concerns: OF_CUSTOMER,
    returns: PointsAccountView,
    refusals: [CustomerNotFound],
  })
  async balance(@CustomerId() customerId: string, @CurrentActor() actor: Actor): Promise<PointsAccountView> {
    const balance = await this.account.balanceOf(customerId);
    await this.registerRead(actor, customerId);
    return {
      ...headOf(accounts, customerId),
      customerId,
      available: balance.available,
      held: balance.held,
      pending: balance.pending,
      debt: balance.debt,
      valueInFen: balance.valueInFen,
      qualifying: balance.qualifying,
      canRedeem: balance.canRedeem,
      gapToRedeem: balance.gapToRedeem,
      pointsYear: balance.pointsYear,
      earnedThisPointsYear: balance.earnedThisPointsYear,
      status: balance.status,
    };
  }

  @Get('account/:customerId/entry')
  @Operation({
    summary: 'Statement of a customer, newest first (积分明细)',
    permission: 'points.read',
    selfService: true,
    concerns: OF_CUSTOMER,
    returns: PointsEntryView,
    refusals: [CustomerNotFound],
  })
  async statement(
    @CustomerId() customerId: string,
    @ListQuery(entries) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<PointsEntryView>> {
    await this.account.assertExists(customerId);
    const page = await readPage<StatementRow, PointsEntryView>(
      this.database,
      list,
      {
        ...STATEMENT,
        where: 'j.customer_id = $1',
        params: [customerId],
      },
      (row) => entryViewOf(customerId, row),
    );
    await this.registerRead(actor, customerId);
    return page;
  }

  @Get('account/:customerId/expiry')
  @Operation({
    summary: 'Which points expire when (积分到期)',
    permission: 'points.read',
    selfService: true,
    concerns: OF_CUSTOMER,
    returns: PointsExpiryView,
    refusals: [CustomerNotFound],
  })
  async expiry(@CustomerId() customerId: string, @CurrentActor() actor: Actor): Promise<PointsExpiryView> {
    const lots = await this.account.expiryOf(customerId);
    await this.registerRead(actor, customerId);
    return {
      id: customerId,
      href: `${accounts.path}/${customerId}/expiry`,
      '@type': 'PointsExpiry',
      lot: lots.map(({ expiresOn, pointsType, funderId, points, valueInFen }) => ({
        ...(expiresOn && { expiresOn }),
        pointsType,
        funderId,
        points,
        valueInFen,
        noticeOn: expiresOn ? noticeDaysOf(expiresOn) : [],
      })),
    };
  }

  @Post('redemption')
  @Operation({
    summary: 'Redeem points (积分兑换)',
    description:
      'Points that expire first are used first; 50 points are one yuan. The Idempotency-Key is also kept in the ledger, so ' +
      'that a repetition is harmless for ever.',
    permission: 'points.redeem',
    selfService: true,
    freshCode: true,
    concerns: { customer: 'body.customerId', unknown: CustomerNotFound },
    creates: PointsRedemptionView,
    idempotent: true,
    refusals: [
      ...SPENDING_REFUSALS,
      ...[KeyReused, InvalidCardNumber, CardOfSomebodyElse, CardCannotRedeem, BudgetUsedUp],
    ],
  })
  async redeem(
    @Body() { customerId, points, channel, purpose, cardNumber }: CreateRedemption,
    @IdempotencyKey() key: string | undefined,
    @CurrentActor() actor: Actor,
  ): Promise<PointsRedemptionView> {
    return redemptionViewOf(
      await this.redeeming.execute({ customerId, points, channel, purpose, cardNumber, key, actorId: actor.id }),
    );
  }

  @Get('redemption/:id')
  @Operation({
    summary: 'One redemption (兑换详情)',
    permission: 'points.read',
    selfService: true,
    concerns: { redemption: 'params.id', unknown: RedemptionNotFound },
    returns: PointsRedemptionView,
    refusals: [RedemptionNotFound],
  })
  async redemption(
    @Param('id', ResourceIdPipe) id: string,
    @CurrentActor() actor: Actor,
  ): Promise<PointsRedemptionView> {
    const found = await this.findRedemption.execute(id);
    await this.registerRead(actor, found.customerId);
    return redemptionViewOf(found);
  }

  @Post('redemption/:id/reversal')
  @Operation({
    summary: 'Cancel a redemption on its own day (撤销兑换)',
    description: 'All its points return to the lots that they came from. A second cancellation is the same one.',
    permission: 'points.redeem',
    concerns: { redemption: 'params.id', unknown: RedemptionNotFound },
    creates: PointsRedemptionView,
    refusals: [RedemptionNotFound, RedeemedForAnItem, ReversalTooLate, AccountClosed],
  })
  async reverse(
    @Param('id', ResourceIdPipe) redemptionId: string,
    @Body() { channel }: CreateRedemptionReversal,
    @CurrentActor() actor: Actor,
  ): Promise<PointsRedemptionView> {
    return redemptionViewOf(await this.reversing.execute({ redemptionId, channel, actorId: actor.id }));
  }

  @Get('earnRuleSet')
  @Operation({
    summary: 'How bills earn points (积分规则)',
    permission: 'points.read',
    selfService: true,
    returns: [EarnRuleSetView],
  })
  async ruleSets(): Promise<EarnRuleSetView[]> {
    const sets = await this.findRuleSets.execute();
    return sets.map(({ version, effectiveFrom, effectiveTo, rules }) => ({
      ...headOf(earnRuleSets, String(version)),
      version,
      effectiveFrom,
      ...(effectiveTo !== 'infinity' && { effectiveTo }),
      ...rules,
    }));
  }

  @Post('proof')
  @Operation({
    summary: 'Prove that every balance equals its history (积分账务核对)',
    permission: 'points.prove',
    limit: { perMinute: 10 },
    takesLong: true,
    wholeOperator: true,
    returns: PointsProofView,
  })
  async prove(): Promise<PointsProofView> {
    const { ok, checks, customers, postings, seconds } = await this.proving.execute();
    return {
      '@type': 'PointsProof',
      ok,
      checks: checks.map(({ id, title, violations, first }) => ({ id, title, violations, first: [...first] })),
      customers,
      postings,
      milliseconds: Math.round(seconds * 1000),
    };
  }

  private registerRead(actor: Actor, customerId: string): Promise<void> {
    return this.register.record({
      actor,
      action: 'points.read',
      customerIds: [customerId],
      fieldGroups: ['points'],
    });
  }
}

const entryViewOf = (customerId: string, row: StatementRow): PointsEntryView => ({
  ...headOf({ type: entries.type, path: `${accounts.path}/${customerId}/entry` }, row.journal_id),
  sequence: row.account_version,
  kind: row.kind,
  points: row.points,
  valueInFen: valueInFen(row.points),
  availableAfter: row.available_after,
  businessDate: row.business_date,
  occurredAt: row.occurred_at,
  recordedAt: row.recorded_at,
  ...(row.channel && { channel: row.channel }),
  ...(row.source_ref && { billNo: row.source_ref }),
  ...(row.items && { item: row.items }),
  ...(row.reverses_journal_id && { reverses: row.reverses_journal_id }),
});

const redemptionViewOf = (redemption: Redemption): PointsRedemptionView => ({
  ...headOf(redemptions, redemption.redemptionId),
  customerId: redemption.customerId,
  points: redemption.points,
  valueInFen: redemption.valueInFen,
  purpose: redemption.purpose,
  channel: redemption.channel,
  status: redemption.status,
  availableAfter: redemption.availableAfter,
  redeemedAt: redemption.redeemedAt,
  ...(redemption.reversedAt && { reversedAt: redemption.reversedAt }),
});
