import {
  AnyObjectField,
  BooleanField,
  DateField,
  EnumField,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  ObjectField,
  TextField,
} from '../../../../platform/http/index.js';
import { EXPIRY_POLICIES, type ExpiryPolicy } from '../../domain/expiry/expiry-policy.js';
import { POINTS_TYPES } from '../../domain/ledger/ledger.js';
import {
  type Charge,
  CHARGES,
  CREDIT_MOMENTS,
  type CreditMoment,
  type EarnRules,
  FACTOR_MODES,
  type FactorMode,
  type Rounding,
  ROUNDINGS,
  type TenureStep,
} from '../../domain/earning/earn-rule-set.js';
import { PURPOSES } from '../../domain/ledger/redemption.js';
import { ENTRY_KINDS } from './points.resources.js';

const CHANNELS = ['HOTLINE', 'HALL', 'WEB', 'APP', 'SMS', 'POS', 'ACCOUNT_MANAGER'] as const;

class Head {
  @IdField({ readOnly: true })
  id!: string;

  @TextField({ readOnly: true, example: '/care-api/points/v1/…' })
  href!: string;

  @TextField({ readOnly: true })
  '@type'!: string;
}

export class PointsAccountView extends Head {
  @IdField({ description: 'The customer' })
  customerId!: string;

  @IntegerField({ description: 'Points that can be used (可用积分)', example: 5200 })
  available!: number;

  @IntegerField({ description: 'Points reserved for something under way (冻结积分)', example: 0 })
  held!: number;

  @IntegerField({ description: 'Points that are not usable yet (待生效积分)', example: 0 })
  pending!: number;

  @IntegerField({ description: 'Points taken back after they were spent; what is earned next repays them', example: 0 })
  debt!: number;

  @IntegerField({ description: 'What the available points are worth, in fen: 2 each', example: 10400 })
  valueInFen!: number;

  @IntegerField({ description: 'Points earned in the programme (资格积分)', example: 6200 })
  qualifying!: number;

  @BooleanField({ description: 'Has the customer earned enough to redeem?' })
  canRedeem!: boolean;

  @IntegerField({ description: 'Points still to be earned before redeeming', example: 0 })
  gapToRedeem!: number;

  @IntegerField({ description: 'The points year that runs now: 1 December to 30 November (计算周期)', example: 2026 })
  pointsYear!: number;

  @IntegerField({ description: 'Earned in it', example: 1400 })
  earnedThisPointsYear!: number;

  @EnumField({
    values: ['ACTIVE', 'FROZEN', 'CLOSED'],
    description: 'FROZEN: suspended (停机), earns but cannot spend',
  })
  status!: string;
}

export class PointsEntryItemView {
  @EnumField({ values: POINTS_TYPES }) pointsType!: string;
  @IntegerField({ example: 118 }) points!: number;
}

export class PointsEntryView extends Head {
  @IntegerField({ description: 'Number of the entry in the account, from 1', example: 12 })
  sequence!: number;

  @EnumField({ values: ENTRY_KINDS })
  kind!: string;

  @IntegerField({ description: 'Change; negative when points left', example: -500 })
  points!: number;

  @IntegerField({ description: 'What the change is worth, in fen', example: -1000 })
  valueInFen!: number;

  @IntegerField({ description: 'Points available after it', example: 4700 })
  availableAfter!: number;

  @DateField({ description: 'Day of the books' })
  businessDate!: string;

  @InstantField({ description: 'When it happened' })
  occurredAt!: Date;

  @InstantField({ description: 'When it was written down' })
  recordedAt!: Date;

  @TextField({ optional: true, example: 'HOTLINE' })
  channel?: string;

  @TextField({ optional: true, description: 'The bill that earned', example: 'B2025120000017' })
  billNo?: string;

  @ListField(() => PointsEntryItemView, {
    optional: true,
    description: 'What a bill has earned, class by class (积分类型); below 0: what a correction took back',
  })
  item?: readonly PointsEntryItemView[];

  @IdField({ optional: true, description: 'The redemption that it reverses' })
  reverses?: string;
}

export class ExpiringPointsView {
  @DateField({ optional: true, description: 'Last day of use; absent when they do not expire', example: '2028-03-31' })
  expiresOn?: string;

  @EnumField({ values: POINTS_TYPES })
  pointsType!: string;

  @TextField({ description: 'Who pays for them', example: 'OPERATOR' })
  funderId!: string;

  @IntegerField({ example: 380 })
  points!: number;

  @IntegerField({ example: 760 })
  valueInFen!: number;

  @ListField(() => String, {
    description: 'Days on which the customer is told (到期提醒): 90, 30 and 7 days before the last one',
    example: ['2028-01-01', '2028-03-01', '2028-03-24'],
  })
  noticeOn!: readonly string[];
}

export class PointsExpiryView extends Head {
  @ListField(() => ExpiringPointsView, { description: 'First to expire, first' })
  lot!: ExpiringPointsView[];
}

export class CreateRedemption {
  @IdField({ description: 'The id of a customer, from their list or a search; gold and above mostly have points' })
  customerId!: string;

  @IntegerField({ min: 1, description: 'How many points', example: 500 })
  points!: number;

  @EnumField({ values: CHANNELS, description: 'Where the customer asked' })
  channel!: string;

  @EnumField({
    values: PURPOSES,
    description: 'For services (积分享福), mobile products (积分加油站) or goods (积分自由行)',
    example: 'MOBILE_PRODUCT',
  })
  purpose!: (typeof PURPOSES)[number];

  @TextField({
    optional: true,
    maxLength: 40,
    example: undefined,
    description: 'Of the card that the customer shows: a card that is lost, replaced or expired redeems nothing',
  })
  cardNumber?: string;
}

