import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Database } from '../../../../platform/database/index.js';
import {
  CurrentActor,
  filterValues,
  headOf,
  hrefOf,
  ListQuery,
  type ListRequest,
  type ListSource,
  Operation,
  type Page,
  readPage,
  type Resource,
} from '../../../../platform/http/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import { AccessRegister } from '../../../organization/index.js';
import {
  BALANCES,
  BURNS,
  COUNTED_UP_TO,
  EARNS,
  FindLoyalty,
  loyaltyBalanceId,
  type LoyaltyBalanceRow,
  type LoyaltyMemberRow,
  loyaltyMovementId,
  type LoyaltyMovementRow,
  MEMBERS,
} from '../../application/loyalty/loyalty.query.js';
import { daysAfter } from '../../domain/expiry/expiry.js';
import { LoyaltyListTooWide, LoyaltyResourceNotFound } from '../../domain/ledger/refusals-of-loyalty.js';
import {
  LoyaltyAccountView,
  LoyaltyBalanceView,
  LoyaltyMovementView,
  LoyaltyProgramMemberView,
  LoyaltyProgramProductSpecView,
} from './loyalty.dto.js';
import { balances, burns, earns, loyaltyAccounts, members, PROGRAM, programSpecs } from './loyalty.resources.js';

const SHAPE = 'In the shape of TMF658 v4 (beta), to read only; no conformance is claimed.';
const COUNTED = `${SHAPE} X-Total-Count counts up to ${COUNTED_UP_TO}.`;
const NARROW = `${COUNTED} Filters and sorting need \`memberId\`.`;

@ApiTags('Loyalty (积分, in the shape of TMF658)')
@Controller()
export class LoyaltyController {
  constructor(
    private readonly database: Database,
    private readonly find: FindLoyalty,
    private readonly register: AccessRegister,
  ) {}

  @Get(programSpecs.path)
  @Operation({
    summary: 'The points plan (积分计划)',
    description: SHAPE,
    permission: 'points.read',
    returns: LoyaltyProgramProductSpecView,
  })
  programs(@ListQuery(programSpecs) list: ListRequest): Promise<Page<LoyaltyProgramProductSpecView>> {
    const source = { select: 's.id', from: `(VALUES ('${PROGRAM.id}', '${PROGRAM.status}')) AS s (id, status)` };
    return readPage(this.database, list, source, programView);
  }

  @Get(`${programSpecs.path}/:id`)
  @Operation({
    summary: 'The points plan by its id (积分计划详情)',
    description: SHAPE,
    permission: 'points.read',
    returns: LoyaltyProgramProductSpecView,
    refusals: [LoyaltyResourceNotFound],
  })
  program(@Param('id') id: string): LoyaltyProgramProductSpecView {
    if (id !== PROGRAM.id) throw new LoyaltyResourceNotFound();
    return programView();
  }

