import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import {
  AsOfQuery,
  CurrentActor,
  headOf,
  ListQuery,
  Operation,
  PermissionMissing,
  ResourceIdPipe,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import { seesAmounts, type Actor } from '../../../platform/identity/index.js';
import { CustomerNotFound } from '../../customers/index.js';
import { AccessRegister } from '../../organization/index.js';
import { ChurnRiskQuery, type ChurnRisk } from '../application/churn-risk.query.js';
import { ValuePyramidQuery } from '../application/value-pyramid.query.js';
import { NoChurnRuleSetInEffect } from '../domain/refusals.js';
import { ChurnRiskView, ValuePyramidView } from './analytics.dto.js';
import { churnRisks, pyramids } from './analytics.resources.js';

@ApiTags('Analytics (经营分析)')
@Controller('/care-api/analytics/v1')
export class AnalyticsController {
  constructor(
    private readonly risks: ChurnRiskQuery,
    private readonly pyramid: ValuePyramidQuery,
    private readonly register: AccessRegister,
    private readonly clock: Clock,
  ) {}

  @Get('churnRisk')
  @Operation({
    summary: 'Customers who may leave (流失预警名单)',
    description: 'Those who show any sign, as the last assessment has found them.',
    permission: 'analytics.read',
    returns: ChurnRiskView,
    refusals: [NoChurnRuleSetInEffect],
  })
  async churnRisks(
    @ListQuery(churnRisks) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<ChurnRiskView>> {
    const showsAmounts = seesAmounts(actor);
    // To order or filter by an amount is to learn it.
    const asked = [...list.filters, ...list.sort].some(({ attribute }) => attribute === 'revenueAtRiskFen');
    if (asked && !showsAmounts) throw new PermissionMissing('customers.amounts');
    const page = await this.risks.list(list, showsAmounts, riskView);
    await this.registerRead(
      actor,
      page.items.flatMap(({ id }) => id ?? []),
    );
    return page;
  }

  @Get('churnRisk/:customerId')
  @Operation({
    summary: 'The churn risk of one customer and why (流失预警详情)',
    permission: 'analytics.read',
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    returns: ChurnRiskView,
    refusals: [CustomerNotFound, NoChurnRuleSetInEffect],
  })
  async churnRisk(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @CurrentActor() actor: Actor,
  ): Promise<ChurnRiskView> {
    const found = await this.risks.of(customerId, seesAmounts(actor));
    await this.registerRead(actor, [customerId]);
    return riskView(found);
  }

  @Get('valuePyramid')
  @Operation({
    summary: 'Who brings the revenue (客户价值金字塔)',
    description:
      'By net spend of the twelve full months before the day, among customers in the network who spent anything.',
    permission: 'analytics.read',
    returns: ValuePyramidView,
  })
  async valuePyramid(@Query() { asOf = businessDate(this.clock.now()) }: AsOfQuery): Promise<ValuePyramidView> {
    const layers = await this.pyramid.asOf(asOf);
    return { id: asOf, href: `${pyramids.path}?asOf=${asOf}`, '@type': pyramids.type, asOf, layers: [...layers] };
  }

  private registerRead(actor: Actor, customerIds: readonly string[]): Promise<void> {
    return this.register.record({
      actor,
      action: 'analytics.read',
      customerIds,
      fieldGroups: ['churn', 'usage', 'billing'],
    });
  }
}

function riskView(found: ChurnRisk): ChurnRiskView {
  return {
    ...headOf(churnRisks, found.customerId),
    risk: found.risk,
    band: found.band,
    asOf: found.asOf,
    region: found.region,
    tier: found.tier,
    revenueAtRiskFen: found.revenueAtRiskFen,
    reasons: found.reasons.map(({ code, weight, text, evidence }) => ({ code, weight, text, evidence })),
  };
}