export class CreateRedemptionReversal {
  @EnumField({ values: CHANNELS, description: 'Where the customer asked' })
  channel!: string;
}

export class PointsRedemptionView extends Head {
  @IdField()
  customerId!: string;

  @IntegerField({ example: 500 })
  points!: number;

  @IntegerField({ description: 'In fen: 2 per point, always', example: 1000 })
  valueInFen!: number;

  @EnumField({ values: PURPOSES })
  purpose!: string;

  @TextField({ example: 'HOTLINE' })
  channel!: string;

  @EnumField({ values: ['completed', 'reversed'] })
  status!: string;

  @IntegerField({ description: 'Points available after it, or after its reversal', example: 4700 })
  availableAfter!: number;

  @InstantField()
  redeemedAt!: Date;

  @InstantField({ optional: true })
  reversedAt?: Date;
}

export class TierFactorsView {
  @IntegerField({ example: 200 })
  DIAMOND!: number;

  @IntegerField({ example: 190 })
  PLATINUM!: number;

  @IntegerField({ example: 180 })
  GOLD!: number;

  @IntegerField({ example: 150 })
  SILVER!: number;

  @IntegerField({ example: 100 })
  HONOURED_GUEST!: number;

  @IntegerField({ example: 100 })
  ORDINARY!: number;
}

class TenureStepView {
  @IntegerField({ description: 'Full months in the network from which on it counts', example: 24 })
  fromMonths!: number;

  @IntegerField({ optional: true, description: "Percent of the spending's plain points; or `points`", example: 10 })
  percent?: number;

  @IntegerField({ optional: true, description: 'So many points a month', example: undefined })
  points?: number;
}

class DataPointsView {
  @IntegerField({ description: 'So many fen of data charges are one point', example: 200 })
  fenPerPoint!: number;
}

export class EarnRuleSetView extends Head implements EarnRules {
  @IntegerField({ example: 1 })
  version!: number;

  @DateField({ description: 'First billing month that it decides', example: '2021-05-01' })
  effectiveFrom!: string;

  @DateField({ optional: true, description: 'First billing month that it no longer decides' })
  effectiveTo?: string;

  @IntegerField({ description: 'Spending of so many fen is one point before the factor', example: 100 })
  fenPerPoint!: number;

  @EnumField({ values: ROUNDINGS, description: 'Fractions are rounded up or left out' })
  rounding!: Rounding;

  @ObjectField(() => TierFactorsView, { description: 'Factor of each level in percent' })
  factorPercent!: TierFactorsView;

  @EnumField({ values: EXPIRY_POLICIES, description: 'When points are cleared (清零)' })
  expiry!: ExpiryPolicy;

  @IntegerField({ optional: true, description: 'Days between the last day of points and their clearing', example: 30 })
  expiryGraceDays?: number;

  @IntegerField({ description: 'Redeeming begins above so many points earned', example: 3500 })
  joinAbove!: number;

  @AnyObjectField({
    optional: true,
    description: 'Other thresholds in points, by province code',
    example: { 440000: 2000 },
  })
  joinAboveByRegion?: Readonly<Record<string, number>>;

  @ListField(() => String, {
    optional: true,
    values: CHARGES,
    description: 'Charges of a bill that earn nothing as spending; absent: what is collected for others',
  })
  excludedCharges?: readonly Charge[];

  @AnyObjectField({
    optional: true,
    description: 'Factor of each star in percent; a star that is not named counts as NO_STAR',
    example: { NO_STAR: 100, FIVE_STAR: 120 },
  })
  starFactorPercent?: Readonly<Record<string, number>>;

  @AnyObjectField({
    optional: true,
    description: "By brand, percent on top of the level's factor; a brand that is not named has none",
    example: { GOTONE: 20 },
  })
  brandBonusPercent?: Readonly<Record<string, number>>;

  @EnumField({
    optional: true,
    values: FACTOR_MODES,
    description: 'FACTOR, as when absent: (level + brand) × star. ADDITION: 100 + level + star + brand, in percent',
  })
  factorMode?: FactorMode;

  @ListField(() => TenureStepView, {
    optional: true,
    description: 'Points for full months in the network (在网时间积分), by ascending months',
    example: [{ fromMonths: 24, percent: 10 }],
  })
  tenure?: readonly TenureStep[];

  @AnyObjectField({ optional: true, description: 'Points a month by credit grade (信用积分)', example: { A: 100 } })
  credit?: Readonly<Record<string, number>>;

  @ObjectField(() => DataPointsView, {
    optional: true,
    description: 'Points for data charges (数据业务积分), beside what they earn as spending',
  })
  data?: DataPointsView;

  @EnumField({
    optional: true,
    values: CREDIT_MOMENTS,
    description: 'BILLED, as when absent: points can be used at once. SETTLED: they wait until their bill is paid',
  })
  creditWhen?: CreditMoment;
}

export class ProofCheckView {
  @TextField({ description: 'Number of the invariant', example: 'I2' })
  id!: string;

  @TextField({ example: 'The buckets hold what the account has' })
  title!: string;

  @IntegerField({ example: 0 })
  violations!: number;

  @ListField(() => Object, { description: 'The first of them: ids and figures' })
  first!: object[];
}

export class PointsProofView {
  @TextField({ example: 'PointsProof' })
  '@type'!: string;

  @BooleanField({ description: 'Does every balance equal its history?' })
  ok!: boolean;

  @ListField(() => ProofCheckView)
  checks!: ProofCheckView[];

  @IntegerField({ example: 20000 })
  customers!: number;

  @IntegerField({ example: 260000 })
  postings!: number;

  @IntegerField({ description: 'How long it took', example: 1250 })
  milliseconds!: number;
}
