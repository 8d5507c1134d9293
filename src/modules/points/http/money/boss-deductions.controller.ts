import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor, DateField, EnumField, headOf, IdField, InstantField, IntegerField, ListField, Operation, TextField,
} from '../../../../platform/http/index.js'; // prettier-ignore
import type { Actor } from '../../../../platform/identity/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import { BossDeductions, type DeductionDay } from '../../application/money/boss-deductions.js';
import { PURPOSES, type Purpose } from '../../domain/ledger/redemption.js';
import { BudgetUsedUp, NotABillingSystem, SerialReused } from '../../domain/money/refusals-of-money.js';
import { SPENDING_REFUSALS } from '../ledger/of-customer.js';

const BASE = '/care-api/points/v1';
const deductions = { type: 'PointsDeduction', path: `${BASE}/deduction` } as const;
const deductionDays = { type: 'DeductionDay', path: `${BASE}/deductionDay` } as const;

const SERIAL = {
  maxLength: 64,
  pattern: /^[\w.-]+$/,
  description: "BOSS's own number of the deduction (流水号)",
  example: 'D202602010001',
} as const;
const SOURCE = {
  optional: true,
  maxLength: 12,
  description: 'The billing system; a system says nothing, it is the one of its key',
  example: 'BOSS',
} as const;

class CreateDeduction {
  @IdField() customerId!: string;
  @IntegerField({ min: 1, max: 1_000_000_000, example: 100 }) points!: number;
  @EnumField({ values: PURPOSES, example: 'MOBILE_PRODUCT' }) purpose!: Purpose;
  @TextField(SERIAL) serialNumber!: string;
  @TextField(SOURCE) source?: string;
}

class DeductionView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'PointsDeduction' }) '@type'!: string;
  @TextField({ example: 'BOSS' }) source!: string;
  @TextField({ example: 'D202602010001' }) serialNumber!: string;
  @IdField() customerId!: string;
  @IntegerField() points!: number;
  @IntegerField() availableAfter!: number;
  @DateField() businessDate!: string;
  @InstantField() deductedAt!: Date;
}

class ListedDeduction {
  @TextField(SERIAL) serialNumber!: string;
  @IntegerField({ min: 1, max: 1_000_000_000, example: 100 }) points!: number;
}

class StateDeductionDay {
  @DateField({ example: '2026-02-01' }) businessDate!: string;
  @ListField(() => ListedDeduction, {
    description: 'All deductions of the day, none left out',
    max: 50_000,
    example: [{ serialNumber: 'D202602010001', points: 100 }],
  })
  deduction!: ListedDeduction[];
  @TextField(SOURCE) source?: string;
}

class DeductionDifferenceView {
  @TextField({ example: 'D202602010001' }) serialNumber!: string;
  @EnumField({ values: ['ONLY_OURS', 'ONLY_THEIRS', 'OTHER_POINTS'], example: 'ONLY_OURS' }) kind!: string;
  @IntegerField({ optional: true }) ourPoints?: number;
  @IntegerField({ optional: true }) theirPoints?: number;
}

class DeductionDayView {
  @IdField({ readOnly: true, example: 'BOSS~2026-02-01' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'DeductionDay' }) '@type'!: string;
  @TextField({ example: 'BOSS' }) source!: string;
  @DateField() businessDate!: string;
  @IntegerField() ourCount!: number;
  @IntegerField() ourPoints!: number;
  @IntegerField() theirCount!: number;
  @IntegerField() theirPoints!: number;
  @ListField(() => DeductionDifferenceView, { max: 100_000 }) difference!: readonly DeductionDifferenceView[];
}

class SourceQuery {
  @TextField(SOURCE) source?: string;

  @TextField({ optional: true, description: 'Attributes to answer, `a,b.c`; `id`, `href` and `@type` always are' })
  fields?: string;
}

@ApiTags('Points, BOSS side (BOSS侧积分)')
@Controller(BASE)
export class BossDeductionsController {
  constructor(private readonly deductions: BossDeductions) {}

  @Post('deduction')
  @Operation({
    summary: 'Deduct points for BOSS (BOSS积分扣减)',
    description:
      'A redemption in the same ledger. BOSS names it by its own serial number: the same again is answered with what was deducted, and ' +
      'deducts nothing, for ever.',
    permission: 'points.deduct',
    concerns: { customer: 'body.customerId', unknown: CustomerNotFound },
    creates: DeductionView,
    refusals: [...SPENDING_REFUSALS, ...[SerialReused, BudgetUsedUp, NotABillingSystem]],
  })
  async deduct(@Body() body: CreateDeduction, @CurrentActor() actor: Actor): Promise<DeductionView> {
    const { customerId, points, purpose, serialNumber } = body;
    const source = await this.deductions.sourceOf(actor, body.source);
    const { journalId, ...deduction } = await this.deductions.execute({
      ...{ customerId, points, purpose, serialNumber, source },
      actorId: actor.id,
    });
    return { ...headOf(deductions, journalId), ...deduction };
  }

  @Post('deductionDay')
  @Operation({
    summary: 'Reconcile the deductions of a day (积分扣减每日对账)',
    description:
      "Holds BOSS's list of a business day against ours, and answers what differs. Said again, the last list counts.",
    permission: 'points.deduct',
    wholeOperator: true,
    creates: DeductionDayView,
    refusals: [NotABillingSystem],
  })
  async state(@Body() body: StateDeductionDay, @CurrentActor() actor: Actor): Promise<DeductionDayView> {
    const source = await this.deductions.sourceOf(actor, body.source);
    const theirs = body.deduction.map(({ serialNumber, points }) => ({ serialNumber, points }));
    return dayView(await this.deductions.reconcile(source, body.businessDate, theirs));
  }

  @Get('deductionDay')
  @Operation({
    summary: 'Reconciled days of deductions (积分扣减对账结果)',
    permission: 'points.deduct',
    wholeOperator: true,
    returns: [DeductionDayView],
    refusals: [NotABillingSystem],
  })
  async days(@Query() { source }: SourceQuery, @CurrentActor() actor: Actor): Promise<readonly DeductionDayView[]> {
    const asked = actor.kind === 'system' ? await this.deductions.sourceOf(actor, source) : source;
    return (await this.deductions.days(asked)).map(dayView);
  }
}

const dayView = ({ differences, ...day }: DeductionDay): DeductionDayView => ({
  ...headOf(deductionDays, `${day.source}~${day.businessDate}`),
  ...day,
  difference: differences,
});
