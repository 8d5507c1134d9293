import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import {
  AsOfQuery,
  CurrentActor,
  ListQuery,
  Operation,
  ResourceIdPipe,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import { seesAmounts, type Actor } from '../../../platform/identity/index.js';
import { CustomerNotFound } from '../../customers/index.js';
import { AccessRegister } from '../../organization/index.js';
import { CustomerTierQuery, type CustomerTier } from '../application/customer-tier.query.js';
import { DraftRuleSet } from '../application/draft-rule-set.js';
import { FindRuleSets } from '../application/find-rule-sets.query.js';
import { NoRuleSetInEffect, RuleSetNeverInEffect, RuleSetNotFound, RuleSetVersionTaken } from '../domain/refusals.js';
import { InvalidRuleSet } from '../domain/validate-rule-set.js';
import { withoutAmounts } from '../domain/without-amounts.js';
import { TieringFacade } from '../tiering.facade.js';
import {
  CreateRuleSet,
  CustomerTierView,
  RuleSetView,
  TierDistributionView,
  TierExplanationView,
} from './tiering.dto.js';
import { ruleSets } from './tiering.resources.js';
import { customerTierView, distributionView, explanationView, ruleSetView } from './tiering.views.js';

@ApiTags('Tiering (客户级别)')
@Controller('/care-api/tiering/v1')
export class TieringController {
  constructor(
    private readonly tiers: CustomerTierQuery,
    private readonly facade: TieringFacade,
    private readonly drafts: DraftRuleSet,
    private readonly register: AccessRegister,
    private readonly sets: FindRuleSets,
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
    return customerTierView(seesAmounts(actor) ? found : withoutAmountsOf(found));
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
    return explanationView(customerId, asOf, seesAmounts(actor) ? found : withoutAmounts(found.ruleSet.body, found));
  }

  @Get('ruleSet')
  @Operation({ summary: 'Rule sets of levels (级别评定规则)', permission: 'tiering.read', returns: RuleSetView })
  ruleSets(@ListQuery(ruleSets) list: ListRequest): Promise<Page<RuleSetView>> {
    return this.sets.list(list, ruleSetView);
  }

  @Get('ruleSet/:version')
  @Operation({
    summary: 'One rule set (规则详情)',
    permission: 'tiering.read',
    returns: RuleSetView,
    refusals: [RuleSetNotFound],
  })
  async ruleSet(@Param('version') version: string): Promise<RuleSetView> {
    return ruleSetView(await this.sets.ofVersion(version));
  }

  @Post('ruleSet')
  @Operation({
    summary: 'Draft a rule set (新建规则草案)',
    description: 'Checked as a whole; every mistake is named with its place. A draft decides nothing.',
    permission: 'tiering.author',
    wholeOperator: true,
    creates: RuleSetView,
    idempotent: true,
    refusals: [InvalidRuleSet, RuleSetVersionTaken, RuleSetNeverInEffect],
  })
  async draft(@Body() draft: CreateRuleSet, @CurrentActor() actor: Actor): Promise<RuleSetView> {
    return ruleSetView(await this.drafts.draft({ ...draft, author: actor.id }));
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

const withoutAmountsOf = (found: CustomerTier): CustomerTier => {
  const { body } = found.ruleSet;
  return { ...withoutAmounts(body, found), decision: found.decision && withoutAmounts(body, found.decision) };
};
