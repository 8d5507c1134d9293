import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  BooleanField,
  CurrentActor,
  DateField,
  defineResource,
  EnumField,
  headOf,
  IdempotencyKey,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  ListQuery,
  type ListRequest,
  ObjectField,
  Operation,
  type Page,
  ResourceIdPipe,
  TextField,
} from '../../../../platform/http/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import { AccessRegister } from '../../../organization/index.js';
import { FreezeAccount } from '../../application/manual/freeze-account.js';
import { FindManualEntries } from '../../application/manual/manual-entries.query.js';
import { PointsLists } from '../../application/ledger/points-lists.query.js';
import { PostByHand, type PostedByHand } from '../../application/manual/post-by-hand.js';
import { POINTS_TYPES } from '../../domain/ledger/ledger.js';
import {
  AccountClosed,
  InsufficientPoints,
  InvalidPointsAmount,
  KeyReused,
  RealNameNeeded,
} from '../../domain/ledger/refusals.js';
import { ManualEntryNotFound, UnknownReason } from '../../domain/manual/refusals-of-gifts.js';

const BASE = '/care-api/points/v1';
const KINDS = ['GIFT', 'ADJUSTMENT'] as const;

const manualEntries = defineResource({
  type: 'ManualPointsEntry',
  path: `${BASE}/manualEntry`,
  attributes: {
    id: { type: 'id', column: 'm.journal_id', filter: true },
    customerId: { type: 'id', column: 'm.customer_id', filter: true },
    kind: { type: 'enum', column: 'm.kind', values: KINDS, filter: true },
    reasonCode: { type: 'text', column: 'm.reason_code', filter: true },
    costCentre: { type: 'text', column: 'm.cost_centre', filter: true },
    askedBy: { type: 'text', column: 'm.asked_by', filter: true },
    points: { type: 'integer', column: 'm.points', filter: true, sort: true },
    businessDate: { type: 'date', column: 'm.business_date', filter: true, sort: true },
    postedAt: { type: 'instant', column: 'm.posted_at', filter: true, sort: true },
  },
  defaultSort: '-postedAt',
  rowsOf: { customerId: 'm.customer_id' },
});

const COST_CENTRE = {
  pattern: /^[A-Z0-9][A-Z0-9-]{1,19}$/,
  patternMeans: 'a code of 2 to 20 capital letters, digits and dashes',
  example: 'CC-4400-CARE',
  description: 'Who bears the cost (成本中心)',
};

class GivePointsBody {
  @IdField({ description: 'The id of a customer, from their list' }) customerId!: string;
  @IntegerField({ min: 1, max: 10_000_000, example: 100 }) points!: number;
  @TextField({ maxLength: 40, example: 'COURTESY', description: 'One of `GET reasonCode` for gifts' })
  reasonCode!: string;
  @TextField(COST_CENTRE) costCentre!: string;
}

class AdjustPointsBody {
  @IdField({ description: 'The id of a customer, from their list' }) customerId!: string;
  @IntegerField({ min: -10_000_000, max: 10_000_000, example: 50, description: 'Negative to take points; not 0' })
  points!: number;
  @TextField({ maxLength: 40, example: 'MISSED_POINTS', description: 'One of `GET reasonCode` for adjustments' })
  reasonCode!: string;
  @TextField(COST_CENTRE) costCentre!: string;
}

class ManualPointsEntryView {
  @IdField({ readOnly: true, description: 'Of the entry in the ledger' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'ManualPointsEntry' }) '@type'!: string;
  @IdField() customerId!: string;
  @EnumField({ values: KINDS }) kind!: string;
  @IntegerField({ example: 100 }) points!: number;
  @TextField({ example: 'COURTESY' }) reasonCode!: string;
  @TextField({ example: 'CC-4400-CARE' }) costCentre!: string;
  @TextField() askedBy!: string;
  @TextField({ optional: true }) approvedBy?: string;
  @TextField({ optional: true }) approvalHref?: string;
  @DateField() businessDate!: string;
  @InstantField() postedAt!: Date;
}

class PostedByHandView {
  @TextField({ example: 'PostedByHand' }) '@type'!: string;
  @EnumField({ values: ['posted', 'awaiting-approval'] }) status!: string;
  @ObjectField(() => ManualPointsEntryView, { optional: true, description: 'Where it is posted' })
  entry?: ManualPointsEntryView;
  @TextField({ optional: true, description: 'The request that somebody else approves' }) approvalHref?: string;
}

class FreezeAccountBody {
  @TextField({ maxLength: 40, example: 'FRAUD_SUSPECTED', description: 'One of `GET reasonCode` for freezes' })
  reasonCode!: string;
}

class UnfreezeAccountBody {
  @TextField({ maxLength: 40, example: 'CLEARED', description: 'One of `GET reasonCode` for ends of freezes' })
  reasonCode!: string;
}

