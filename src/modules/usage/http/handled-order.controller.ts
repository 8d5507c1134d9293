import { Body, Controller, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor, defineResource, headOf, ListQuery, Operation, ResourceIdPipe, ResourceNotFound, type ListRequest, type Page,
} from '../../../platform/http/index.js'; // prettier-ignore
import { seesAmounts, type Actor } from '../../../platform/identity/index.js';
import { InvalidMsisdn } from '../../../platform/privacy/index.js';
import { AccessRegister } from '../../organization/index.js';
import { FindOrders, type OrderRow } from '../application/find-orders.query.js';
import { ReportHandledOrder } from '../application/report-handled-order.js';
import { SettleOrder } from '../application/settle-order.js';
import { ORDER_TYPES, VERDICTS } from '../domain/handled-order.js';
import { OrderExpectsNothing, OrderNotInQueue, OrderReportedOtherwise } from '../domain/order-refusals.js';
import { NotYourRecords } from '../domain/refusals.js';
import { HandledOrderView, PatchOrder, ReportOrder } from './handled-order.dto.js';
import { IntakeScope } from './intake-scope.js';

const handledOrders = defineResource({
  type: 'HandledOrder',
  path: '/care-api/intake/v1/handledOrder',
  attributes: {
    id: { type: 'id', column: 'o.order_id', filter: true },
    source: { type: 'text', column: 'o.source', filter: true, sort: true },
    orderNo: { type: 'text', column: 'o.order_no', filter: true },
    orderType: { type: 'enum', column: 'o.order_type', values: ORDER_TYPES, filter: true },
    province: { type: 'text', column: 'o.province', filter: true },
    'customer.id': { type: 'id', column: 'o.customer_id', filter: true },
    verdict: { type: 'enum', column: 'o.verdict', values: VERDICTS, filter: true },
    'owner.id': { type: 'id', column: 'o.owner_id', filter: true },
    resolution: { type: 'text', column: 'o.resolution', filter: true },
    handledAt: { type: 'instant', column: 'o.handled_at', filter: true, sort: true },
    reportedAt: { type: 'instant', column: 'o.reported_at', filter: true, sort: true },
    differsSince: { type: 'instant', column: 'o.differs_since', filter: true, sort: true },
  },
  defaultSort: '-reportedAt',
});

@ApiTags('Business audit (业务稽核)')
@Controller(handledOrders.path)
export class HandledOrderController {
  constructor(
    private readonly find: FindOrders,
    private readonly reporting: ReportHandledOrder,
    private readonly settling: SettleOrder,
    private readonly scope: IntakeScope,
    private readonly register: AccessRegister,
  ) {}

  @Post()
  @Operation({
    summary: 'Report business that was handled (上报已办理业务)',
    description:
      'What halls and hotline have handled and what should be true of the number from when on. Reported again, it is the same order.',
    permission: 'usage.push',
    creates: HandledOrderView,
    idempotent: true,
    refusals: [NotYourRecords, InvalidMsisdn, OrderExpectsNothing, OrderReportedOtherwise],
  })
  async report(@Body() body: ReportOrder, @CurrentActor() actor: Actor): Promise<HandledOrderView> {
    await this.scope.check(actor, { source: body.source, kind: 'ORD', province: body.province });
    return viewOf(await this.reporting.execute({ ...body, expected: { ...body.expected } }), seesAmounts(actor));
  }

  @Get()
  @Operation({
    summary: 'List handled business and how it compares (稽核清单)',
    description: 'The queue of differences: verdict=DIFFERENT,MISSING, oldest first with sort=differsSince.',
    permission: 'usage.reconcile',
    returns: HandledOrderView,
  })
  async list(
    @ListQuery(handledOrders) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<HandledOrderView>> {
    const shown = new Set<string>();
    const page = await this.find.page(list, (row) => {
      if (row.customer_id) shown.add(row.customer_id);
      return viewOf(row, seesAmounts(actor));
    });
    await this.registerLook(actor, 'usage.order-list', [...shown]);
    return page;
  }

  @Get(':id')
  @Operation({
    summary: 'One handled order (稽核详情)',
    permission: 'usage.reconcile',
    returns: HandledOrderView,
    refusals: [ResourceNotFound],
  })
  async get(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<HandledOrderView> {
    return this.shown(await this.find.byId(id), actor, 'usage.order-read');
  }

  @Patch(':id')
  @Operation({
    summary: 'Take a difference over, or resolve it (差异处理)',
    permission: 'usage.reconcile',
    returns: HandledOrderView,
    refusals: [ResourceNotFound, OrderNotInQueue],
  })
  async patch(
    @Param('id', ResourceIdPipe) id: string,
    @Body() { owner, resolution }: PatchOrder,
    @CurrentActor() actor: Actor,
  ): Promise<HandledOrderView> {
    const ownerId = owner === undefined ? undefined : (owner?.id ?? null);
    return this.shown(await this.settling.settle(id, { ownerId, resolution }, actor), actor, 'usage.order-settle');
  }

  @Post(':id/comparison')
  @HttpCode(200)
  @Operation({
    summary: 'Compare one order again now (重新稽核)',
    permission: 'usage.reconcile',
    returns: HandledOrderView,
    refusals: [ResourceNotFound],
  })
  async compareAgain(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<HandledOrderView> {
    return this.shown(await this.settling.compareAgain(id), actor, 'usage.order-compare');
  }

  private async shown(order: OrderRow, actor: Actor, action: string): Promise<HandledOrderView> {
    if (order.customer_id) await this.registerLook(actor, action, [order.customer_id]);
    return viewOf(order, seesAmounts(actor));
  }

  private registerLook(actor: Actor, action: string, customerIds: readonly string[]): Promise<void> {
    return this.register.record({ actor, action, customerIds, fieldGroups: ['subscription'] });
  }
}

const isAmount = (field: string): boolean => field === 'packageFeeFen';

function viewOf(row: OrderRow, showsAmounts: boolean): HandledOrderView {
  const text = (value: string | number | null): string | undefined => (value === null ? undefined : String(value));
  return {
    ...headOf(handledOrders, row.order_id),
    source: row.source,
    orderNo: row.order_no,
    orderType: row.order_type,
    province: row.province,
    customer: row.customer_id === null ? undefined : { id: row.customer_id },
    handledAt: row.handled_at,
    effectiveFrom: row.effective_from,
    deadline: row.deadline,
    expected: Object.fromEntries(Object.entries(row.expected).filter(([field]) => showsAmounts || !isAmount(field))),
    reportedAt: row.reported_at,
    verdict: row.verdict,
    differences: row.differences.map(({ field, expected, actual }) =>
      showsAmounts || !isAmount(field) ? { field, expected: text(expected), actual: text(actual) } : { field },
    ),
    comparedAt: row.compared_at ?? undefined,
    differsSince: row.differs_since ?? undefined,
    owner: row.owner_id === null ? undefined : { id: row.owner_id },
    resolution: row.resolution ?? undefined,
    resolvedAt: row.resolved_at ?? undefined,
    resolvedBy: row.resolved_by ?? undefined,
  };
}
