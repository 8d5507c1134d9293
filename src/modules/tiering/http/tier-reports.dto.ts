import {
  BooleanField,
  DateField,
  EnumField,
  IdField,
  IntegerField,
  ListField,
  MonthField,
  ObjectField,
  TextField,
} from '../../../platform/http/index.js';
import { ruleSetKinds } from '../domain/rule-set.js';
import { stages } from '../domain/value-stages.js';
import { FigureView, LabelView } from './tiering.dto.js';

const PROGRAM = { maxLength: 40, example: 'GOTONE' } as const;
const REGION = { maxLength: 12, description: 'Province code, as customers live now', example: '440000' } as const;
const BASIS_POINTS = {
  description: 'In hundredths of a percent; all together come to 10,000',
  example: 3_178,
} as const;

/** What reports of levels are about. */
class OfLevelsQuery {
  @TextField({ ...PROGRAM, default: 'GOTONE' })
  program: string = 'GOTONE';

  @TextField({ ...REGION, optional: true })
  region?: string;

  @TextField({
    optional: true,
    maxLength: 200,
    pattern: /^[A-Z0-9_,]+$/,
    patternMeans: 'two or more levels, with commas between them',
    description: 'Levels that are counted as one (钻金卡)',
    example: 'DIAMOND,GOLD',
  })
  merge?: string;
}

export class LevelShareQuery extends OfLevelsQuery {
  @MonthField({ optional: true, description: 'Default: eleven months before the last', example: '2025-03' })
  from?: string;

  @MonthField({ optional: true, description: 'Default: this month', example: '2026-02' })
  until?: string;
}

export class LevelMovementQuery extends OfLevelsQuery {
  @DateField({ example: '2026-01-01' })
  from!: string;

  @DateField({ example: '2026-02-01' })
  to!: string;
}

export class LevelsBesideQuery {
  @TextField({ ...PROGRAM, default: 'GOTONE' })
  rows: string = 'GOTONE';

  @TextField({ ...PROGRAM, default: 'STAR', example: 'STAR' })
  columns: string = 'STAR';

  @TextField({ ...REGION, optional: true })
  region?: string;
}

export class ConcentrationQuery {
  @DateField({ optional: true, description: 'Business day; default today', example: '2026-02-01' })
  asOf?: string;

  @IntegerField({ min: 1, max: 99, default: 20, description: 'The best so many percent' })
  percent: number = 20;
}

export class GradeQuery {
  @TextField({ ...PROGRAM, default: 'CLASS', example: 'CREDIT' })
  program: string = 'CLASS';

  @TextField({ optional: true, description: 'Attributes to answer, `a,b.c`; `id`, `href` and `@type` always are' })
  fields?: string;
}

export class LevelShareView {
  @ListField(() => String, { description: 'One level, or those that are merged', example: ['DIAMOND', 'GOLD'] })
  levels!: readonly string[];

  @IntegerField({ example: 812 })
  customers!: number;

  @IntegerField(BASIS_POINTS)
  shareBasisPoints!: number;
}

export class MonthOfLevelsView {
  @MonthField({ description: 'As of its first day', example: '2026-02' })
  month!: string;

  @IntegerField({ description: 'In the network that day', example: 20_000 })
  customers!: number;

  @ListField(() => LevelShareView, { description: 'Highest first' })
  shares!: LevelShareView[];
}

export class LevelSharesView {
  @TextField({ example: 'GOTONE' })
  id!: string;

  @TextField()
  href!: string;

  @TextField({ example: 'LevelShares' })
  '@type'!: string;

  @ListField(() => MonthOfLevelsView)
  months!: MonthOfLevelsView[];
}

export class LevelMoveView {
  @ListField(() => String, { nullable: true, description: 'null: was not in the network', example: ['SILVER'] })
  from!: readonly string[] | null;

  @ListField(() => String, { nullable: true, description: 'null: has left', example: ['GOLD'] })
  to!: readonly string[] | null;

  @IntegerField({ example: 12 })
  customers!: number;
}

export class LevelMovementView {
  @TextField({ example: 'GOTONE' })
  id!: string;

  @TextField()
  href!: string;

  @TextField({ example: 'LevelMovement' })
  '@type'!: string;

  @DateField({ example: '2026-01-01' })
  from!: string;

  @DateField({ example: '2026-02-01' })
  to!: string;

  @ListField(() => LevelMoveView, { description: 'Only moves that somebody made; who stayed is one of them' })
  moves!: LevelMoveView[];
}

export class LevelCellView {
  @TextField({ example: 'GOLD' })
  row!: string;

  @TextField({ example: 'FOUR_STAR' })
  column!: string;

  @IntegerField({ example: 40 })
  customers!: number;
}

export class LevelsBesideView {
  @TextField({ example: 'GOTONE.STAR' })
  id!: string;

  @TextField()
  href!: string;

  @TextField({ example: 'LevelCrossTable' })
  '@type'!: string;

  @ListField(() => String, { description: 'Highest first', example: ['GOLD'] })
  rows!: readonly string[];

  @ListField(() => String, { description: 'Highest first', example: ['FOUR_STAR'] })
  columns!: readonly string[];

  @IntegerField({ description: 'In-network customers, each in one cell', example: 20_000 })
  customers!: number;

  @ListField(() => LevelCellView, { description: 'Only cells that somebody is in' })
  cells!: LevelCellView[];
}

class PortionView {
  @IntegerField({ example: 812 })
  customers!: number;

  @IntegerField({ description: 'Of the three full months before the day', example: 1_200_000 })
  revenueFen!: number;

