import {
  DateField, EnumField, IdField, InstantField, IntegerField, ListField, MonthField, BooleanField, TextField,
} from '../../../../platform/http/index.js'; // prettier-ignore
import { GUARDS } from '../../domain/money/guards.js';
import { POINTS_TYPES } from '../../domain/ledger/ledger.js';
import { BUDGET_KINDS, type BudgetKind } from '../../domain/money/budget.js';

const KIND = { values: BUDGET_KINDS, enumName: 'PointsBudgetKind', example: 'GOODS' } as const;
const POINTS = { min: 0, max: 1_000_000_000_000 } as const;

export class RegionQuery {
  @TextField({
    optional: true,
    maxLength: 20,
    description: 'Code of a province; default all that one sees',
    example: '440000',
  })
  region?: string;

  @TextField({ optional: true, description: 'Attributes to answer, `a,b.c`; `id`, `href` and `@type` always are' })
  fields?: string;
}

export class LedgerMonthView {
  @MonthField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'LedgerMonth' }) '@type'!: string;
  @MonthField() month!: string;
  @IntegerField({ description: 'Postings that the sums of the month are made of' }) postings!: number;
  @InstantField({ optional: true, description: 'When the sums were made last' }) rolledAt?: Date | undefined;
  @InstantField({ optional: true, description: 'Since then nothing is posted into the month' }) closedAt?:
    Date | undefined;
  @TextField({ optional: true }) closedBy?: string | undefined;
  @BooleanField({ description: 'Closed, and rolled up after that: the sums never change again' }) isFinal!: boolean;
}

export class CloseLedgerMonth {
  @MonthField({ example: '2025-11' }) month!: string;
}

export class LiabilityLineView {
  @TextField({ description: 'Class of the points; DEBT is what customers owe', example: 'SPENDING' })
  pointsType!: string;
  @TextField({ example: 'OPERATOR' }) funderId!: string;
  @IntegerField() opening!: number;
  @IntegerField() issued!: number;
  @IntegerField() redeemed!: number;
  @IntegerField() expired!: number;
  @IntegerField() adjusted!: number;
  @IntegerField() transferred!: number;
  @IntegerField() forfeited!: number;
  @IntegerField({ description: 'Points of the class that repaid a debt; the line of the debts has the opposite' })
  settled!: number;
  @IntegerField({ description: 'opening + issued - redeemed - expired + adjusted + transferred - forfeited + settled' })
  closing!: number;
}

export class LiabilityCohortView {
  @TextField({ example: 'SPENDING' }) pointsType!: string;
  @TextField({ example: 'OPERATOR' }) funderId!: string;
  @DateField({ optional: true, description: 'Absent: they never expire' }) expiresOn?: string | undefined;
  @IntegerField() points!: number;
  @IntegerField({ description: 'Expected to expire unused, in basis points' }) breakageBp!: number;
  @IntegerField({ description: 'points x 2 fen x (1 - breakage)' }) liabilityFen!: number;
}

export class PointsLiabilityView {
  @MonthField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'PointsLiability' }) '@type'!: string;
  @MonthField() month!: string;
  @IntegerField({ description: 'Points in the hands of customers at the end of the month, less what they owe' })
  closing!: number;
  @IntegerField() closingValueFen!: number;
  @IntegerField({ description: 'After the expected breakage' }) liabilityFen!: number;
  @IntegerField({ description: 'Version of the breakage rates' }) breakageVersion!: number;
  @IntegerField({ description: 'Postings that the figures are made of' }) postings!: number;
  @InstantField({ optional: true }) rolledAt?: Date | undefined;
  @ListField(() => LiabilityLineView) line!: readonly LiabilityLineView[];
  @ListField(() => LiabilityCohortView, { max: 100_000 }) cohort!: readonly LiabilityCohortView[];
}

export class BreakageShareView {
  @EnumField({ values: POINTS_TYPES, example: 'SPENDING' }) pointsType!: string;
  @ListField(() => Number, {
    description:
      'Basis points of what is expected to expire unused: of lots that expire within 12 months, within 24, ...',
    example: [2500, 800, 300],
    min: 1,
    max: 10,
  })
  yearsLeftBp!: readonly number[];
}

