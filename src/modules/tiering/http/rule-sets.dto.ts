import { Injectable, type PipeTransform } from '@nestjs/common';
import {
  AnyField,
  AnyObjectField,
  BooleanField,
  DateField,
  EnumField,
  IdField,
  InstantField,
  ListField,
  ObjectField,
  TextField,
} from '../../../platform/http/index.js';
import { RUN_STATUSES } from '../../../platform/queues/index.js';
import { gotone2026 } from '../domain/gotone-2026.js';
import { RuleSetNotFound } from '../domain/refusals.js';
import { checksumOf } from '../domain/rule-set-checksum.js';
import { DOCUMENT_FORMAT } from '../domain/rule-set-document.js';
import { ruleSetKinds, ruleSetStatuses, type RuleSetKind } from '../domain/rule-set.js';
import { LabelView } from './tiering.dto.js';

const PROGRAM = {
  pattern: /^[A-Z][A-Z0-9_]{0,39}$/,
  patternMeans: 'a name of up to 40 capitals, digits and underscores',
  example: 'GOTONE',
};
const VERSION = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/,
  patternMeans: 'a version of up to 40 letters, digits, . _ -',
  example: '2027.1',
};
const KIND = { values: ruleSetKinds, enumName: 'RuleSetKind', example: 'tier' };
const SCALE = { description: 'Codes of the levels, highest first', example: ['DIAMOND', 'GOLD', 'ORDINARY'] };
const UNTIL = { description: 'The first day on which it is no longer in effect', example: '9999-12-31' };
const CHECKSUM = { description: 'SHA-256 of the body with sorted keys', example: checksumOf(gotone2026) };
const CHECKSUM_READ = {
  ...CHECKSUM,
  description: 'Of the rules that were read (SHA-256): a conflict when they are no longer these',
  pattern: /^[0-9a-f]{64}$/,
  patternMeans: 'a SHA-256 in hexadecimal digits',
};
const BODY = {
  description: 'As in a rule set that is there; every mistake is answered with its place (JSON pointer)',
  example: gotone2026,
};
const REASON = { maxLength: 300, example: '省公司评审通过' };
const REGIONS = {
  min: 1,
  max: 40,
  unique: true,
  optional: true,
  description: 'Codes of provinces: a trial there (灰度)',
  example: ['440000'],
};

/** A version of any wrong shape is 404: PostgreSQL would fail on some. */
@Injectable()
export class RuleSetVersionPipe implements PipeTransform<string, string> {
  transform(version: string): string {
    if (!VERSION.pattern.test(version)) throw new RuleSetNotFound();
    return version;
  }
}

export class ProgramView {
  @TextField({ description: 'Its name', example: 'GOTONE' }) id!: string;
  @TextField() href!: string;
  @TextField({ example: 'LevelProgram' }) '@type'!: string;
  @EnumField(KIND) kind!: string;
  @ObjectField(() => LabelView) label!: LabelView;
  @ListField(() => String, SCALE) scale!: readonly string[];
  @InstantField() createdAt!: Date;
}

export class ProgramName {
  @TextField({ maxLength: 100, example: 'Value model of the south' }) en!: string;
  @TextField({ maxLength: 100, example: '南方价值模型' }) zh!: string;
}

export class CreateProgramBody {
  @TextField({ ...PROGRAM, example: 'VALUE_SOUTH' }) program!: string;
  @EnumField({ ...KIND, example: 'value-model' }) kind!: RuleSetKind;
  @ObjectField(() => ProgramName) label!: ProgramName;
  @ListField(() => String, { ...SCALE, min: 2, max: 12, unique: true, example: ['A', 'B', 'C'] }) scale!: string[];
}

export class RuleSetView {
  @TextField({ description: 'The version', example: '2026.1' })
  id!: string;

  @TextField()
  href!: string;

  @TextField({ example: 'TierRuleSet' })
  '@type'!: string;

  @TextField({ example: 'GOTONE' })
  program!: string;

  @EnumField(KIND)
  kind!: string;

  @EnumField({ values: ruleSetStatuses })
  status!: string;

  @DateField({ description: 'The first day that it is meant for', example: '2020-01-01' })
  effectiveFrom!: string;

  @DateField(UNTIL)
  effectiveUntil!: string;

  @TextField(CHECKSUM)
  checksum!: string;

  @TextField()
  author!: string;

  @TextField({ optional: true })
  approver?: string | undefined;

  @IdField({ optional: true, description: 'The preview of these rules that was completed last, or that was approved' })
  previewRunId?: string | undefined;

  @AnyObjectField({ description: 'Levels, inputs, requirements, exclusions, routes, review, movement, provinces' })
  body!: object;
}

export class CreateRuleSet {
  @TextField({ ...PROGRAM, optional: true, description: 'Default: the card levels' })
  program?: string;

  @TextField(VERSION)
  version!: string;

  @DateField({ example: '2027-02-01' })
  effectiveFrom!: string;

  @DateField({ ...UNTIL, optional: true })
  effectiveUntil?: string;

  @AnyObjectField(BODY)
  body!: object;
}

export class ChangeRuleSetBody {
  @TextField(CHECKSUM_READ)
  checksum!: string;