  @IntegerField(BASIS_POINTS)
  customersBasisPoints!: number;

  @IntegerField(BASIS_POINTS)
  revenueBasisPoints!: number;
}

export class ValueStagePortionView extends PortionView {
  @EnumField({ values: stages })
  stage!: string;
}

export class ValueLevelPortionView extends PortionView {
  @TextField({ description: 'Of the programme VALUE', example: 'HIGH' })
  level!: string;
}

export class ValueStagesView {
  @TextField({ description: 'The day', example: '2026-02-01' })
  id!: string;

  @TextField()
  href!: string;

  @TextField({ example: 'ValueStages' })
  '@type'!: string;

  @DateField()
  asOf!: string;

  @IntegerField({ description: 'In the network that day', example: 20_000 })
  customers!: number;

  @IntegerField({ example: 120_000_000 })
  revenueFen!: number;

  @ListField(() => ValueStagePortionView)
  stages!: ValueStagePortionView[];

  @ListField(() => ValueLevelPortionView, { description: 'Highest first' })
  composition!: ValueLevelPortionView[];
}

export class RevenuePortionView {
  @IntegerField({ example: 4_000 })
  customers!: number;

  @IntegerField({ example: 80_000_000 })
  revenueFen!: number;

  @IntegerField({ description: 'Of all revenue, in hundredths of a percent', example: 6_120 })
  shareBasisPoints!: number;
}

export class DecileView extends RevenuePortionView {
  @IntegerField({ min: 1, max: 10, description: '1 is the best tenth', example: 1 })
  decile!: number;
}

export class ConcentrationView {
  @TextField({ description: 'The day', example: '2026-02-01' })
  id!: string;

  @TextField()
  href!: string;

  @TextField({ example: 'Concentration' })
  '@type'!: string;

  @DateField()
  asOf!: string;

  @IntegerField({ example: 20 })
  percent!: number;

  @IntegerField({ description: 'In the network that day', example: 20_000 })
  customers!: number;

  @IntegerField({ example: 130_000_000 })
  revenueFen!: number;

  @ObjectField(() => RevenuePortionView, { description: 'The best so many percent of the customers' })
  top!: RevenuePortionView;

  @ListField(() => DecileView)
  deciles!: DecileView[];
}

export class GradeGrantView {
  @TextField({ example: 'STOP_DELAY' })
  code!: string;

  @ObjectField(() => LabelView)
  label!: LabelView;

  @TextField({ example: 'days' })
  unit!: string;

  @IntegerField({ example: 15 })
  value!: number;
}

export class GradeReasonView {
  @EnumField({ values: ['requirement', 'exclusion', 'route', 'override'] })
  kind!: string;

  @TextField({ optional: true, description: 'Absent of an approved exception (特批)', example: 'CREDIT_SCORE' })
  code?: string | undefined;

  @ObjectField(() => LabelView, { optional: true })
  label?: LabelView | undefined;

  @BooleanField({ optional: true, description: 'Of requirements (must hold) and exclusions (must not)' })
  holds?: boolean | undefined;

  @TextField({ optional: true, description: 'What it gives by itself', example: 'B' })
  level?: string | undefined;

  @IntegerField({ optional: true, nullable: true, example: 780 })
  actual?: number | null | undefined;

  @IntegerField({ optional: true, nullable: true, example: 700 })
  threshold?: number | null | undefined;

  @TextField({ optional: true, nullable: true, example: 'A' })
  nextLevel?: string | null | undefined;

  @IntegerField({ optional: true, nullable: true, description: 'What is missing for nextLevel', example: 70 })
  gap?: number | null | undefined;
}

export class CustomerGradeView {
  @IdField({ description: 'Of the customer' })
  id!: string;

  @TextField()
  href!: string;

  @TextField({ example: 'CustomerGrade' })
  '@type'!: string;

  @TextField({ example: 'CREDIT' })
  program!: string;

  @EnumField({ values: ruleSetKinds })
  kind!: string;

  @ObjectField(() => LabelView)
  programName!: LabelView;

  @TextField({ example: 'B' })
  level!: string;

  @ObjectField(() => LabelView)
  levelName!: LabelView;

  @IntegerField({ description: '0 for the lowest of the scale', example: 3 })
  rank!: number;

  @DateField({ optional: true, description: 'Absent for a customer who was never above the lowest' })
  validFrom?: string | undefined;

  @DateField({ optional: true, description: 'Absent when no run has decided yet: the factors are those of today' })
  decidedAsOf?: string | undefined;

  @TextField({ description: 'Rule set by which it was, or would be, decided', example: 'CREDIT-2026.1' })
  ruleSetVersion!: string;

  @ListField(() => GradeGrantView, { description: 'What goes with the level by itself' })
  grants!: GradeGrantView[];

  @ListField(() => FigureView, { description: 'Every factor' })
  inputs!: FigureView[];

  @ListField(() => GradeReasonView, { description: 'All candidates: the highest wins' })
  reasons!: GradeReasonView[];
}

export class GradedCustomerView {
  @IdField({ description: 'Of the customer' })
  id!: string;

  @TextField()
  href!: string;

  @TextField({ example: 'CustomerGrade' })
  '@type'!: string;

  @TextField({ example: 'MZONE_TARGET' })
  program!: string;

  @TextField({ example: 'TARGET' })
  level!: string;

  @TextField({ nullable: true, description: 'Province code', example: '440000' })
  region!: string | null;

  @DateField()
  validFrom!: string;
}
