import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  BooleanField,
  CurrentActor,
  DateField,
  defineResource,
  EnumField,
  headOf,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  ListQuery,
  MonthField,
  ObjectField,
  Operation,
  ResourceIdPipe,
  TextField,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { AccessRegister } from '../../organization/index.js';
import { AnswerPotentialCustomer } from '../application/answer-potential-customer.js';
import { FindPotentialCustomers, type FoundPotentialCustomer } from '../application/potential-customers.query.js';
import {
  candidacyEndReasons,
  candidacyStatuses,
  JUDGED_AFTER_MONTHS,
  percentOf,
  STATUS_ON_SQL,
  type CandidacyStatus,
  type Precision,
  type PrecisionOfGroup,
  type TrialEntitlement,
  type Verdict,
} from '../domain/potential-customer.js';
import { CandidacyOver, CandidateHasLeft, PotentialCustomerNotFound } from '../domain/refusals-of-potential.js';
import type { RuleSetBody } from '../domain/rule-set.js';
import { FigureView, LabelView } from './tiering.dto.js';
import { shownTo } from './shown-to.js';

const potentialCustomers = defineResource({
  type: 'PotentialCustomer',
  path: '/care-api/tiering/v1/potentialCustomer',
  attributes: {
    id: { type: 'id', column: 'p.candidate_id', filter: true },
    customerId: { type: 'id', column: 'p.customer_id', filter: true },
    status: { type: 'enum', column: STATUS_ON_SQL, values: candidacyStatuses, filter: true },
    level: { type: 'text', column: 'p.level', filter: true },
    region: { type: 'text', column: 'p.region', filter: true, sort: true },
    managerId: { type: 'id', column: 'c.manager_id', filter: true, description: 'Whose portfolio the customer is in' },
    ruleSetVersion: { type: 'text', column: 'p.rule_set_version', filter: true },
    foundOn: { type: 'date', column: 'p.found_on', filter: true, sort: true },
    lastFoundOn: { type: 'date', column: 'p.last_found_on', filter: true, sort: true },
    lapsesOn: { type: 'date', column: 'p.lapses_on', filter: true, sort: true },
  },
  defaultSort: '-foundOn',
  rowsOf: { customerId: 'p.customer_id' },
});

class WhyPotentialView {
  @EnumField({ values: ['requirement', 'exclusion', 'route', 'override'] }) kind!: string;
  @TextField({ optional: true, example: 'RISING' }) code?: string | undefined;
  @ObjectField(() => LabelView, { optional: true }) label?: LabelView | undefined;
  @BooleanField({ optional: true, description: 'Of requirements (must hold) and exclusions (must not)' })
  holds?: boolean | undefined;
  @IntegerField({ optional: true, nullable: true, example: 96 }) actual?: number | null | undefined;
  @TextField({ optional: true, example: 'LIKELY', description: 'What this route gives by itself' })
  level?: string | undefined;
  @IntegerField({ optional: true, nullable: true, example: 80 }) threshold?: number | null | undefined;
}

class TrialEntitlementView {
  @TextField({ example: 'PRIORITY_QUEUE' }) code!: string;
  @ObjectField(() => LabelView) label!: LabelView;
  @TextField({ example: 'times' }) unit!: string;
  @IntegerField({ example: 1 }) value!: number;
  @DateField() validFrom!: string;
  @DateField({ description: 'The first day without it' }) validUntil!: string;
}

class PotentialCustomerView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'PotentialCustomer' }) '@type'!: string;
  @IdField() customerId!: string;
  @EnumField({ values: candidacyStatuses, enumName: 'CandidacyStatus' }) status!: CandidacyStatus;
  @TextField({ example: 'LIKELY', description: 'On the scale of the programme POTENTIAL' }) level!: string;
  @ObjectField(() => LabelView) levelName!: LabelView;
  @TextField({ nullable: true, description: 'Province code, as the customer was found', example: '440000' })
  region!: string | null;
  @IdField({ optional: true, description: 'Whose portfolio the customer is in' }) managerId?: string | undefined;
  @TextField({ example: 'POTENTIAL-2026.1' }) ruleSetVersion!: string;
  @DateField({ description: 'The day whose figures told it first' }) foundOn!: string;
  @DateField({ description: 'The day whose figures told it last' }) lastFoundOn!: string;
  @DateField({ description: 'The first day on which it is too late to confirm' }) lapsesOn!: string;
  @ListField(() => FigureView) inputs!: FigureView[];
  @ListField(() => WhyPotentialView) reasons!: WhyPotentialView[];
  @IdField({ optional: true }) decidedBy?: string | undefined;
  @InstantField({ optional: true, description: 'When it was confirmed or rejected, or has lapsed' })
  decidedAt?: Date | undefined;
  @TextField({ optional: true, description: 'In the words of who has decided' }) reason?: string | undefined;
  @DateField({ optional: true, description: 'Before this day the customer is not found again' })
  restsUntil?: string | undefined;
  @EnumField({ values: candidacyEndReasons, optional: true, description: 'Why it has lapsed' })
  endReason?: string | undefined;
  @ListField(() => TrialEntitlementView, { optional: true, description: 'What was given on trial; not in lists' })
  trial?: TrialEntitlementView[];
}

