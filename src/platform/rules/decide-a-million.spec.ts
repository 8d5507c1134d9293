import { collectAggregates, compileSql, factsSql, SqlParameters } from './compile-sql.js';
import { defineMetrics } from './metric-catalogue.js';
import { render } from './render-rule.js';
import { conditionFrom } from './validate-rule.js';

const about = { nullable: true, description: '' } as const;
const catalogue = defineMetrics([
  {
    ...about,
    name: 'netSpend',
    column: 'net_spend_fen',
    source: 'month',
    type: 'integer',
    unit: 'fen',
    label: { en: 'net spend', zh: '净消费' },
  },
  {
    ...about,
    name: 'tenure',
    column: 'tenure_months',
    source: 'customer',
    type: 'integer',
    unit: 'months',
    label: { en: 'time in network', zh: '网龄' },
  },
  {
    ...about,
    name: 'brand',
    column: 'brand',
    source: 'customer',
    type: 'text',
    unit: 'none',
    label: { en: 'brand', zh: '品牌' },
  },
]);
const window = { kind: 'calendar-year', offset: -1 } as const;

/** The rule of the documentation in index.ts. */
const gold = conditionFrom(catalogue, {
  all: [
    { metric: 'netSpend', agg: 'sum', window, op: '>=', value: 1_200_000 },
    {
      any: [
        { metric: 'tenure', op: '>=', value: 24 },
        { metric: 'brand', op: '==', value: 'GOTONE' },
      ],
    },
  ],
});

const planFor = (rules: Parameters<typeof collectAggregates>[0]['rules'], parameters = new SqlParameters()) =>
  collectAggregates({ rules, catalogue, asOf: '2026-02-01', parameters });

describe('compiling a rule for a million customers', () => {
  it('reads as in the documentation', () => {
    const parameters = new SqlParameters(['of the caller']);
    const plan = planFor([gold], parameters);
    expect(plan.select).toBe('(sum(m.net_spend_fen))::bigint AS a1');
    expect(compileSql(gold, plan)).toBe(
      '(((COALESCE(f.a1, 0) >= $2::bigint) IS TRUE) AND (((c.tenure_months::bigint >= $3::bigint) IS TRUE) OR ((c.brand = $4::text) IS TRUE)))',
    );
    expect(parameters.values).toEqual(['of the caller', 1_200_000, 24, 'GOTONE']);
    expect(render(gold, catalogue, 'en')).toBe(
      'total net spend over the last calendar year is at least 12,000 yuan and (time in network is at least 24 months or brand is “GOTONE”)',
    );
    expect(render(gold, catalogue, 'zh')).toBe(
      '上一自然年净消费合计不低于12,000元且（网龄不低于24个月或品牌为「GOTONE」）',
    );
  });

  it('computes an aggregate once, however many rules read it and whatever they call its window', () => {
    const plan = planFor([
      gold,
      { metric: 'netSpend', agg: 'avg', window, op: '<', value: 1 },
      // On 1 February the last year is also the twelve months before the last one.
      { metric: 'netSpend', agg: 'avgFloor', window: { kind: 'rolling-months', months: 12, skip: 1 } },
    ]);
    expect(plan.columns.map(({ key }) => key)).toEqual([
      'sum(net_spend_fen) 2025-01-01 2026-01-01',
      'count(net_spend_fen) 2025-01-01 2026-01-01',
    ]);
  });

  it('tells the months to be read, and that none are', () => {
    const last = (months: number) =>
      ({ metric: 'netSpend', agg: 'last', window: { kind: 'rolling-months', months } }) as const;
    expect(planFor([gold, last(1)]).months).toEqual({ from: '2025-01-01', to: '2026-02-01' });
    // A window that begins or ends with the scan leaves that to it.
    expect(planFor([gold, last(1)]).select).toContain(
      '(sum(m.net_spend_fen) FILTER (WHERE m.month < $1::date))::bigint',
    );
    expect(planFor([{ metric: 'tenure' }])).toMatchObject({ months: undefined, select: '' });
  });

  it('asks the months for the anniversary of their customer only when a rule needs it', () => {
    const since = (offset: 0 | -1) =>
      ({ metric: 'netSpend', agg: 'sum', window: { kind: 'anniversary-year', offset } }) as const;
    const parameters = new SqlParameters();
    const plan = planFor([since(0), since(-1)], parameters);
    expect(plan.readsAnniversary).toBe(true);
    expect(plan.months).toEqual({ from: '2024-03-01', to: '2026-02-01' });
    expect(plan.columns.map(({ key }) => key)).toEqual([
      'sum(net_spend_fen) anniversary 0',
      'sum(net_spend_fen) anniversary -1',
    ]);
    expect(plan.columns[0]?.sql).toBe(
      '(sum(m.net_spend_fen) FILTER (WHERE m.month >= ($1::date[])[m.anniversary_month] AND m.month < $2::date))::bigint',
    );
    expect(parameters.values[0]).toEqual(
      ['2026-01-01', '2026-02-01', ...[3, 4, 5, 6, 7, 8, 9].map((month) => `2025-0${month}-01`)].concat(
        ['10', '11', '12'].map((month) => `2025-${month}-01`),
      ),
    );
    expect(planFor([gold]).readsAnniversary).toBe(false);
  });

  it('says what a row was decided from, each value once and under its name', () => {
    const plan = planFor([
      gold,
      { metric: 'brand', op: '!=', value: 'MZONE' },
      { metric: 'netSpend', agg: 'max', window: { kind: 'rolling-months', months: 1 } },
    ]);
    expect(factsSql(plan)).toBe(
      [
        `('{"customer":{' || '"tenure":' || COALESCE((c.tenure_months::bigint)::text, 'null')`,
        ` || ',"brand":' || COALESCE((to_json(c.brand))::text, 'null')`,
        ` || '},"aggregates":{' || '"sum(net_spend_fen) 2025-01-01 2026-01-01":' || COALESCE((COALESCE(f.a1, 0))::text, 'null')`,
        ` || ',"max(net_spend_fen) 2026-01-01 2026-02-01":' || COALESCE((f.a2)::text, 'null') || '}}')::json`,
      ].join(''),
    );
  });

  it('lets no text of a rule into the statement', () => {
    const rule = conditionFrom(catalogue, { metric: 'brand', op: 'in', value: ["'; DROP TABLE points.posting; --"] });
    const plan = planFor([rule]);
    expect(compileSql(rule, plan)).toBe('((c.brand = ANY ($1::text[])) IS TRUE)');
  });

  it('does not compile a rule against a plan that was made for others', () => {
    expect(() => compileSql(gold, planFor([]))).toThrow('not made for this rule');
  });
});
