import type { Expression } from '../../../platform/rules/index.js';
import { gotone2026 } from './gotone-2026.js';
import { freeMovement, type RuleSetBody } from './rule-set.js';

const quarter = { kind: 'rolling-months', months: 3 } as const;
const GB = 1_048_576; // in KB

const arpu: Expression = { max: [{ metric: 'netSpendFen', agg: 'avgFloor', window: quarter }, { const: 0 }] };
const data: Expression = { max: [{ metric: 'dataKb', agg: 'avgFloor', window: quarter }, { const: 0 }] };

/**
 * For whom M-ZONE is made (动感地带目标客群, CUS-28): 15 to 25 years old, low to middle spend, heavy data. A sample: the age is the
 * source's, the other figures are defaults of this product.
 */
export const mzoneTarget2026: RuleSetBody = {
  levels: [
    { tier: 'TARGET', label: { en: 'Target', zh: '目标客户' } },
    { tier: 'NO_TARGET', label: { en: 'No target', zh: '非目标客户' } },
  ],
  inputs: [{ code: 'ARPU', label: { en: 'mean spend of three months', zh: '近三个月ARPU' }, unit: 'fen', value: arpu }],
  requirements: [
    {
      code: 'YOUNG',
      label: { en: '15 to 25 years old', zh: '15至25岁' },
      condition: {
        all: [
          { metric: 'age', op: '>=', value: 15 },
          { metric: 'age', op: '<=', value: 25 },
        ],
      },
    },
    {
      code: 'LOW_TO_MIDDLE_SPEND',
      label: { en: '20 to 100 yuan a month', zh: '中低ARPU（20至100元）' },
      condition: {
        all: [
          { expr: arpu, op: '>=', value: 2_000 },
          { expr: arpu, op: '<=', value: 10_000 },
        ],
      },
    },
  ],
  exclusions: gotone2026.exclusions,
  routes: [
    {
      code: 'HEAVY_DATA',
      label: { en: 'data of a month, mean of three', zh: '近三个月月均流量' },
      unit: 'KB',
      measure: data,
      thresholds: [{ tier: 'TARGET', atLeast: 10 * GB }],
    },
  ],
  review: { month: 2, day: 1 },
  movement: { ...freeMovement, guard: { percent: 100, from: 1 } },
};
