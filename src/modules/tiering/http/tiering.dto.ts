import {
  BooleanField,
  DateField,
  EnumField,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  ObjectField,
  TextField,
} from '../../../platform/http/index.js';
import { tiers } from '../domain/tier.js';

const outcomes = ['entered', 'upgraded', 'downgraded', 'retained', 'warned', 'recovered'] as const;

export class LabelView {
  @TextField({ example: 'Gold' })
  en!: string;

  @TextField({ example: '金卡' })
  zh!: string;
}

export class FigureView {
  @TextField({ example: 'SPEND' })
  code!: string;

  @ObjectField(() => LabelView)
  label!: LabelView;

  @TextField({ description: 'fen, months, times… or none', example: 'none' })
  unit!: string;

  @IntegerField({ nullable: true, description: 'null when the facts are missing', example: 3_699 })
  value!: number | null;
}

export class GoalView {
  @EnumField({ values: tiers, enumName: 'Tier' })
  tier!: string;

  @IntegerField({ example: 4_000 })
  threshold!: number;

  @IntegerField({ description: 'What is missing (还差), 0 when reached', example: 1 })
  gap!: number;
}

export class ToldGoalView extends GoalView {
  @ObjectField(() => LabelView, {
    description: 'Ready for a message to the customer',
    example: { en: '120 yuan short of keeping Gold', zh: '还差120元保级（金卡）' },
  })
  message!: LabelView;
}

export class TierProgressView {
  @TextField({ example: 'GROWTH_VALUE' })
  route!: string;

  @ObjectField(() => LabelView)
  label!: LabelView;

  @TextField({ example: 'none' })
  unit!: string;

  @IntegerField({ nullable: true, description: 'So far towards the next review', example: 3_999 })
  actual!: number | null;

  @ObjectField(() => ToldGoalView, { optional: true, description: 'What keeps the level (保级)' })
  toKeep?: ToldGoalView | undefined;

  @ObjectField(() => ToldGoalView, { optional: true, description: 'What raises it (升级)' })
  toRise?: ToldGoalView | undefined;
}

export class ReasonView {
  @EnumField({ values: ['requirement', 'exclusion', 'route', 'override'] })
  kind!: string;

  @TextField({ optional: true, description: 'Absent of an approved exception (特批)', example: 'GROWTH_VALUE' })
  code?: string | undefined;

  @EnumField({ optional: true, values: ['at-least', 'exactly'], description: 'Of an approved exception' })
  mode?: string | undefined;

  @BooleanField({ optional: true, description: 'Of requirements (must hold) and exclusions (must not)' })
  holds?: boolean | undefined;

  @IntegerField({ optional: true, nullable: true, example: 3_999 })
  actual?: number | null | undefined;

  @EnumField({ optional: true, values: tiers, enumName: 'Tier', description: 'What this route gives by itself' })
  tier?: string | undefined;

  @IntegerField({ optional: true, nullable: true, example: 3_000 })
  threshold?: number | null | undefined;

  @EnumField({ optional: true, nullable: true, values: tiers, enumName: 'Tier' })
  nextTier?: string | null | undefined;

  @IntegerField({ optional: true, nullable: true, example: 4_000 })
  nextThreshold?: number | null | undefined;

  @IntegerField({ optional: true, nullable: true, description: 'What is missing for nextTier', example: 1 })
  gap?: number | null | undefined;
}

export class KeptLevelView {
  @EnumField({ values: tiers, enumName: 'Tier' })
  wouldBe!: string;

  @DateField({ description: 'The day of the review that may lower it', example: '2027-02-01' })
  until!: string;

  @IdField({ optional: true, description: 'The intake that changed the figures' })
  intakeId?: string | undefined;

  @InstantField()
  decidedAt!: Date;
}

export class TierGraceView {
  @EnumField({ values: tiers, enumName: 'Tier' })
  wouldBe!: string;

  @DateField({ description: 'The day on which it comes, unless the level is earned again until then' })
  lowersOn!: string;
}

export class TierExceptionView {
  @EnumField({ values: ['at-least', 'exactly'] })
  mode!: string;

  @EnumField({ values: tiers, enumName: 'Tier' })
  tier!: string;
}

export class TierProjectionView {
  @EnumField({ values: tiers, enumName: 'Tier', description: 'What the next review gives' })
  tier!: string;

  @EnumField({ values: tiers, enumName: 'Tier', description: 'What is earned, whether or not it is given then' })
  earned!: string;

  @EnumField({ values: outcomes })
  outcome!: string;
}

