import {
  DateField, EnumField, IdField, InstantField, IntegerField, ListField, MonthField, ObjectField, TextField,
} from '../../../platform/http/index.js'; // prettier-ignore
import { KINDS } from '../domain/codes.js';
import { DIFFERENCE_TYPES, MEASURES } from '../domain/reconciliation.js';
import { DAY_STATES } from '../domain/source-day.js';
import { DIFFERENCE_STATES } from './reconciliation.resources.js';

const REASON = { maxLength: 400, example: 'Both sides looked at it' };
const SOURCE = {
  pattern: /^[A-Z0-9]{2,12}$/,
  patternMeans: 'a source code of 2 to 12 capital letters and digits',
  example: 'BOSS',
};
const PROVINCE = {
  pattern: /^[A-Za-z0-9]{2,6}$/,
  patternMeans: 'a province code of 2 to 6 letters or digits',
  example: '440000',
  description: '000000: the whole country, and what is pushed online',
};

class Head {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ readOnly: true }) '@type'!: string;
}

/** Which day is meant. */
export class DayBody {
  @TextField(SOURCE) source!: string;
  @EnumField({ values: KINDS }) kind!: (typeof KINDS)[number];
  @TextField({ ...PROVINCE, optional: true }) province?: string;
  @DateField({ example: '2025-02-01', description: 'Business date (账期日)' }) businessDate!: string;
}

const MOST = Number.MAX_SAFE_INTEGER;

export class CreateStatement extends DayBody {
  @IntegerField({
    min: 0,
    max: MOST,
    example: 1000,
    description: 'Each record version once, on the day it was first sent',
  })
  records!: number;
  @IntegerField({ min: -MOST, max: MOST, example: 20000, description: 'As in the trailer of a file, in fen' })
  feeFen!: number;
  @IntegerField({ min: 0, max: MOST, example: 2000 }) minutes!: number;
  @IntegerField({ min: 0, max: MOST, example: 0 }) volumeKB!: number;
}

class FiguresView {
  @IntegerField() records!: number;
  @IntegerField({ optional: true }) feeFen?: number | undefined;
  @IntegerField({ optional: true }) minutes?: number | undefined;
  @IntegerField({ optional: true }) volumeKB?: number | undefined;
}

export class StatementView {
  @TextField({ example: 'Statement' }) '@type'!: string;
  @TextField({ description: 'The sheet that it belongs to', example: 'BOSS-USG-440000-2025-02-01' })
  reconciliationId!: string;
  @ObjectField(() => FiguresView) theirs!: FiguresView;
  @IntegerField({ optional: true, description: 'Records of the list that differ from what is stored' })
  recordDifferences?: number | undefined;
  @InstantField() statedAt!: Date;
}

export class ReconciliationView extends Head {
  @TextField(SOURCE) source!: string;
  @EnumField({ values: KINDS }) kind!: string;
  @TextField(PROVINCE) province!: string;
  @DateField() businessDate!: string;
  @EnumField({
    values: DAY_STATES,
    description: 'CLOSED: both sides agree; SIGNED_OFF: two people have accepted the differences',
  })
  state!: string;
  @EnumField({ values: ['STATEMENT', 'TRAILERS'], optional: true, description: 'Where their figures come from' })
  theirsFrom?: string | undefined;
  @ObjectField(() => FiguresView, { optional: true }) theirs?: FiguresView | undefined;
  @ObjectField(() => FiguresView) ours!: FiguresView;
  @IntegerField({ description: 'Sent again; counted on the day on which they first came' }) duplicates!: number;
  @IntegerField({ description: 'Refused and still open' }) rejected!: number;
  @IntegerField({ description: 'Wait for their customer or for the record they change' }) held!: number;
  @IntegerField() openDifferences!: number;
  @InstantField({ optional: true }) comparedAt?: Date | undefined;
  @InstantField({ optional: true }) closedAt?: Date | undefined;
  @TextField({ optional: true }) closedBy?: string | undefined;
  @TextField({ optional: true }) closingReason?: string | undefined;
  @IdField({ optional: true, description: 'The request for a second person to sign off the differences' })
  approvalId?: string | undefined;
}

