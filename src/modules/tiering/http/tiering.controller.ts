import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { AsOfQuery, CurrentActor, Operation, ResourceIdPipe } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { CustomerNotFound } from '../../customers/index.js';
import { AccessRegister } from '../../organization/index.js';
import { CustomerTierQuery } from '../application/customer-tier.query.js';
import { NoRuleSetInEffect } from '../domain/refusals.js';
import { TieringFacade } from '../tiering.facade.js';
import { shownTo } from './shown-to.js';
import { CustomerTierView, TierDistributionView, TierExplanationView } from './tiering.dto.js';
import { customerTierView, distributionView, explanationView } from './tiering.views.js';

@ApiTags('Tiering (客户级别)')
@Controller('/care-api/tiering/v1')
export class TieringController {
  constructor(
    private readonly tiers: CustomerTierQuery,
    private readonly facade: TieringFacade,
    private readonly register: AccessRegister,
    private readonly clock: Clock,
  ) {}

  @Get('customerTier/:customerId')
  @Operation({
    summary: 'The level of a customer (级别查询)',
    description: 'Level, validity, what it was decided from, and what keeps or raises it at the next review.',
    permission: 'tiering.read',
    selfService: true,
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    returns: CustomerTierView,
    refusals: [CustomerNotFound, NoRuleSetInEffect],
  })
  async customerTier(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @CurrentActor() actor: Actor,
  ): Promise<CustomerTierView> {
    const found = await this.tiers.tierOf(customerId);
    await this.registerRead(actor, customerId);
    const { decision, ruleSet } = found;
    return customerTierView({
      ...shownTo(actor, ruleSet.body, found),
      decision: decision && shownTo(actor, decision.rules, decision),
    });
  }

  @Get('customerTier/:customerId/explanation')
  @Operation({
    summary: 'Why a customer has or would have a level (级别解释)',
    description: 'Computed anew from the facts as a review on that day does: every route, requirement and exclusion.',
    permission: 'tiering.read',
    selfService: true,
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    returns: TierExplanationView,
    refusals: [CustomerNotFound, NoRuleSetInEffect],
  })
  async explanation(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @Query() { asOf = businessDate(this.clock.now()) }: AsOfQuery,
    @CurrentActor() actor: Actor,
  ): Promise<TierExplanationView> {
    const found = await this.tiers.explain(customerId, asOf);
    await this.registerRead(actor, customerId);
    return explanationView(customerId, asOf, shownTo(actor, found.ruleSet.body, found));
  }

  @Get('distribution')
  @Operation({
    summary: 'Customers per level and region (级别分布)',
    permission: 'tiering.read',
    returns: TierDistributionView,
  })
  async distribution(): Promise<TierDistributionView> {
    return distributionView(await this.facade.distribution());
  }

  private registerRead(actor: Actor, customerId: string): Promise<void> {
    return this.register.record({
      actor,
      action: 'tiering.read',
      customerIds: [customerId],
      fieldGroups: ['tier', 'billing'],
    });
  }
}
