import {
  DateField,
  EnumField,
  IdField,
  InstantField,
  IntegerField,
  ObjectField,
  TextField,
} from '../../../platform/http/index.js';
import { benefitUnits, serviceClasses, type BenefitUnit, type ServiceClass } from '../domain/benefit.js';

export const BENEFIT_CODE = /^[A-Z][A-Z0-9_]*$/;
const CODE = {
  maxLength: 40,
  pattern: BENEFIT_CODE,
  patternMeans: 'capitals, digits and underscores',
  example: 'AIRPORT_LOUNGE',
} as const;
const SERVICE_CLASS = {
  values: serviceClasses,
  description: 'Of the 3A service system (3A服务体系): network, customer or extra services',
};
const UNIT = { values: benefitUnits, description: 'What is counted: times, visits of one person each, days' };
const UNTIL = { description: 'The first day without it', example: '9999-12-31' };
const LEVEL = { example: 'GOLD', description: 'A level of the programme of the benefit' };
const UNITS_PER_YEAR = { description: 'Units of a whole level year (定级年度)', example: 6 };
/** Where points are redeemed. */
const EXCHANGE_CHANNELS = ['HOTLINE', 'HALL', 'WEB', 'APP', 'SMS', 'POS', 'ACCOUNT_MANAGER'] as const;
const CHANNELS = ['HOTLINE', 'HALL', 'WEB', 'APP', 'SMS', 'PARTNER', 'ACCOUNT_MANAGER'] as const;

class BenefitLabel {
  @TextField({ maxLength: 100, example: 'Airport lounge' }) en!: string;
  @TextField({ maxLength: 100, example: '机场贵宾厅' }) zh!: string;
}

export class BenefitView {
  @TextField({ readOnly: true, example: 'AIRPORT_LOUNGE' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'Benefit' }) '@type'!: string;
  @TextField({ example: 'GOTONE', description: 'Whose levels entitle to it' }) program!: string;
  @EnumField(SERVICE_CLASS) serviceClass!: string;
  @ObjectField(() => BenefitLabel) label!: BenefitLabel;
  @EnumField(UNIT) unit!: string;
  @DateField() effectiveFrom!: string;
  @DateField(UNTIL) effectiveUntil!: string;
}

export class CreateBenefitBody {
  @TextField({ ...CODE, example: 'GOLF_PRACTICE' }) code!: string;
  @TextField({ ...CODE, default: 'GOTONE', example: 'GOTONE' }) program!: string;
  @EnumField(SERVICE_CLASS) serviceClass!: ServiceClass;
  @ObjectField(() => BenefitLabel) label!: BenefitLabel;
  @EnumField(UNIT) unit!: BenefitUnit;
  @DateField({ example: '2027-02-01', description: 'Today or later' }) effectiveFrom!: string;
  @DateField({ ...UNTIL, default: '9999-12-31' }) effectiveUntil!: string;
}

export class ChangeBenefitBody {
  @ObjectField(() => BenefitLabel, { optional: true }) label?: BenefitLabel;
  @DateField({ optional: true, example: '2028-02-01', description: 'The first day without it, today or later' })
  effectiveUntil?: string;
}

export class BenefitQuotaView {
  @TextField({ readOnly: true, example: 'AIRPORT_LOUNGE~GOLD~1' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'BenefitQuota' }) '@type'!: string;
  @TextField({ example: 'AIRPORT_LOUNGE' }) benefit!: string;
  @TextField(LEVEL) level!: string;
  @IntegerField() version!: number;
  @IntegerField(UNITS_PER_YEAR) unitsPerYear!: number;
  @DateField() effectiveFrom!: string;
  @TextField() author!: string;
}

export class CreateQuotaBody {
  @TextField(CODE) benefit!: string;
  @TextField({ ...CODE, ...LEVEL }) level!: string;
  @IntegerField({ ...UNITS_PER_YEAR, min: 0, max: 10_000 }) unitsPerYear!: number;
  @DateField({ example: '2027-02-01', description: 'Today or later' }) effectiveFrom!: string;
}

export class EntitlementView {
  @TextField({ readOnly: true, example: '2026-02-01~AIRPORT_LOUNGE' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'Entitlement' }) '@type'!: string;
  @TextField({ example: 'AIRPORT_LOUNGE' }) benefit!: string;
  @ObjectField(() => BenefitLabel) label!: BenefitLabel;
  @EnumField(UNIT) unit!: string;
  @TextField({ ...LEVEL, description: 'The level by which it was last granted' }) level!: string;
  @IdField({ optional: true, description: 'The decision that gave the level' }) decisionId?: string | undefined;
  @DateField({ description: 'First day of the level year (定级年度)' }) levelYear!: string;
  @DateField({ description: 'First day of the next one' }) validUntil!: string;
  @IntegerField({ description: 'For the whole level year, by the levels held in it (按月折算)', example: 6 })
  granted!: number;
  @IntegerField({ description: 'What points were exchanged for, beside it (积分享福)', example: 0 }) exchanged!: number;
  @IntegerField({ example: 1 }) used!: number;
  @IntegerField({ example: 5 }) remaining!: number;
}

export class CreateUseBody {
  @TextField(CODE) benefit!: string;
  @IntegerField({ min: 1, max: 1000, default: 1, description: 'Guests count as the customer does' }) units!: number;
  @EnumField({ values: CHANNELS, description: 'Where the customer asked' }) channel!: string;
  @TextField({
    optional: true,
    maxLength: 40,
    pattern: /^[A-Z0-9-]+$/,
    patternMeans: 'capitals, digits and hyphens',
    example: 'CAN-T2-01',
    description: 'The code of the lounge, hall or merchant',
  })
  place?: string;
}

export class BenefitUseView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'BenefitUse' }) '@type'!: string;
  @IdField() customerId!: string;
  @TextField({ example: 'AIRPORT_LOUNGE' }) benefit!: string;
  @DateField({ description: 'First day of the level year that it was taken from' }) levelYear!: string;
  @IntegerField() units!: number;
  @EnumField({ values: CHANNELS }) channel!: string;
  @TextField({ optional: true, example: 'CAN-T2-01' }) place?: string | undefined;
  @InstantField() usedAt!: Date;
}

export class ExchangePointsBody {
  @TextField({ ...CODE, example: 'LOUNGE_VISIT', description: 'A service of the points catalogue' }) itemId!: string;
  @EnumField({ values: EXCHANGE_CHANNELS, description: 'Where the customer asked' }) channel!: string;
}

export class PointsExchangeView {
  @IdField({ readOnly: true, description: 'The order of points' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'PointsExchange' }) '@type'!: string;
  @IdField() customerId!: string;
  @TextField({ example: 'LOUNGE_VISIT' }) itemId!: string;
  @IntegerField({ description: 'What it cost', example: 5_000 }) points!: number;
  @TextField({ example: 'AIRPORT_LOUNGE' }) benefit!: string;
  @IntegerField({ description: 'Units of the benefit that were granted', example: 1 }) units!: number;
  @DateField({ description: 'First day of the level year in which they can be used' }) levelYear!: string;
  @DateField({ description: 'First day of the next one: they cannot be used then' }) validUntil!: string;
  @InstantField() exchangedAt!: Date;
}