export class PatchReconciliation {
  @EnumField({ values: ['CLOSED', 'OPEN'] }) state!: 'CLOSED' | 'OPEN';
  @TextField(REASON) reason!: string;
}

export class DifferenceView extends Head {
  @TextField({ example: 'BOSS-USG-440000-2025-02-01' }) reconciliationId!: string;
  @EnumField({ values: DIFFERENCE_TYPES }) type!: string;
  @EnumField({ values: MEASURES }) measure!: string;
  @TextField({ optional: true }) recordId?: string | undefined;
  @IntegerField({ optional: true }) version?: number | undefined;
  @IntegerField({ optional: true }) theirs?: number | undefined;
  @IntegerField({ optional: true }) ours?: number | undefined;
  @EnumField({ values: DIFFERENCE_STATES }) state!: string;
  @TextField({ optional: true, description: 'Who looks after it: an id of the staff' }) owner?: string | undefined;
  @TextField({ optional: true }) comment?: string | undefined;
  @TextField({ optional: true }) resolution?: string | undefined;
  @TextField({ optional: true }) explainedBy?: string | undefined;
  @InstantField() foundAt!: Date;
  @InstantField({ optional: true }) endedAt?: Date | undefined;
}

export class PatchDifference {
  @IdField({ optional: true, description: 'Who looks after it: an id of the staff' }) owner?: string;
  @TextField({ optional: true, maxLength: 400 }) comment?: string;
  @TextField({
    optional: true,
    nullable: true,
    maxLength: 400,
    description: 'With it the difference is explained; null takes it back',
  })
  resolution?: string | null;
}

export class CreateMonthClosing {
  @MonthField({ example: '2025-01' }) month!: string;
  @TextField(REASON) reason!: string;
}

class MonthFigures {
  @IntegerField({ description: 'Days of feeds that were closed or signed off' }) days!: number;
  @IntegerField() customers!: number;
  @IntegerField() usageFeeFen!: number;
  @IntegerField() billedUsageFen!: number;
  @IntegerField({ description: 'Customers whose usage and bill differed by more than is tolerated' })
  differing!: number;
}

export class MonthClosingView extends Head {
  @MonthField() month!: string;
  @InstantField() closedAt!: Date;
  @TextField() closedBy!: string;
  @ObjectField(() => MonthFigures, { description: 'As they were when the month was closed' }) figures!: object;
}

class MonthDifferenceView {
  @IdField() customerId!: string;
  @IntegerField() usageFeeFen!: number;
  @IntegerField() billedUsageFen!: number;
}

export class MonthAuditView extends Head {
  @MonthField() month!: string;
  @IntegerField() customers!: number;
  @IntegerField() usageFeeFen!: number;
  @IntegerField() billedUsageFen!: number;
  @IntegerField() differing!: number;
  @IntegerField({ description: 'What may differ, in fen' }) toleranceFen!: number;
  @IntegerField({ description: 'or in percent of the bill, whichever is more' }) tolerancePercent!: number;
  @ListField(() => MonthDifferenceView, {
    optional: true,
    description: 'The hundred that differ most; with customers.amounts only',
  })
  worst?: readonly MonthDifferenceView[];
}

export class SyncStatusView {
  @TextField({ example: 'SyncStatus' }) '@type'!: string;
  @TextField(SOURCE) source!: string;
  @EnumField({ values: KINDS }) kind!: string;
  @InstantField({ optional: true }) lastSuccessAt?: Date | undefined;
  @IntegerField({ optional: true }) lagSeconds?: number | undefined;
  @DateField({ optional: true }) lastBusinessDate?: string | undefined;
  @IntegerField({ optional: true, description: 'The first sequence that is missing while later ones came' })
  openGapFrom?: number | undefined;
  @IntegerField() openAlarms!: number;
  @IntegerField() openDifferences!: number;
  @IntegerField() openRejects!: number;
  @IntegerField() held!: number;
  @DateField({ optional: true, description: 'The oldest business date that is not closed' }) oldestOpenDay?:
    string | undefined;
}