class AnswerPotentialCustomerBody {
  @TextField({ maxLength: 300, example: 'Two more numbers of the family are coming over' }) reason!: string;
}

class PrecisionFiguresView {
  @IntegerField({ description: 'Confirmed, rejected, lapsed and open ones together', example: 120 }) found!: number;
  @IntegerField({ example: 60 }) confirmed!: number;
  @IntegerField({ example: 20 }) rejected!: number;
  @IntegerField({ example: 40 }) lapsed!: number;
  @IntegerField({ example: 0 }) open!: number;
  @IntegerField({ description: 'Found so long ago that it can be told', example: 120 }) judged!: number;
  @IntegerField({ description: 'Of those judged, who held a level on their day', example: 54 }) holdLevel!: number;
  @IntegerField({ description: 'Of these, who had been confirmed', example: 45 }) confirmedHoldLevel!: number;
  @IntegerField({ nullable: true, description: 'holdLevel of judged, rounded down; null while nobody is', example: 45 })
  precisionPercent!: number | null;
}

class PrecisionOfGroupView extends PrecisionFiguresView {
  @TextField({ example: 'POTENTIAL-2026.1' }) ruleSetVersion!: string;
  @TextField({ nullable: true, example: '440000' }) region!: string | null;
}

class PotentialPrecisionView {
  @TextField({ description: 'The month' }) id!: string;
  @TextField() href!: string;
  @TextField({ example: 'PotentialPrecision' }) '@type'!: string;
  @MonthField() month!: string;
  @IntegerField({ description: 'Months between being found and being judged', example: JUDGED_AFTER_MONTHS })
  judgedAfterMonths!: number;
  @BooleanField({ description: 'Whether everybody is judged' }) isComplete!: boolean;
  @ObjectField(() => PrecisionFiguresView) total!: PrecisionFiguresView;
  @ListField(() => PrecisionOfGroupView) groups!: PrecisionOfGroupView[];
}

class PrecisionQuery {
  @MonthField({ description: 'In which they were found' }) month!: string;
}

@ApiTags('Potential high-value customers (潜在高价值客户)')
@Controller(potentialCustomers.path)
export class PotentialCustomersController {
  constructor(
    private readonly potential: FindPotentialCustomers,
    private readonly answering: AnswerPotentialCustomer,
    private readonly register: AccessRegister,
  ) {}

