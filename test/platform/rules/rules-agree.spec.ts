import * as fc from 'fast-check';
import {
  boundsOf,
  collectAggregates,
  compileExpression,
  compilePredicate,
  compileSql,
  factsSql,
  measure,
  readFactsOfOne,
  SqlParameters,
  type Condition,
  type CustomerFacts,
  type Expression,
  type Facts,
  type MeasuredFacts,
} from '../../../src/platform/rules/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { asOf, catalogue, customerFacts, validCondition, validExpression } from './random-rules.js';
import { SEED } from '../../support/seed.js';

const ruleSets = Number(process.env['RULE_SETS'] ?? 60);
const customers = 200;

describe(`a rule in TypeScript and the same rule in SQL (SEED=${SEED})`, () => {
  let db: TestDatabase;
  const population = fc.sample(customerFacts, { seed: SEED, numRuns: customers });

  beforeAll(async () => {
    db = await createTestDatabase();
    await load(db, population);
  });
  afterAll(() => db.drop());

  it('decide the same of every customer', async () => {
    const met = { conditions: 0, held: 0, values: 0, unknown: 0 };
    await fc.assert(
      fc.asyncProperty(ruleSet, async (rules) => {
        const expected = population.map((facts) => [
          ...rules.conditions.map((rule) => compilePredicate(rule, catalogue)(facts, rules.asOf).holds),
          ...rules.expressions.map((rule) => compileExpression(rule, catalogue)(facts, rules.asOf)),
        ]);
        expect((await decidedBySql(db, rules)).map(({ decided }) => decided)).toEqual(expected);

        const verdicts = expected.flat();
        met.conditions += verdicts.filter((each) => typeof each === 'boolean').length;
        met.held += verdicts.filter((each) => each === true).length;
        met.values += verdicts.filter((each) => typeof each !== 'boolean').length;
        met.unknown += verdicts.filter((each) => each === null).length;
      }),
      { seed: SEED, numRuns: ruleSets },
    );
    // The agreement is worth something only if both answers were common.
    expect(met.held).toBeGreaterThan(met.conditions * 0.15);
    expect(met.held).toBeLessThan(met.conditions * 0.85);
    expect(met.unknown).toBeGreaterThan(0);
    expect(met.unknown).toBeLessThan(met.values * 0.6);
  });

  it('measure the same, and what they measured is enough to decide and to explain the same again', async () => {
    await fc.assert(
      fc.asyncProperty(ruleSet, async (rules) => {
        const bySql = await decidedBySql(db, rules);
        population.forEach((facts, i) => {
          const measured = measure([...rules.conditions, ...rules.expressions], facts, catalogue, rules.asOf);
          expect(bySql[i]?.facts).toEqual(measured);
          expect(explained(rules, measured)).toEqual(explained(rules, facts));
        });
      }),
      { seed: SEED + 1, numRuns: Math.ceil(ruleSets / 3) },
    );
  });

  it('read the same of one customer as of everybody', async () => {
    await fc.assert(
      fc.asyncProperty(ruleSet, fc.nat({ max: customers - 1 }), async (rules, id) => {
        const all = [...rules.conditions, ...rules.expressions];
        const facts = await readFactsOfOne(db, {
          customerId: String(id),
          rules: all,
          catalogue,
          asOf: rules.asOf,
          customers: { sql: `SELECT *, ${anniversaryMonth} FROM customer` },
          months: 'month_fact',
        });
        expect(facts && explained(rules, facts)).toEqual(
          explained(rules, population[id] ?? { customer: {}, months: [] }),
        );
      }),
      { seed: SEED + 2, numRuns: ruleSets },
    );
  });

  it('give no value outside its bounds', () => {
    fc.assert(
      fc.property(validExpression, asOf, fc.constantFrom(...population), (rule, day, facts) => {
        const { min, max, nullable } = boundsOf(rule, catalogue);
        const value = compileExpression(rule, catalogue)(facts, day);
        if (value === null) expect(nullable).toBe(true);
        else expect(min <= value && value <= max).toBe(true);
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });

  it('say of every failed comparison how far the customer is from it', () => {
    fc.assert(
      fc.property(validCondition, asOf, fc.constantFrom(...population), (rule, day, facts) => {
        for (const node of compilePredicate(rule, catalogue)(facts, day).trace) {
          if (node.holds === node.wanted) expect(node.gap).toBe(0);
          else if (node.gap !== null) expect(node.gap).toBeGreaterThan(0);
        }
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });
});

interface RuleSet {
  readonly asOf: string;
  readonly conditions: readonly Condition[];
  readonly expressions: readonly Expression[];
}

const ruleSet: fc.Arbitrary<RuleSet> = fc.record({
  asOf,
  conditions: fc.array(validCondition, { minLength: 1, maxLength: 6 }),
  expressions: fc.array(validExpression, { minLength: 1, maxLength: 3 }),
});

const explained = ({ asOf, conditions, expressions }: RuleSet, facts: Facts) => [
  ...conditions.map((rule) => compilePredicate(rule, catalogue)(facts, asOf)),
  ...expressions.map((rule) => compileExpression(rule, catalogue)(facts, asOf)),
];

const anniversaryMonth = `date_part('month', activated_on)::int AS anniversary_month`;
const monthsWithAnniversary = `(SELECT m.*, ${anniversaryMonth} FROM month_fact m JOIN customer USING (customer_id))`;

async function decidedBySql(db: TestDatabase, rules: RuleSet): Promise<{ decided: unknown[]; facts: MeasuredFacts }[]> {
  const all = [...rules.conditions, ...rules.expressions];
  const parameters = new SqlParameters();
  const plan = collectAggregates({ rules: all, catalogue, asOf: rules.asOf, parameters });
  const columns = all.map((rule, i) => `${compileSql(rule, plan)} AS r${i}`);
  const aggregates =
    plan.months === undefined
      ? ''
      : `LEFT JOIN (
           SELECT m.customer_id, ${plan.select} FROM ${plan.readsAnniversary ? monthsWithAnniversary : 'month_fact'} m
           WHERE m.month >= ${parameters.add(plan.months.from, 'date')} AND m.month < ${parameters.add(plan.months.to, 'date')}
           GROUP BY m.customer_id
         ) f ON f.customer_id = c.customer_id`;
  const rows = await db.query<{ facts: MeasuredFacts }>(
    `SELECT ${factsSql(plan)} AS facts, ${columns.join(',\n')} FROM customer c ${aggregates} ORDER BY c.customer_id`,
    parameters.values,
  );
  return rows.map(({ facts, ...decided }) => ({ facts, decided: Object.values(decided) }));
}

async function load(db: TestDatabase, population: readonly CustomerFacts[]): Promise<void> {
  await db.query(
    `CREATE TABLE customer (customer_id int PRIMARY KEY, tenure_months bigint NOT NULL, credit bigint, region text, real_name boolean, activated_on date)`,
  );
  await db.query(
    `CREATE TABLE month_fact (customer_id int, month date, spend_fen bigint, calls int NOT NULL, PRIMARY KEY (customer_id, month))`,
  );
  const customerRows = population.map(({ customer, anniversaryMonth }, id) => ({
    id,
    ...customer,
    // The last day of the month: 29 February, too.
    activatedOn: anniversaryMonth && new Date(Date.UTC(2020, anniversaryMonth, 0)),
  }));
  await db.query(
    `INSERT INTO customer SELECT id, tenure, credit, region, "realName", "activatedOn" FROM jsonb_to_recordset($1::jsonb)
       AS x(id int, tenure bigint, credit bigint, region text, "realName" boolean, "activatedOn" date)`,
    [JSON.stringify(customerRows)],
  );
  const monthRows = population.flatMap(({ months }, id) =>
    months.map(({ month, values }) => ({ id, month, ...values })),
  );
  await db.query(
    `INSERT INTO month_fact SELECT id, month, spend, calls
       FROM jsonb_to_recordset($1::jsonb) AS x(id int, month date, spend bigint, calls int)`,
    [JSON.stringify(monthRows)],
  );
}
