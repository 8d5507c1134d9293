import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { businessDate, businessMonth, Clock } from '../../../platform/clock/index.js';
import {
  AsOfQuery,
  CurrentActor,
  headOf,
  ListQuery,
  Operation,
  ResourceIdPipe,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { CustomerNotFound } from '../../customers/index.js';
import { AccessRegister } from '../../organization/index.js';
import { CustomerGrades, type CustomerGrade } from '../application/customer-grade.query.js';
import { LevelReports } from '../application/level-reports.query.js';
import { ValueReports } from '../application/value-reports.query.js';
import type { Reason } from '../domain/decide.js';
import { monthsLater } from '../domain/months.js';
import { NoRuleSetInEffect } from '../domain/refusals.js';
import { LevelNotOnScale, ReportTooLong } from '../domain/refusals-of-reports.js';
import { ProgramNotFound } from '../domain/refusals-of-rule-sets.js';
import { rankOn, type RuleSetBody } from '../domain/rule-set.js';
import {
  ConcentrationQuery,
  ConcentrationView,
  CustomerGradeView,
  GradedCustomerView,
  GradeQuery,
  GradeReasonView,
  LevelMovementQuery,
  LevelMovementView,
  LevelsBesideQuery,
  LevelsBesideView,
  LevelShareQuery,
  LevelSharesView,
  ValueStagesView,
} from './tier-reports.dto.js';
import {
  concentrations,
  customerGrades,
  levelCrossTables,
  levelMovements,
  levelShares,
  valueStages,
} from './tier-reports.resources.js';
import { shownTo } from './shown-to.js';

@ApiTags('Tiering (客户级别)')
@Controller('/care-api/tiering/v1')
export class TierReportsController {
  constructor(
    private readonly levels: LevelReports,
    private readonly value: ValueReports,
    private readonly grades: CustomerGrades,
    private readonly register: AccessRegister,
    private readonly clock: Clock,
  ) {}

  @Get('levelShare')
  @Operation({
    summary: 'Level shares month by month (级别分布)',
    description:
      'Everybody in the network on the first day of a month is counted once; the shares of a month come to 100%.',
    permission: 'tiering.read',
    returns: LevelSharesView,
    refusals: [ProgramNotFound, LevelNotOnScale, ReportTooLong],
  })
  async levelShare(@Query() { program, region, merge, from, until }: LevelShareQuery): Promise<LevelSharesView> {
    const last = `${until ?? businessMonth(this.clock.now())}-01`;
    const first = from === undefined ? monthsLater(last, -11) : `${from}-01`;
    const months = await this.levels.shares({ program, region, merge: listOf(merge) }, { from: first, until: last });
    return {
      id: program,
      href: `${levelShares.path}?program=${program}`,
      '@type': levelShares.type,
      months: months.map(({ month, customers, shares }) => ({
        month: month.slice(0, 7),
        customers,
        shares: shares.map(({ levels, customers: count, shareBasisPoints }) => ({
          levels,
          customers: count,
          shareBasisPoints,
        })),
      })),
    };
  }

  @Get('levelMovement')
  @Operation({
    summary: 'From which level to which (升降级矩阵)',
    description:
      'Between two days. Who joined comes from null, who left goes to null: the moves from a level are those who held it on the first day.',
    permission: 'tiering.read',
    returns: LevelMovementView,
    refusals: [ProgramNotFound, LevelNotOnScale],
  })
  async levelMovement(@Query() { program, region, merge, from, to }: LevelMovementQuery): Promise<LevelMovementView> {
    const movements = await this.levels.movement({ program, region, merge: listOf(merge) }, { from, to });
    return {
      id: program,
      href: `${levelMovements.path}?program=${program}&from=${from}&to=${to}`,
      '@type': levelMovements.type,
      from,
      to,
      moves: movements.map((each) => ({ from: each.from, to: each.to, customers: each.customers })),
    };
  }

  @Get('levelCrossTable')
  @Operation({
    summary: 'Star level beside card level (星级与卡级对照)',
    description: 'The levels of two programmes as customers hold them now.',
    permission: 'tiering.read',
    returns: LevelsBesideView,
    refusals: [ProgramNotFound],
  })
  async levelCrossTable(@Query() { rows, columns, region }: LevelsBesideQuery): Promise<LevelsBesideView> {
    const found = await this.levels.beside({ rows, columns, region });
    return {
      id: `${rows}.${columns}`,
      href: `${levelCrossTables.path}?rows=${rows}&columns=${columns}`,
      '@type': levelCrossTables.type,
      rows: found.rows,
      columns: found.columns,
      customers: found.customers,
      cells: found.cells.map(({ row, column, customers }) => ({ row, column, customers })),
    };
  }

  @Get('valueStage')
  @Operation({
    summary: 'Value by stage and level (价值构成与价值阶段分布)',
    description:
      'NEW: less than six months in the network. LEAVING: suspended, or the net spend of three months is at most 30% of that of the three before. ' +
      'DECLINING: at most 90%. GROWING: at least 110%. MATURE: the others.',
    permission: 'analytics.read',
    returns: ValueStagesView,
  })
  async valueStage(@Query() { asOf = businessDate(this.clock.now()) }: AsOfQuery): Promise<ValueStagesView> {
    const { customers, revenueFen, stages, composition } = await this.value.stages(asOf);
    return {
      id: asOf,
      href: `${valueStages.path}?asOf=${asOf}`,
      '@type': valueStages.type,
      asOf,
      customers,
      revenueFen,
      stages: [...stages],
      composition: [...composition],
    };
  }

  @Get('concentration')
  @Operation({
    summary: 'Which part of the revenue the best customers bring (价值集中度)',
    description:
      'Of the net spend of the twelve full months before the day, by everybody in the network on it. That 20% bring 80% is a claim; this is the figure.',
    permission: 'analytics.read',
    returns: ConcentrationView,
  })
  async concentration(
    @Query() { asOf = businessDate(this.clock.now()), percent }: ConcentrationQuery,
  ): Promise<ConcentrationView> {
    const { customers, revenueFen, top, deciles } = await this.value.concentration(asOf, percent);
    return {
      id: asOf,
      href: `${concentrations.path}?asOf=${asOf}&percent=${percent}`,
      '@type': concentrations.type,
      asOf,
      percent,
      customers,
      revenueFen,
      top,
      deciles: [...deciles],
    };
  }

  @Get('customerGrade')
  @Operation({
    summary: 'Customers by grade (分类客户名单)',
    description: 'Whoever stands on a level because a run has given it; of a programme and level, filter by them.',
    permission: 'tiering.read',
    returns: GradedCustomerView,
  })
  async customerGrades(
    @ListQuery(customerGrades) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<GradedCustomerView>> {
    const page = await this.grades.list(list, ({ customerId, program, level, region, validFrom }) => ({
      ...headOf(customerGrades, customerId),
      program,
      level,
      region,
      validFrom,
    }));
    await this.registerRead(
      actor,
      page.items.flatMap(({ id }) => id ?? []),
    );
    return page;
  }

  @Get('customerGrade/:customerId')
  @Operation({
    summary: 'Class, credit, stars or value of a customer, and why (客户分类、信誉度查询)',
    description: 'The level in a programme, what goes with it, and every factor that it was decided from.',
    permission: 'tiering.read',
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    returns: CustomerGradeView,
    refusals: [CustomerNotFound, ProgramNotFound, NoRuleSetInEffect],
  })
  async customerGrade(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @Query() { program }: GradeQuery,
    @CurrentActor() actor: Actor,
  ): Promise<CustomerGradeView> {
    const found = await this.grades.of(customerId, program);
    await this.registerRead(actor, [customerId]);
    return gradeView(shownTo(actor, found.ruleSet.body, found));
  }

  private registerRead(actor: Actor, customerIds: readonly string[]): Promise<void> {
    return this.register.record({ actor, action: 'tiering.read', customerIds, fieldGroups: ['tier', 'billing'] });
  }
}

const listOf = (text: string | undefined): readonly string[] => text?.split(',') ?? [];

function gradeView({ customerId, program, level, ruleSet, ...found }: CustomerGrade): CustomerGradeView {
  const { body } = ruleSet;
  const given = body.levels.find(({ tier }) => tier === level);
  return {
    ...headOf(customerGrades, customerId),
    program: program.program,
    kind: program.kind,
    programName: program.label,
    level,
    levelName: given?.label ?? { en: level, zh: level },
    rank: rankOn(program.scale, level),
    validFrom: found.validFrom,
    decidedAsOf: found.decidedAsOf,
    ruleSetVersion: ruleSet.version,
    grants: (given?.grants ?? []).map(({ code, label, unit, value }) => ({ code, label, unit, value })),
    inputs: body.inputs.map(({ code, label, unit }) => ({ code, label, unit, value: found.inputs[code] ?? null })),
    reasons: found.reasons.map((reason) => reasonView(body, reason)),
  };
}

function reasonView(body: RuleSetBody, reason: Reason): GradeReasonView {
  if (reason.kind === 'override') return { kind: reason.kind, level: reason.tier };
  const { kind, code } = reason;
  const parts = { requirement: body.requirements, exclusion: body.exclusions, route: body.routes }[kind];
  const label = parts.find((each) => each.code === code)?.label;
  if (reason.kind !== 'route') return { kind, code, label, holds: reason.holds };
  const { actual, tier, threshold, nextTier, gap } = reason;
  return { kind, code, label, level: tier, actual, threshold, nextLevel: nextTier, gap };
}