  @Get()
  @Operation({
    summary: 'Potential high-value customers (潜在高价值客户清单)',
    description:
      'Whom the rules of the programme POTENTIAL have found, with the reasons. Account managers see their own customers.',
    permission: 'tiering.read',
    returns: PotentialCustomerView,
  })
  async list(
    @ListQuery(potentialCustomers) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<PotentialCustomerView>> {
    const shown = new Set<string>();
    const page = await this.potential.list(list, (found) => {
      shown.add(found.customerId);
      return viewOf(found, actor);
    });
    if (shown.size > 0) await this.registerRead(actor, [...shown]);
    return page;
  }

  @Get('precision')
  @Operation({
    summary: 'How many potential customers have become valuable (潜在客户挖掘准确率)',
    description:
      `Of those found in a month, how many held a card level ${JUDGED_AFTER_MONTHS} months later, by the rule set that found them and by province. ` +
      'It counts the customers in the scope of whoever asks.',
    permission: 'tiering.read',
    returns: PotentialPrecisionView,
  })
  async precision(@Query() { month }: PrecisionQuery): Promise<PotentialPrecisionView> {
    const { total, groups } = await this.potential.precision(month);
    return {
      id: month,
      href: `${potentialCustomers.path}/precision?month=${month}`,
      '@type': 'PotentialPrecision',
      month,
      judgedAfterMonths: JUDGED_AFTER_MONTHS,
      isComplete: total.judged === total.found,
      total: figuresOf(total),
      groups: groups.map(groupOf),
    };
  }

  @Get(':id')
  @Operation({
    summary: 'One potential high-value customer (潜在高价值客户详情)',
    permission: 'tiering.read',
    concerns: { potentialCustomer: 'params.id', unknown: PotentialCustomerNotFound },
    returns: PotentialCustomerView,
    refusals: [PotentialCustomerNotFound],
  })
  async get(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<PotentialCustomerView> {
    const found = await this.potential.one(id);
    await this.registerRead(actor, [found.customerId], id);
    return this.withTrial(found, actor);
  }

  @Post(':id/confirm')
  @HttpCode(200)
  @Operation({
    summary: 'Confirm a potential customer (确认潜在大客户资格)',
    description:
      'Gives what the level of the programme grants, on trial (体验权益): for as many months as its grant TRIAL_MONTHS says, else three. ' +
      'Said again, by whomever, it is confirmed once.',
    permission: 'tiering.confirm',
    concerns: { potentialCustomer: 'params.id', unknown: PotentialCustomerNotFound },
    returns: PotentialCustomerView,
    refusals: [PotentialCustomerNotFound, CandidacyOver, CandidateHasLeft],
  })
  confirm(
    @Param('id', ResourceIdPipe) id: string,
    @Body() { reason }: AnswerPotentialCustomerBody,
    @CurrentActor() actor: Actor,
  ): Promise<PotentialCustomerView> {
    return this.answer(id, { verdict: 'confirmed', reason }, actor);
  }

  @Post(':id/reject')
  @HttpCode(200)
  @Operation({
    summary: 'Reject a potential customer (否决潜在大客户资格)',
    description:
      'The customer is not found again for as many months as the rules wait after a decision by hand (movement.coolDownMonths), else for six.',
    permission: 'tiering.confirm',
    concerns: { potentialCustomer: 'params.id', unknown: PotentialCustomerNotFound },
    returns: PotentialCustomerView,
    refusals: [PotentialCustomerNotFound, CandidacyOver, CandidateHasLeft],
  })
  reject(
    @Param('id', ResourceIdPipe) id: string,
    @Body() { reason }: AnswerPotentialCustomerBody,
    @CurrentActor() actor: Actor,
  ): Promise<PotentialCustomerView> {
    return this.answer(id, { verdict: 'rejected', reason }, actor);
  }

  private async answer(
    candidateId: string,
    said: { readonly verdict: Verdict; readonly reason: string },
    actor: Actor,
  ): Promise<PotentialCustomerView> {
    return this.withTrial(await this.answering.execute({ candidateId, ...said }, actor), actor);
  }

  private async withTrial(found: FoundPotentialCustomer, actor: Actor): Promise<PotentialCustomerView> {
    return { ...viewOf(found, actor), trial: (await this.potential.trialOf(found)).map(trialViewOf) };
  }

  private registerRead(actor: Actor, customerIds: readonly string[], id?: string): Promise<void> {
    const object = id === undefined ? undefined : { type: 'potentialCustomer', id };
    return this.register.record({
      actor,
      action: 'tiering.read',
      customerIds,
      fieldGroups: ['tier', 'billing'],
      object,
    });
  }
}

function viewOf(known: FoundPotentialCustomer, actor: Actor): PotentialCustomerView {
  const { rules } = known;
  const found = shownTo(actor, rules, known);
  return {
    ...headOf(potentialCustomers, found.candidateId),
    customerId: found.customerId,
    status: found.status,
    level: found.level,
    levelName: rules.levels.find(({ tier }) => tier === found.level)?.label ?? { en: found.level, zh: found.level },
    region: found.region,
    managerId: found.managerId ?? undefined,
    ruleSetVersion: found.ruleSetVersion,
    foundOn: found.foundOn,
    lastFoundOn: found.lastFoundOn,
    lapsesOn: found.lapsesOn,
    inputs: rules.inputs.map(({ code, label, unit }) => ({ code, label, unit, value: found.inputs[code] ?? null })),
    reasons: found.reasons.map((reason) => whyOf(rules, reason)),
    decidedBy: found.decidedBy ?? undefined,
    decidedAt: found.decidedAt ?? undefined,
    reason: found.reason ?? undefined,
    restsUntil: found.restsUntil ?? undefined,
    endReason: found.endReason ?? undefined,
  };
}

function whyOf(rules: RuleSetBody, reason: FoundPotentialCustomer['reasons'][number]): WhyPotentialView {
  if (reason.kind === 'override') return { kind: reason.kind, level: reason.tier };
  const { kind, code } = reason;
  const named = [...rules.requirements, ...rules.exclusions, ...rules.routes].find((each) => each.code === code);
  const head = { kind, code, label: named?.label };
  return reason.kind === 'route'
    ? { ...head, level: reason.tier, actual: reason.actual, threshold: reason.threshold }
    : { ...head, holds: reason.holds };
}

const trialViewOf = ({ code, label, unit, value, validFrom, validUntil }: TrialEntitlement): TrialEntitlementView => ({
  code,
  label,
  unit,
  value,
  validFrom,
  validUntil,
});

const figuresOf = (figures: Precision): PrecisionFiguresView => ({
  found: figures.found,
  confirmed: figures.confirmed,
  rejected: figures.rejected,
  lapsed: figures.lapsed,
  open: figures.open,
  judged: figures.judged,
  holdLevel: figures.holdLevel,
  confirmedHoldLevel: figures.confirmedHoldLevel,
  precisionPercent: percentOf(figures),
});

const groupOf = (group: PrecisionOfGroup): PrecisionOfGroupView => ({
  ruleSetVersion: group.ruleSetVersion,
  region: group.region,
  ...figuresOf(group),
});