export class CreateBreakageRateSet {
  @DateField({ example: '2026-03-01' }) effectiveFrom!: string;
  @ListField(() => BreakageShareView, {
    description: 'A class that is not named loses nothing',
    max: 7,
    example: [{ pointsType: 'SPENDING', yearsLeftBp: [2500, 800, 300] }],
  })
  rate!: BreakageShareView[];
  @TextField({ maxLength: 500, example: '按历史清零估算' }) reason!: string;
}

export class BreakageRateSetView {
  @IdField({ readOnly: true, example: '2' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'BreakageRateSet' }) '@type'!: string;
  @IntegerField() version!: number;
  @DateField() effectiveFrom!: string;
  @ListField(() => BreakageShareView) rate!: readonly BreakageShareView[];
  @TextField() author!: string;
  @TextField() reason!: string;
}

export class BreakageEstimateView {
  @TextField({ example: 'BreakageEstimate' }) '@type'!: string;
  @DateField() asOf!: string;
  @ListField(() => BreakageShareView) rate!: readonly BreakageShareView[];
}

export class GuardReadingView {
  @IdField({ readOnly: true, example: 'RETURN~2026-02-01' }) id!: string;
  @TextField({ example: 'PointsGuardReading' }) '@type'!: string;
  @EnumField({ values: GUARDS, example: 'RETURN' }) guard!: string;
  @IntegerField() pointsYear!: number;
  @DateField() readOn!: string;
  @IntegerField({ description: 'Numerator' }) points!: number;
  @IntegerField({ description: 'points x 2 fen' }) costFen!: number;
  @IntegerField({ description: 'Denominator' }) revenueFen!: number;
  @IntegerField({ optional: true, description: 'Basis points: 200 is 2.00 %' }) rateBp?: number | undefined;
  @IntegerField({ optional: true, description: 'Expected at the end of the points year' }) forecastBp?:
    number | undefined;
  @IntegerField() softBp!: number;
  @IntegerField() hardBp!: number;
  @EnumField({ values: ['NONE', 'SOFT', 'HARD'], example: 'NONE' }) level!: string;
}

export class PointsBudgetView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'PointsBudget' }) '@type'!: string;
  @IntegerField({ example: 2026 }) pointsYear!: number;
  @TextField({ optional: true, description: 'Code of a province; absent: the whole operator' }) region?:
    string | undefined;
  @EnumField(KIND) kind!: string;
  @IntegerField() softPoints!: number;
  @IntegerField() hardPoints!: number;
  @IntegerField() used!: number;
  @IntegerField() left!: number;
  @EnumField({ values: ['OPEN', 'SOFT', 'HARD'], example: 'OPEN' }) state!: string;
  @InstantField() changedAt!: Date;
}

export class CreatePointsBudget {
  @IntegerField({ min: 2000, max: 2999, example: 2027 }) pointsYear!: number;
  @TextField({
    optional: true,
    maxLength: 20,
    description: 'Code of a province; absent: the whole operator',
    example: '440000',
  })
  region?: string;
  @EnumField(KIND) kind!: BudgetKind;
  @IntegerField({ ...POINTS, description: 'Refused beyond it', example: 5_000_000 }) hardPoints!: number;
  @IntegerField({
    ...POINTS,
    optional: true,
    description: 'Somebody is told; default the hard limit',
    example: 4_500_000,
  })
  softPoints?: number;
}

export class PatchPointsBudget {
  @IntegerField({ ...POINTS, optional: true, example: 6_000_000 }) hardPoints?: number;
  @IntegerField({ ...POINTS, optional: true, example: 5_500_000 }) softPoints?: number;
}

export class PointsAnalysisLineView {
  @TextField({ description: 'Level that the customer has now', example: 'GOLD' }) level!: string;
  @IntegerField({ optional: true, description: 'Whole years until the lots expire; absent: never, or owed' })
  yearsLeft?: number | undefined;
  @IntegerField() issued!: number;
  @IntegerField() redeemed!: number;
  @IntegerField() expired!: number;
  @IntegerField({ description: 'At the end of the month' }) outstanding!: number;
  @IntegerField() outstandingValueFen!: number;
}

export class PointsAnalysisView {
  @MonthField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'PointsAnalysis' }) '@type'!: string;
  @MonthField() month!: string;
  @ListField(() => PointsAnalysisLineView) line!: readonly PointsAnalysisLineView[];
}
