import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentActor, Operation } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { RunInTheFuture, RunParametersRefused } from '../../../platform/queues/index.js';
import { OwnRequest, PeopleDecide } from '../../organization/index.js';
import { ActivateRuleSet } from '../application/activate-rule-set.js';
import { ApproveRuleSet } from '../application/approve-rule-set.js';
import { FindRuleSets } from '../application/find-rule-sets.query.js';
import { RollBackRuleSet } from '../application/roll-back-rule-set.js';
import { SimulateRuleSet } from '../application/simulate-rule-set.js';
import { WithdrawRuleSet } from '../application/withdraw-rule-set.js';
import { NoRuleSetInEffect, RuleSetNotFound } from '../domain/refusals.js';
import {
  DaysWithoutRuleSet,
  InvalidCode,
  NoRuleSetBefore,
  PreviewRefused,
  RuleSetChanged,
  RuleSetDecidesNothing,
  RuleSetFromThePast,
  RuleSetNotInStatus,
  RuleSetOutsideItsDays,
  RuleSetsOverlap,
} from '../domain/refusals-of-rule-sets.js';
import {
  ActivateRuleSetBody,
  ApproveRuleSetBody,
  RuleSetPeriodView,
  RuleSetPreviewView,
  RuleSetReasonBody,
  RuleSetVersionPipe,
  RuleSetView,
  SimulateRuleSetBody,
} from './rule-sets.dto.js';
import { ruleSets } from './rule-sets.resources.js';
import { periodView, previewView, ruleSetView } from './rule-sets.views.js';

/** The steps of a rule set from draft to retired. */
@ApiTags('Rules of levels (级别评定规则)')
@Controller(`${ruleSets.path}/:version`)
export class RuleSetLifeController {
  constructor(
    private readonly sets: FindRuleSets,
    private readonly previews: SimulateRuleSet,
    private readonly approvals: ApproveRuleSet,
    private readonly activations: ActivateRuleSet,
    private readonly rollBacks: RollBackRuleSet,
    private readonly withdrawals: WithdrawRuleSet,
  ) {}

  @Post('simulate')
  @Operation({
    summary: 'Preview whom a rule set moves (规则试算)',
    description:
      'A run over everybody that moves nobody. The same rules, day and comparison again are the same run; one that has failed goes on. When it completes, a draft is simulated.',
    permission: 'tiering.author',
    wholeOperator: true,
    accepts: RuleSetPreviewView,
    refusals: [RuleSetNotFound, RunInTheFuture, RunParametersRefused],
  })
  async simulate(
    @Param('version', RuleSetVersionPipe) version: string,
    @Body() { asOf, against, asYearlyReview }: SimulateRuleSetBody,
  ): Promise<RuleSetPreviewView> {
    return previewView(version, await this.previews.start(version, { asOf, against, asYearlyReview }));
  }

  @Post('approve')
  @Operation({
    summary: 'Approve a rule set (规则复核)',
    description:
      'By somebody who has not written it, bound to the rules that were read and to a completed preview of just these rules, of the last 30 days.',
    permission: 'tiering.approve',
    wholeOperator: true,
    returns: RuleSetView,
    idempotent: true,
    refusals: [RuleSetNotFound, PeopleDecide, OwnRequest, RuleSetNotInStatus, RuleSetChanged, PreviewRefused],
  })
  async approve(
    @Param('version', RuleSetVersionPipe) version: string,
    @Body() { checksum, previewRunId }: ApproveRuleSetBody,
    @CurrentActor() actor: Actor,
  ): Promise<RuleSetView> {
    return ruleSetView(await this.approvals.approve(version, { checksum, previewRunId }, actor));
  }

  @Post('activate')
  @Operation({
    summary: 'Let an approved rule set decide (规则生效、灰度)',
    description:
      'Everywhere: what decides on that day ends, and a trial of the same version with it. With `regions`: a trial (灰度) there, one at a time; again with other provinces it goes on there, without any it decides everywhere. The same again changes nothing.',
    permission: 'tiering.approve',
    wholeOperator: true,
    returns: RuleSetView,
    idempotent: true,
    refusals: [
      RuleSetNotFound,
      RuleSetNotInStatus,
      RuleSetFromThePast,
      RuleSetOutsideItsDays,
      RuleSetsOverlap,
      DaysWithoutRuleSet,
      NoRuleSetInEffect,
      InvalidCode,
    ],
  })
  async activate(
    @Param('version', RuleSetVersionPipe) version: string,
    @Body() { effectiveFrom, regions }: ActivateRuleSetBody,
    @CurrentActor() actor: Actor,
  ): Promise<RuleSetView> {
    return ruleSetView(await this.activations.activate(version, { effectiveFrom, regions }, actor));
  }

  @Post('rollBack')
  @Operation({
    summary: 'Take a rule set back (规则回滚)',
    description:
      'From today the version before decides again, or a trial ends. Levels that were given stay until the next run decides.',
    permission: 'tiering.approve',
    wholeOperator: true,
    returns: RuleSetView,
    idempotent: true,
    refusals: [RuleSetNotFound, RuleSetDecidesNothing, NoRuleSetBefore, RuleSetOutsideItsDays],
  })
  async rollBack(
    @Param('version', RuleSetVersionPipe) version: string,
    @Body() _: RuleSetReasonBody,
    @CurrentActor() actor: Actor,
  ): Promise<RuleSetView> {
    return ruleSetView(await this.rollBacks.rollBack(version, actor));
  }

  @Post('withdraw')
  @Operation({
    summary: 'Withdraw a rule set that has never decided (撤回规则草案)',
    description: 'Nothing is deleted: it is retired, and its version stays taken.',
    permission: 'tiering.author',
    wholeOperator: true,
    returns: RuleSetView,
    idempotent: true,
    refusals: [RuleSetNotFound, RuleSetNotInStatus],
  })
  async withdraw(
    @Param('version', RuleSetVersionPipe) version: string,
    @Body() _: RuleSetReasonBody,
  ): Promise<RuleSetView> {
    return ruleSetView(await this.withdrawals.withdraw(version));
  }

  @Get('period')
  @Operation({
    summary: 'When and where a rule set decides (规则生效记录)',
    description: 'Oldest first, with who began and who ended it.',
    permission: 'tiering.read',
    returns: [RuleSetPeriodView],
    refusals: [RuleSetNotFound],
  })
  async periods(@Param('version', RuleSetVersionPipe) version: string): Promise<RuleSetPeriodView[]> {
    return (await this.sets.periodsOf(version)).map(periodView);
  }
}