  @DateField({ optional: true, example: '2027-02-01' })
  effectiveFrom?: string;

  @DateField({ ...UNTIL, optional: true })
  effectiveUntil?: string;

  @AnyObjectField({ ...BODY, optional: true, description: `The whole body. ${BODY.description}` })
  body?: object;
}

export class CopyRuleSetBody {
  @TextField({ ...VERSION, example: '2027.2' })
  version!: string;

  @DateField({ example: '2027-02-01' })
  effectiveFrom!: string;

  @DateField({ ...UNTIL, optional: true })
  effectiveUntil?: string;
}

export class RuleSetDocumentView {
  @EnumField({ values: [DOCUMENT_FORMAT], example: DOCUMENT_FORMAT })
  format!: typeof DOCUMENT_FORMAT;

  @TextField(PROGRAM)
  program!: string;

  @EnumField(KIND)
  kind!: RuleSetKind;

  @ListField(() => String, { ...SCALE, min: 2, max: 12 })
  scale!: readonly string[];

  @TextField(VERSION)
  version!: string;

  @DateField({ example: '2027-02-01' })
  effectiveFrom!: string;

  @DateField(UNTIL)
  effectiveUntil!: string;

  @AnyObjectField(BODY)
  body!: object;

  @TextField({ ...CHECKSUM, pattern: CHECKSUM_READ.pattern, patternMeans: CHECKSUM_READ.patternMeans })
  checksum!: string;
}

export class RuleSetTextQuery {
  @EnumField({ values: ['en', 'zh'], default: 'en' })
  language!: 'en' | 'zh';
}

export class RuleSetSectionView {
  @TextField({ example: 'Levels, highest first' }) title!: string;
  @ListField(() => String, { example: ['Diamond', 'Gold'] }) lines!: readonly string[];
}

export class RuleSetTextView {
  @TextField({ example: '2026.1' }) id!: string;
  @TextField() href!: string;
  @TextField({ example: 'TierRuleSetText' }) '@type'!: string;
  @EnumField({ values: ['en', 'zh'] }) language!: string;
  @ListField(() => RuleSetSectionView) sections!: RuleSetSectionView[];
}

export class RuleSetDifferenceQuery {
  @TextField({ ...VERSION, optional: true, description: 'Default: what decides everywhere today', example: '2026.1' })
  from?: string;
}

export class RuleSetDifferenceItem {
  @TextField({
    description: 'JSON pointer into the later body; into the earlier one for what is gone',
    example: '/review',
  })
  place!: string;

  @ObjectField(() => LabelView, { description: 'In words' })
  what!: LabelView;

  @AnyField({ description: 'null: it is new' })
  before!: unknown;

  @AnyField({ description: 'null: it is gone' })
  after!: unknown;
}

export class RuleSetDifferenceView {
  @TextField({ example: '2027.1' }) id!: string;
  @TextField() href!: string;
  @TextField({ example: 'TierRuleSetDifference' }) '@type'!: string;
  @TextField({ description: 'The earlier version', example: '2026.1' }) from!: string;
  @ListField(() => RuleSetDifferenceItem) differences!: RuleSetDifferenceItem[];
}

export class SimulateRuleSetBody {
  @DateField({ optional: true, description: 'Default: today', example: '2026-02-01' })
  asOf?: string;

  @TextField({ ...VERSION, optional: true, description: 'Default: what decides on that day', example: '2026.1' })
  against?: string;

  @BooleanField({
    optional: true,
    description: 'As the first review of a level year would decide (定级年度); default: as a review on that day would',
  })
  asYearlyReview?: boolean;
}

export class RuleSetPreviewView {
  @IdField({ description: 'Of the run' }) id!: string;
  @TextField({ description: 'The run and how far it is' }) href!: string;
  @TextField({ example: 'Run' }) '@type'!: string;
  @TextField({ description: 'The rule set', example: '2027.1' }) version!: string;
  @EnumField({ values: RUN_STATUSES }) status!: string;
}

export class ApproveRuleSetBody {
  @TextField(CHECKSUM_READ) checksum!: string;
  @IdField({ description: 'The preview that you have seen' }) previewRunId!: string;
  @TextField(REASON) reason!: string;
}

export class ActivateRuleSetBody {
  @DateField({ optional: true, description: 'Default: today, or the first day it is meant for', example: '2027-02-01' })
  effectiveFrom?: string;

  @ListField(() => String, REGIONS)
  regions?: string[];
}

export class RuleSetReasonBody {
  @TextField(REASON) reason!: string;
}

export class RuleSetPeriodView {
  @IdField() id!: string;
  @TextField({ example: '2026.1' }) version!: string;
  @ListField(() => String, { ...REGIONS, description: 'A trial in these provinces; absent: everywhere' })
  regions?: readonly string[] | undefined;
  @DateField() effectiveFrom!: string;
  @DateField(UNTIL) effectiveUntil!: string;
  @TextField() begunBy!: string;
  @InstantField() begunAt!: Date;
  @EnumField({ optional: true, values: ['superseded', 'regions-changed', 'everywhere', 'rolled-back'] })
  endReason?: string | undefined;
  @TextField({ optional: true }) endedBy?: string | undefined;
  @InstantField({ optional: true }) endedAt?: Date | undefined;
}
