import {
  AnyObjectField,
  DateField,
  EnumField,
  IdField,
  IntegerField,
  ListField,
  ObjectField,
  TextField,
} from '../../../platform/http/index.js';
import { tiers } from '../../tiering/index.js';
import { bands, type Band } from '../domain/score-churn.js';
import { steps } from '../domain/value-pyramid.js';

export class WordsView {
  @TextField({
    example: 'spend has fallen: net spend of last month 50 yuan, mean of the three months before 100 yuan',
  })
  en!: string;

  @TextField({ example: '话费突降：上月消费 50元，此前三月均值 100元' })
  zh!: string;
}

export class ChurnReasonView {
  @TextField({ example: 'SPEND_DROP' })
  code!: string;

  @IntegerField({ min: 0, max: 100, example: 25 })
  weight!: number;

  @ObjectField(() => WordsView)
  text!: WordsView;

  @AnyObjectField({ description: 'Figures by code, null where unknown', example: { SPEND: 5000, SPEND_BEFORE: 10000 } })
  evidence!: object;
}

export class ChurnRiskView {
  @IdField({ description: 'Of the customer' })
  id!: string;

  @TextField()
  href!: string;

  @TextField({ example: 'ChurnRisk' })
  '@type'!: string;

  @IntegerField({ min: 0, max: 100, description: 'Sum of the weights, at most 100', example: 85 })
  risk!: number;

  @EnumField({ values: bands, description: 'high from 80, medium from 50' })
  band!: Band;

  @DateField({ optional: true, description: 'The assessment that found it; absent without any sign' })
  asOf?: string | undefined;

  @TextField({ nullable: true, description: 'Province code', example: '440000' })
  region!: string | null;

  @EnumField({ values: tiers, enumName: 'Tier' })
  tier!: string;

  @IntegerField({
    optional: true,
    description: 'Mean net spend of the last three full months, twelve times; with customers.amounts only',
    example: 120_000,
  })
  revenueAtRiskFen?: number | undefined;

  @ListField(() => ChurnReasonView)
  reasons!: ChurnReasonView[];
}

export class PyramidLayerView {
  @EnumField({ values: steps.map(({ step }) => step) })
  step!: string;

  @IntegerField({ example: 43 })
  customers!: number;

  @IntegerField({ example: 1_200_000 })
  revenueFen!: number;

  @IntegerField({ description: 'Of all revenue, in hundredths of a percent', example: 3_178 })
  shareBasisPoints!: number;
}

export class ValuePyramidView {
  @TextField({ description: 'The day', example: '2026-02-01' })
  id!: string;

  @TextField()
  href!: string;

  @TextField({ example: 'ValuePyramid' })
  '@type'!: string;

  @DateField()
  asOf!: string;

  @ListField(() => PyramidLayerView, { description: 'Best 1%, next up to 5%, 20%, 50%, and the rest' })
  layers!: PyramidLayerView[];
}