class AccountFreezeView {
  @IdField() freezeId!: string;
  @TextField({ example: 'FRAUD_SUSPECTED' }) reasonCode!: string;
  @TextField() frozenBy!: string;
  @InstantField() frozenAt!: Date;
  @TextField({ optional: true, example: 'CLEARED' }) endReasonCode?: string;
  @TextField({ optional: true }) endedBy?: string;
  @InstantField({ optional: true }) endedAt?: Date;
}

class AccountFreezesView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'PointsAccountFreeze' }) '@type'!: string;
  @BooleanField({ description: 'A frozen account earns and does not spend' }) isFrozen!: boolean;
  @ListField(() => AccountFreezeView, { description: 'The latest first' }) freeze!: AccountFreezeView[];
}

class ListLabel {
  @TextField({ example: 'Given as a courtesy' }) en!: string;
  @TextField({ example: '赠送积分' }) zh!: string;
}

class PointsClassView {
  @EnumField({ values: POINTS_TYPES, example: 'GIFT' }) pointsType!: string;
  @ObjectField(() => ListLabel) label!: ListLabel;
  @BooleanField({ description: 'Counts towards the threshold of the plan (资格积分)' }) qualifies!: boolean;
}

class ReasonCodeView {
  @TextField({ example: 'COURTESY' }) code!: string;
  @ObjectField(() => ListLabel) label!: ListLabel;
  @EnumField({ values: ['GIFT', 'ADJUSTMENT', 'FREEZE', 'UNFREEZE'] }) usedFor!: string;
}

class FunderView {
  @TextField({ example: 'OPERATOR' }) funderId!: string;
  @EnumField({ values: ['OPERATOR', 'CAMPAIGN', 'PARTNER'] }) kind!: string;
  @ObjectField(() => ListLabel) label!: ListLabel;
}

@ApiTags('Points by hand (手工积分)')
@Controller(BASE)
export class ManualPointsController {
  constructor(
    private readonly posting: PostByHand,
    private readonly find: FindManualEntries,
    private readonly freezing: FreezeAccount,
    private readonly lists: PointsLists,
    private readonly register: AccessRegister,
  ) {}

  @Post('gift')
  @Operation({
    summary: 'Give points as a courtesy (赠送积分)',
    description:
      'Of the class GIFT, for a reason and a cost centre. What one person gives a customer on one day is limited; beyond it somebody else ' +
      'approves. The Idempotency-Key is also kept in the ledger.',
    permission: 'points.grant',
    concerns: { customer: 'body.customerId', unknown: CustomerNotFound },
    returns: PostedByHandView,
    idempotent: true,
    refusals: [CustomerNotFound, UnknownReason, KeyReused, AccountClosed, RealNameNeeded],
  })
  async give(
    @Body() { customerId, points, reasonCode, costCentre }: GivePointsBody,
    @IdempotencyKey() key: string | undefined,
    @CurrentActor() actor: Actor,
  ): Promise<PostedByHandView> {
    const asked = { customerId, kind: 'GIFT', points, reasonCode, costCentre } as const;
    return postedViewOf(await this.posting.execute(asked, key, actor));
  }

  @Post('adjustment')
  @Operation({
    summary: 'Put points right by hand (调账)',
    description:
      'For a reason and a cost centre; beyond the limit of a day somebody else approves. Points are taken as they expire, also from a frozen ' +
      'account; what is given is of the class ADJUSTMENT.',
    permission: 'points.adjust',
    concerns: { customer: 'body.customerId', unknown: CustomerNotFound },
    returns: PostedByHandView,
    idempotent: true,
    refusals: [
      ...[CustomerNotFound, InvalidPointsAmount, UnknownReason, KeyReused, AccountClosed, RealNameNeeded],
      InsufficientPoints,
    ],
  })
  async adjust(
    @Body() { customerId, points, reasonCode, costCentre }: AdjustPointsBody,
    @IdempotencyKey() key: string | undefined,
    @CurrentActor() actor: Actor,
  ): Promise<PostedByHandView> {
    const asked = { customerId, kind: 'ADJUSTMENT', points, reasonCode, costCentre } as const;
    return postedViewOf(await this.posting.execute(asked, key, actor));
  }

