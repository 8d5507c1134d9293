import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentActor, ListQuery, Operation, type ListRequest, type Page } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { DraftRuleSet } from '../application/draft-rule-set.js';
import { FindRuleSets } from '../application/find-rule-sets.query.js';
import { RuleSetNeverInEffect, RuleSetNotFound, RuleSetVersionTaken } from '../domain/refusals.js';
import { InvalidRuleSet } from '../domain/validate-rule-set.js';
import { CreateRuleSet, RuleSetView } from './rule-sets.dto.js';
import { ruleSets } from './rule-sets.resources.js';
import { ruleSetView } from './rule-sets.views.js';

@ApiTags('Rules of levels (级别评定规则)')
@Controller('/care-api/tiering/v1')
export class RuleSetsController {
  constructor(
    private readonly drafts: DraftRuleSet,
    private readonly sets: FindRuleSets,
  ) {}

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
}