  @Get(members.path)
  @Operation({
    summary: 'Members of the points plan (积分计划成员)',
    description: COUNTED,
    permission: 'points.read',
    returns: LoyaltyProgramMemberView,
  })
  members(
    @ListQuery(members) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<LoyaltyProgramMemberView>> {
    return this.listed<LoyaltyMemberRow, LoyaltyProgramMemberView>(actor, list, MEMBERS, memberView);
  }

  @Get(`${members.path}/:id`)
  @Operation({
    summary: 'One member of the points plan (积分计划成员详情)',
    description: SHAPE,
    permission: 'points.read',
    concerns: { customer: 'params.id', unknown: CustomerNotFound },
    returns: LoyaltyProgramMemberView,
    refusals: [CustomerNotFound],
  })
  async member(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<LoyaltyProgramMemberView> {
    return memberView(await this.shown(actor, await this.find.member(id), CustomerNotFound));
  }

  @Get(loyaltyAccounts.path)
  @Operation({
    summary: 'Accounts of the points plan (积分账户)',
    description: COUNTED,
    permission: 'points.read',
    returns: LoyaltyAccountView,
  })
  accounts(
    @ListQuery(loyaltyAccounts) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<LoyaltyAccountView>> {
    return this.listed<LoyaltyMemberRow, LoyaltyAccountView>(actor, list, MEMBERS, accountView);
  }

  @Get(`${loyaltyAccounts.path}/:id`)
  @Operation({
    summary: 'One account of the points plan (积分账户详情)',
    description: SHAPE,
    permission: 'points.read',
    concerns: { customer: 'params.id', unknown: CustomerNotFound },
    returns: LoyaltyAccountView,
    refusals: [CustomerNotFound],
  })
  async account(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<LoyaltyAccountView> {
    return accountView(await this.shown(actor, await this.find.member(id), CustomerNotFound));
  }

  @Get(balances.path)
  @Operation({
    summary: 'What members have, by last day, class and funder (积分余额)',
    description: COUNTED,
    permission: 'points.read',
    returns: LoyaltyBalanceView,
  })
  balances(@ListQuery(balances) list: ListRequest, @CurrentActor() actor: Actor): Promise<Page<LoyaltyBalanceView>> {
    return this.listed<LoyaltyBalanceRow, LoyaltyBalanceView>(actor, list, BALANCES, balanceView);
  }

  @Get(`${balances.path}/:id`)
  @Operation({
    summary: 'One balance (积分余额详情)',
    description: SHAPE,
    permission: 'points.read',
    concerns: { loyaltyBalance: 'params.id', unknown: LoyaltyResourceNotFound },
    returns: LoyaltyBalanceView,
    refusals: [LoyaltyResourceNotFound],
  })
  async balance(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<LoyaltyBalanceView> {
    return balanceView(await this.shown(actor, await this.find.balance(id), LoyaltyResourceNotFound));
  }

  @Get(earns.path)
  @Operation({
    summary: 'Entries that gave points (积分累积)',
    description: NARROW,
    permission: 'points.read',
    returns: LoyaltyMovementView,
    refusals: [LoyaltyListTooWide],
  })
  earns(@ListQuery(earns) list: ListRequest, @CurrentActor() actor: Actor): Promise<Page<LoyaltyMovementView>> {
    requireNarrowEnough(list);
    return this.listed<LoyaltyMovementRow, LoyaltyMovementView>(actor, list, EARNS, movementView(earns));
  }

  @Get(`${earns.path}/:id`)
  @Operation({
    summary: 'One entry that gave points (积分累积详情)',
    description: SHAPE,
    permission: 'points.read',
    concerns: { loyaltyEarn: 'params.id', unknown: LoyaltyResourceNotFound },
    returns: LoyaltyMovementView,
    refusals: [LoyaltyResourceNotFound],
  })
  async earn(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<LoyaltyMovementView> {
    return movementView(earns)(await this.shown(actor, await this.find.earn(id), LoyaltyResourceNotFound));
  }

  @Get(burns.path)
  @Operation({
    summary: 'Entries that took points (积分消耗)',
    description: NARROW,
    permission: 'points.read',
    returns: LoyaltyMovementView,
    refusals: [LoyaltyListTooWide],
  })
  burns(@ListQuery(burns) list: ListRequest, @CurrentActor() actor: Actor): Promise<Page<LoyaltyMovementView>> {
    requireNarrowEnough(list);
    return this.listed<LoyaltyMovementRow, LoyaltyMovementView>(actor, list, BURNS, movementView(burns));
  }

  @Get(`${burns.path}/:id`)
  @Operation({
    summary: 'One entry that took points (积分消耗详情)',
    description: SHAPE,
    permission: 'points.read',
    concerns: { loyaltyBurn: 'params.id', unknown: LoyaltyResourceNotFound },
    returns: LoyaltyMovementView,
    refusals: [LoyaltyResourceNotFound],
  })
  async burn(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<LoyaltyMovementView> {
    return movementView(burns)(await this.shown(actor, await this.find.burn(id), LoyaltyResourceNotFound));
  }

  private async listed<R extends { readonly customer_id: string }, V extends object>(
    actor: Actor,
    list: ListRequest,
    source: ListSource,
    view: (row: R) => V,
  ): Promise<Page<V>> {
    const shown = new Set<string>();
    const page = await readPage<R, V>(this.database, list, source, (row) => {
      shown.add(row.customer_id);
      return view(row);
    });
    if (shown.size > 0) await this.registerRead(actor, [...shown]);
    return page;
  }

  private async shown<R extends { readonly customer_id: string }>(
    actor: Actor,
    row: R | undefined,
    NotFound: new () => Error,
  ): Promise<R> {
    if (!row) throw new NotFound();
    await this.registerRead(actor, [row.customer_id]);
    return row;
  }

  private registerRead(actor: Actor, customerIds: readonly string[]): Promise<void> {
    return this.register.record({ actor, action: 'points.read', customerIds, fieldGroups: ['points'] });
  }
}

/** @throws LoyaltyListTooWide */
function requireNarrowEnough(list: ListRequest): void {
  if (filterValues(list, 'memberId') !== undefined) return;
  const isPlain = list.filters.length === 0 && list.sort.every(({ attribute }) => attribute === 'id');
  if (!isPlain) throw new LoyaltyListTooWide();
}

const programView = (): LoyaltyProgramProductSpecView => ({
  ...headOf(programSpecs, PROGRAM.id),
  name: 'Points plan (积分计划)',
  description: 'Points for using the network; 50 points are worth one yuan.',
  brand: 'Gotone (全球通)',
  lifeCycleStatus: PROGRAM.status,
  needsLoyaltyAccount: true,
});

const memberView = ({ customer_id, status }: LoyaltyMemberRow): LoyaltyProgramMemberView => ({
  ...headOf(members, customer_id),
  status,
});

const memberRef = (customerId: string) => ({ id: customerId, href: hrefOf(members, customerId) });

const accountView = ({ customer_id }: LoyaltyMemberRow): LoyaltyAccountView => ({
  ...headOf(loyaltyAccounts, customer_id),
  loyaltyProgramMember: memberRef(customer_id),
});

const balanceView = (row: LoyaltyBalanceRow): LoyaltyBalanceView => ({
  ...headOf(balances, loyaltyBalanceId(row)),
  loyaltyProgramMember: memberRef(row.customer_id),
  quantity: points(row.remaining),
  ...(row.expires_on !== null && {
    validFor: { endDateTime: new Date(`${daysAfter(row.expires_on, 1)}T00:00:00+08:00`) },
  }),
  pointsType: row.points_type,
  funderId: row.funder_id,
});

const movementView =
  (resource: Resource) =>
  (row: LoyaltyMovementRow): LoyaltyMovementView => ({
    ...headOf(resource, loyaltyMovementId(row)),
    '@baseType': 'LoyaltyEvent',
    eventTime: row.occurred_at,
    eventType: row.kind,
    memberId: row.customer_id,
    quantity: points(Math.abs(row.points)),
    openingBalance: points(row.opening),
    closingBalance: points(row.available_after),
  });

const points = (value: number) => ({ unit: 'points', value });