export class CustomerTierView {
  @IdField({ description: 'Of the customer' })
  id!: string;

  @TextField()
  href!: string;

  @TextField({ example: 'CustomerTier' })
  '@type'!: string;

  @EnumField({ values: tiers, enumName: 'Tier' })
  tier!: string;

  @ObjectField(() => LabelView)
  tierName!: LabelView;

  @IntegerField({ description: '5 for DIAMOND down to 0 for ORDINARY', example: 3 })
  serviceRank!: number;

  @DateField({ optional: true, description: 'Absent for a customer who was never rated' })
  validFrom?: string | undefined;

  @DateField({ description: 'The last sure day: the eve of the next review', example: '2027-01-31' })
  validUntil!: string;

  @DateField({ example: '2027-02-01' })
  nextReviewOn!: string;

  @ObjectField(() => KeptLevelView, {
    optional: true,
    description:
      'Figures of closed months have changed so that less would be given: the level is kept (保级) until the review',
  })
  kept?: KeptLevelView | undefined;

  @ObjectField(() => TierGraceView, { optional: true, description: 'An announced downgrade (降级缓冲)' })
  grace?: TierGraceView | undefined;

  @ObjectField(() => TierExceptionView, {
    optional: true,
    description: 'An approved exception (特批) that holds today',
  })
  exception?: TierExceptionView | undefined;

  @TextField({ optional: true, description: 'Rule set that gave the level', example: '2026.1' })
  ruleSetVersion?: string | undefined;

  @IdField({ optional: true })
  decisionId?: string | undefined;

  @InstantField({ optional: true })
  decidedAt?: Date | undefined;

  @ListField(() => FigureView, { description: 'What the level was decided from' })
  inputs!: FigureView[];

  @ListField(() => ReasonView)
  reasons!: ReasonView[];

  @ListField(() => TierProgressView, { description: 'How far the customer is towards the next review' })
  progress!: TierProgressView[];

  @ObjectField(() => TierProjectionView, {
    description: 'What the next review decides at the pace of the last three full months (按当前消费预测)',
  })
  projection!: TierProjectionView;
}

export class CheckView {
  @ObjectField(() => LabelView, { description: 'The left side in words' })
  subject!: LabelView;

  @TextField({ example: '>=' })
  op!: string;

  @TextField({ nullable: true, description: 'null when unknown', example: '11' })
  actual!: string | null;

  @TextField({ nullable: true, example: '12' })
  threshold!: string | null;

  @BooleanField()
  holds!: boolean;

  @IntegerField({ nullable: true, description: 'The least change that makes it come out as wanted', example: 1 })
  gap!: number | null;
}

export class GateView {
  @EnumField({ values: ['requirement', 'exclusion'] })
  kind!: string;

  @TextField({ example: 'TENURE' })
  code!: string;

  @ObjectField(() => LabelView)
  label!: LabelView;

  @BooleanField()
  holds!: boolean;

  @ListField(() => CheckView)
  checks!: CheckView[];
}

export class TierExplanationView {
  @IdField({ description: 'Of the customer' })
  id!: string;

  @TextField()
  href!: string;

  @TextField({ example: 'TierExplanation' })
  '@type'!: string;

  @DateField()
  asOf!: string;

  @TextField({ example: '2026.1' })
  ruleSetVersion!: string;

  @EnumField({ values: tiers, enumName: 'Tier', description: 'Held on the eve' })
  from!: string;

  @EnumField({ values: tiers, enumName: 'Tier' })
  tier!: string;

  @EnumField({ values: outcomes })
  outcome!: string;

  @ListField(() => FigureView)
  inputs!: FigureView[];

  @ListField(() => ReasonView, { description: 'All candidates: the highest wins' })
  reasons!: ReasonView[];

  @ListField(() => GateView, { description: 'Requirements and exclusions, comparison by comparison' })
  gates!: GateView[];
}

export class TierShareView {
  @TextField({ nullable: true, description: 'Province code', example: '440000' })
  region!: string | null;

  @EnumField({ values: tiers, enumName: 'Tier' })
  tier!: string;

  @IntegerField({ example: 812 })
  customers!: number;
}

export class TierDistributionView {
  @TextField({ example: 'current' })
  id!: string;

  @TextField()
  href!: string;

  @TextField({ example: 'TierDistribution' })
  '@type'!: string;

  @IntegerField({ description: 'In-network customers', example: 20_000 })
  customers!: number;

  @ListField(() => TierShareView)
  shares!: TierShareView[];
}