  @Get('manualEntry')
  @Operation({
    summary: 'Gifts and adjustments (赠送与调账清单)',
    permission: 'points.read',
    returns: ManualPointsEntryView,
  })
  async list(
    @ListQuery(manualEntries) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<ManualPointsEntryView>> {
    const customers = new Set<string>();
    const page = await this.find.list(list, (entry) => {
      customers.add(entry.customerId);
      return entryViewOf(entry);
    });
    await this.registerRead(actor, [...customers]);
    return page;
  }

  @Get('manualEntry/:id')
  @Operation({
    summary: 'One gift or adjustment (赠送或调账详情)',
    permission: 'points.read',
    concerns: { manualEntry: 'params.id', unknown: ManualEntryNotFound },
    returns: ManualPointsEntryView,
    refusals: [ManualEntryNotFound],
  })
  async get(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<ManualPointsEntryView> {
    const entry = await this.find.one(id);
    await this.registerRead(actor, [entry.customerId]);
    return entryViewOf(entry);
  }

  @Post('account/:customerId/freeze')
  @Operation({
    summary: 'Freeze an account (冻结积分账户)',
    description: 'It earns and does not spend until somebody lets go of it. Frozen again, it stays as it is.',
    permission: 'points.adjust',
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    returns: AccountFreezesView,
    refusals: [CustomerNotFound, UnknownReason],
  })
  async freeze(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @Body() { reasonCode }: FreezeAccountBody,
    @CurrentActor() actor: Actor,
  ): Promise<AccountFreezesView> {
    await this.freezing.freeze({ customerId, reasonCode, actorId: actor.id });
    return this.freezesView(customerId, actor);
  }

  @Post('account/:customerId/unfreeze')
  @Operation({
    summary: 'Let go of a frozen account (解冻积分账户)',
    permission: 'points.adjust',
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    returns: AccountFreezesView,
    refusals: [CustomerNotFound, UnknownReason],
  })
  async unfreeze(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @Body() { reasonCode }: UnfreezeAccountBody,
    @CurrentActor() actor: Actor,
  ): Promise<AccountFreezesView> {
    await this.freezing.unfreeze({ customerId, reasonCode, actorId: actor.id });
    return this.freezesView(customerId, actor);
  }

  @Get('account/:customerId/freeze')
  @Operation({
    summary: 'When and why an account was frozen (账户冻结记录)',
    permission: 'points.read',
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    returns: AccountFreezesView,
    refusals: [CustomerNotFound],
  })
  freezes(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @CurrentActor() actor: Actor,
  ): Promise<AccountFreezesView> {
    return this.freezesView(customerId, actor);
  }

  @Get('pointsClass')
  @Operation({
    summary: 'Classes of points (积分分类)',
    description: 'What each may be used for, the catalogue says.',
    permission: 'points.read',
    returns: [PointsClassView],
  })
  async classes(): Promise<PointsClassView[]> {
    const classes = await this.lists.classes();
    return classes.map(({ pointsType, labelEn, labelZh, qualifies }) => ({
      pointsType,
      label: { en: labelEn, zh: labelZh },
      qualifies,
    }));
  }

  @Get('reasonCode')
  @Operation({
    summary: 'Reasons for gifts, adjustments and freezes (原因代码)',
    permission: 'points.read',
    returns: [ReasonCodeView],
  })
  async reasons(): Promise<ReasonCodeView[]> {
    const reasons = await this.lists.reasons();
    return reasons.map(({ code, labelEn, labelZh, usedFor }) => ({
      code,
      label: { en: labelEn, zh: labelZh },
      usedFor,
    }));
  }

  @Get('funder')
  @Operation({ summary: 'Who pays for points (积分出资方)', permission: 'points.read', returns: [FunderView] })
  async funders(): Promise<FunderView[]> {
    const funders = await this.lists.funders();
    return funders.map(({ funderId, kind, labelEn, labelZh }) => ({
      funderId,
      kind,
      label: { en: labelEn, zh: labelZh },
    }));
  }

  private async freezesView(customerId: string, actor: Actor): Promise<AccountFreezesView> {
    const freezes = await this.freezing.of(customerId);
    await this.registerRead(actor, [customerId]);
    return {
      id: customerId,
      href: `${BASE}/account/${customerId}/freeze`,
      '@type': 'PointsAccountFreeze',
      isFrozen: freezes.some(({ endedAt }) => endedAt === null),
      freeze: freezes.map(({ freezeId, reasonCode, frozenBy, frozenAt, endReasonCode, endedBy, endedAt }) => ({
        ...{ freezeId, reasonCode, frozenBy, frozenAt },
        ...(endReasonCode && endedBy && endedAt && { endReasonCode, endedBy, endedAt }),
      })),
    };
  }

  private registerRead(actor: Actor, customerIds: readonly string[]): Promise<void> {
    return this.register.record({ actor, action: 'points.read', customerIds, fieldGroups: ['points'] });
  }
}

type Entry = Extract<PostedByHand, { readonly entry: unknown }>['entry'];

const approvalAt = (approvalId: string): string => `/care-api/organization/v1/approval/${approvalId}`;

const entryViewOf = (entry: Entry): ManualPointsEntryView => ({
  ...headOf(manualEntries, entry.journalId),
  customerId: entry.customerId,
  kind: entry.kind,
  points: entry.points,
  reasonCode: entry.reasonCode,
  costCentre: entry.costCentre,
  askedBy: entry.askedBy,
  ...(entry.approval && {
    approvedBy: entry.approval.approvedBy,
    approvalHref: approvalAt(entry.approval.approvalId),
  }),
  businessDate: entry.businessDate,
  postedAt: entry.postedAt,
});

const postedViewOf = (posted: PostedByHand): PostedByHandView => ({
  '@type': 'PostedByHand',
  ...('entry' in posted
    ? { status: 'posted', entry: entryViewOf(posted.entry) }
    : { status: 'awaiting-approval', approvalHref: approvalAt(posted.approvalId) }),
});
