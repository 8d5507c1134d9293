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

const FROM = { description: 'Level held', example: 'GOLD' };
const TO = { description: 'Level from now on or, of a warning, later', example: 'SILVER' };
const outcomes = ['entered', 'upgraded', 'downgraded', 'warned', 'recovered', 'kept', 'held', 'same'] as const;
const OUTCOME = {
  values: outcomes,
  enumName: 'PreviewOutcome',
  description:
    'As in decisions; kept: late figures wait for the year’s review; held: the movement policy keeps it; same: it is earned',
};
const FEN = { optional: true, description: 'In fen; absent for who may not see amounts', example: 1_250_000 };
const KIND = { values: ['requirement', 'exclusion', 'route', 'override'], example: 'route' };
const VERSION = { example: '2027.1' };

export class ComparePreviewsQuery {
  @TextField({ maxLength: 300, description: 'Two ids of runs, separated by a comma' })
  runIds!: string;
}

export class PreviewedVersionView {
  @TextField(VERSION) version!: string;
  @TextField({ description: 'SHA-256 of the rules that were previewed' }) checksum!: string;
  @BooleanField({ description: 'Whether it would be the first review of a level year (定级年度)' }) isYearly!: boolean;
}

export class MovesView {
  @IntegerField({ description: 'Customers in the network' }) customers!: number;
  @IntegerField({ description: 'Get a higher level, the first one too (升级)' }) rises!: number;
  @IntegerField({ description: 'Get a lower level at once (降级)' }) falls!: number;
  @IntegerField({ description: 'Are told that a lower level comes later (预警)' }) warned!: number;
  @IntegerField({ description: 'Earn another level, and policy keeps the one held (保级)' }) kept!: number;
  @IntegerField({ description: 'Were told that a lower level comes, and earn the one held again' }) recovered!: number;
  @IntegerField({ ...FEN, description: 'Net spend of the last twelve full months of those who fall or are warned' })
  revenueAtRiskFen?: number | undefined;
}

export class RegionMovesView extends MovesView {
  @TextField({ nullable: true, description: 'null where it is not known', example: '440000' })
  region!: string | null;
}

export class BrandMovesView extends MovesView {
  @TextField({ nullable: true, description: 'null where it is not known', example: 'GOTONE' })
  brand!: string | null;
}

export class PreviewPairView {
  @TextField({ description: 'Level by the version compared with', example: 'GOLD' }) from!: string;
  @TextField({ description: 'Level by this one', example: 'SILVER' }) to!: string;
  @IntegerField() customers!: number;
}

export class PreviewTransitionView {
  @TextField(FROM) from!: string;
  @TextField(TO) to!: string;
  @EnumField(OUTCOME) outcome!: string;
  @IntegerField() customers!: number;
}

export class RevenueAtRiskView {
  @TextField(FROM) from!: string;
  @TextField(TO) to!: string;
  @IntegerField() customers!: number;
  @IntegerField(FEN) fen?: number | undefined;
}

export class DecidingConditionView {
  @EnumField(KIND) kind!: string;
  @TextField({ nullable: true, description: 'null: no route gives a level, or an exception', example: 'GROWTH_VALUE' })
  code!: string | null;
  @IntegerField({ description: 'Who fall or are warned because of it' }) customers!: number;
}

export class ChangedConditionView {
  @EnumField({ ...KIND, values: ['requirement', 'exclusion', 'route'] }) kind!: string;
  @TextField({ example: 'GROWTH_VALUE' }) code!: string;
  @IntegerField({ optional: true, description: 'Of a route: whom it gives a lower level by itself' })
  lower?: number | undefined;
  @IntegerField({ optional: true, description: 'Of a route: whom it gives a higher level by itself' })
  higher?: number | undefined;
  @IntegerField({ optional: true, description: 'Of a gate: for whom it holds now' }) holdsNow?: number | undefined;
  @IntegerField({ optional: true, description: 'Of a gate: for whom it holds no more' })
  holdsNoMore?: number | undefined;
}

export class BorderView {
  @TextField({ example: 'GROWTH_VALUE' }) route!: string;
  @TextField({ description: 'The level that the threshold gives', example: 'GOLD' }) tier!: string;
  @IntegerField({ description: 'Rated customers who miss it by 5 % or less' }) below!: number;
  @IntegerField({ description: 'Rated customers who exceed it by 5 % or less' }) above!: number;
}

export class BenefitCostView {
  @IntegerField({ description: 'Of a year: levels held, at the cost that the version compared with states' })
  heldFen!: number;
  @IntegerField({ description: 'Of a year: levels given, also later, at the cost that this version states' })
  givenFen!: number;
  @IntegerField({ description: 'What is given less what is held' }) deltaFen!: number;
  @IntegerField({ description: 'Levels of this version without a stated cost: they count 0' })
  levelsWithoutCost!: number;
  @IntegerField({ description: 'The same of the version compared with' }) comparedLevelsWithoutCost!: number;
}

export class PreviewGuardView {
  @IntegerField({ description: 'Levels that the run would lower' }) downgrades!: number;
  @IntegerField({ description: 'Levels above the lowest, the upgrades of the run included' }) held!: number;
  @IntegerField({ description: 'Of the levels held, rounded up' }) percent!: number;
  @IntegerField({ description: 'As many may be lowered' }) allowed!: number;
  @BooleanField({ description: 'Whether a run by these rules would carry its downgrades out' }) passes!: boolean;
}

export class PreviewImpactView {
  @IntegerField({ description: 'Have left the network and hold a level still: not in any other figure' })
  departed!: number;
  @ObjectField(() => MovesView) moves!: MovesView;
  @ObjectField(() => MovesView, { optional: true, description: 'By the version compared with' })
  comparedMoves?: MovesView | undefined;
  @ListField(() => PreviewTransitionView, {
    description: 'From the level held to the one given (迁移矩阵): together everybody in the network',
  })
  transitions!: PreviewTransitionView[];
  @ListField(() => PreviewPairView, {
    description: 'From the level that the version compared with gives to the one that this gives: together everybody',
  })
  differences!: PreviewPairView[];
  @ListField(() => RegionMovesView) byRegion!: RegionMovesView[];
  @ListField(() => BrandMovesView) byBrand!: BrandMovesView[];
  @ListField(() => RevenueAtRiskView, { description: 'Who fall or are warned, by level pair' })
  revenueAtRisk!: RevenueAtRiskView[];
  @ListField(() => DecidingConditionView, { description: 'What decides for those who fall or are warned' })
  decidedBy!: DecidingConditionView[];
  @ListField(() => ChangedConditionView, { description: 'Conditions that say something else than before, most first' })
  changedConditions!: ChangedConditionView[];
  @ListField(() => BorderView, { description: 'Who is near a threshold (临界客户)' }) borders!: BorderView[];
  @ObjectField(() => BenefitCostView) benefitCost!: BenefitCostView;
  @ObjectField(() => PreviewGuardView) guard!: PreviewGuardView;
}

export class ImpactPreviewView {
  @IdField({ readOnly: true, description: 'Id of the run' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ readOnly: true, example: 'RuleSetPreview' }) '@type'!: string;
  @TextField({ example: 'GOTONE' }) program!: string;
  @DateField() asOf!: string;
  @ObjectField(() => PreviewedVersionView) draft!: PreviewedVersionView;
  @ObjectField(() => PreviewedVersionView, { optional: true, description: 'Absent for the first rules of a programme' })
  compared?: PreviewedVersionView | undefined;
  @TextField({ optional: true, description: 'What the two versions say differently' }) differenceHref?:
    string | undefined;
  @TextField({ description: 'How far the run is' }) runHref!: string;
  @InstantField() startedAt!: Date;
  @InstantField({ optional: true, description: 'Absent until it is completed' }) finishedAt?: Date | undefined;
  @ObjectField(() => PreviewImpactView, { optional: true, description: 'Of one preview, once it is completed' })
  impact?: PreviewImpactView | undefined;
}

export class LevelTotalView {
  @TextField({ example: 'GOLD' }) tier!: string;
  @IntegerField({ description: 'Who hold it' }) held!: number;
  @IntegerField({ description: 'Who would have it' }) given!: number;
}

export class PreviewTotalsView {
  @IdField() id!: string;
  @TextField() href!: string;
  @ObjectField(() => PreviewedVersionView) draft!: PreviewedVersionView;
  @ObjectField(() => MovesView) moves!: MovesView;
  @ListField(() => LevelTotalView) levels!: LevelTotalView[];
  @ObjectField(() => BenefitCostView) benefitCost!: BenefitCostView;
  @ObjectField(() => PreviewGuardView) guard!: PreviewGuardView;
}

export class PreviewComparisonView {
  @TextField({ example: 'PreviewComparison' }) '@type'!: string;
  @TextField({ example: 'GOTONE' }) program!: string;
  @DateField() asOf!: string;
  @ListField(() => PreviewTotalsView, { min: 2, max: 2, description: 'In the order asked' })
  previews!: PreviewTotalsView[];
}

export class PreviewedCustomerView {
  @IdField({ description: 'Id of the customer' }) id!: string;
  @TextField({ description: 'Of the customer' }) href!: string;
  @TextField({ example: 'PreviewedCustomer' }) '@type'!: string;
  @IntegerField({ description: 'Most levels lost first, then most net spend' }) place!: number;
  @TextField({ optional: true, description: 'Masked', example: '张*' }) name?: string | undefined;
  @TextField({ nullable: true, example: '440000' }) region!: string | null;
  @IdField({ nullable: true, description: 'Account manager (客户经理)' }) managerId!: string | null;
  @TextField(FROM) from!: string;
  @TextField(TO) to!: string;
  @EnumField({ values: ['downgraded', 'warned'] }) outcome!: string;
  @DateField({ description: 'The day on which the lower level would come' }) lowersOn!: string;
  @IntegerField({ description: 'How many levels lower' }) levelsLost!: number;
  @IntegerField({ ...FEN, description: 'Net spend of the last twelve full months' })
  netSpendFen?: number | undefined;
  @EnumField({ ...KIND, description: 'What decides it' }) decidedByKind!: string;
  @TextField({ nullable: true, example: 'GROWTH_VALUE' }) decidedByCode!: string | null;
}

export class PreviewedPortfolioView {
  @IdField({ description: 'Id of the account manager' }) id!: string;
  @TextField({ example: 'PreviewedPortfolio' }) '@type'!: string;
  @IntegerField({ description: 'Customers of the portfolio in the network' }) customers!: number;
  @IntegerField() rises!: number;
  @IntegerField() falls!: number;
  @IntegerField() warned!: number;
  @IntegerField() kept!: number;
  @IntegerField({ ...FEN, description: 'Net spend of the last twelve full months of those who fall or are warned' })
  revenueAtRiskFen?: number | undefined;
}
