import { FindPotential } from '../../../src/modules/tiering/application/find-potential.run.js';
import { ReviewTiers } from '../../../src/modules/tiering/application/review-tiers.run.js';
import { gotone2026 } from '../../../src/modules/tiering/domain/gotone-2026.js';
import { potential2026 } from '../../../src/modules/tiering/domain/potential-2026.js';
import type { RuleSetBody } from '../../../src/modules/tiering/domain/rule-set.js';
import { TieringModule } from '../../../src/modules/tiering/index.js';
import { newId } from '../../../src/platform/database/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { serveModules } from '../../support/serve-modules.js';
import { keepBirthYear, keepCustomers, yearOf } from './facts.js';
import { toldDecisions } from './told-decisions.js';

const PATH = '/care-api/tiering/v1';

describe('asking for levels', () => {
  const now = new Date('2026-02-10T09:00:00+08:00');
  const [platinum, newcomer, stranger] = [newId(), newId(), newId()];
  let db: TestDatabase;
  let served: Awaited<ReturnType<typeof serveModules>>;

  beforeAll(async () => {
    db = await createTestDatabase();
    await keepCustomers(db, [
      {
        customerId: platinum,
        region: '440000',
        months: [...yearOf(2025, 340_000), { month: '2026-01-01', netSpendFen: 90_000, packageFeeFen: 12_800 }],
      },
      { customerId: newcomer, region: '110000', activatedOn: '2025-09-15', months: yearOf(2025, 900_000) },
    ]);
    await carryOutRun(await db.dataSource(), new ReviewTiers({ now: () => now }), {
      key: '2026-02-01',
      asOf: '2026-02-01',
    });
    served = await serveModules(db, {
      modules: [TieringModule],
      permissions: ['tiering.read', 'tiering.author', 'customers.amounts'],
      now,
    });
  });
  afterAll(async () => {
    await served.close();
    await db.drop();
  });

  it('[TIER-16] tells the level, since when, until when, from what, and what is missing', async () => {
    const { status, body } = await served.call({ url: `${PATH}/customerTier/${platinum}` });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: platinum,
      href: `${PATH}/customerTier/${platinum}`,
      '@type': 'CustomerTier',
      tier: 'PLATINUM',
      tierName: { en: 'Platinum', zh: '白金卡' },
      serviceRank: 4,
      validFrom: '2026-02-01',
      validUntil: '2027-01-31',
      nextReviewOn: '2027-02-01',
      ruleSetVersion: '2026.1',
    });
    expect(body.inputs).toContainEqual({
      code: 'SPEND', label: { en: 'net spend of last year', zh: '上年实际消费' }, unit: 'none', value: 3_400,
    }); // prettier-ignore
    // By then: 900 yuan of January and 300 for tenure.
    expect(body.progress[0]).toMatchObject({
      route: 'GROWTH_VALUE',
      actual: 1_200,
      toKeep: { tier: 'PLATINUM', threshold: 3_000, gap: 1_800 },
      toRise: { tier: 'DIAMOND', threshold: 4_000, gap: 2_800 },
    });
    const register = await db.query('SELECT actor_id, action, customer_ids FROM organization.access_register');
    expect(register).toEqual([{ actor_id: served.staffId, action: 'tiering.read', customer_ids: [platinum] }]);
  });

  it('[TIER-16] explains as the review has decided, with every candidate', async () => {
    const { body } = await served.call({ url: `${PATH}/customerTier/${platinum}/explanation?asOf=2026-02-01` });
    const [decided] = await db.query(
      `SELECT from_tier AS from, to_tier AS tier, outcome FROM tiering.tier_decision WHERE customer_id = $1`,
      [platinum],
    );
    expect(body).toMatchObject({ from: decided?.['from'], tier: decided?.['tier'], outcome: decided?.['outcome'] });
    const told = (await toldDecisions(db)).find(({ customerId }) => customerId === platinum);
    expect(body.reasons).toEqual(told?.reasons);
    expect(
      Object.fromEntries(body.inputs.map((each: { code: string; value: number }) => [each.code, each.value])),
    ).toEqual(told?.inputs);
  });

  it('[TIER-16] tells of a decision that kept no facts what it said', async () => {
    const told = { inputs: { SPEND: 77 }, reasons: [{ kind: 'requirement', code: 'TENURE', holds: true }] };
    const kept = await db.query('SELECT facts, standing FROM tiering.tier_decision WHERE customer_id = $1', [platinum]);
    const keep = (facts: unknown, standing: unknown, said: unknown) =>
      db.query('UPDATE tiering.tier_decision SET facts = $2, standing = $3, told = $4 WHERE customer_id = $1', [
        platinum,
        facts,
        standing,
        said,
      ]);
    await keep(null, null, told);
    const { body } = await served.call({ url: `${PATH}/customerTier/${platinum}` });
    expect(body.inputs).toMatchObject([{ code: 'SPEND', value: 77 }]);
    expect(body.reasons).toHaveLength(1);
    await keep(kept[0]?.['facts'], kept[0]?.['standing'], null);
  });

  it('tells who is not rated yet how many months are missing', async () => {
    const { body } = await served.call({ url: `${PATH}/customerTier/${newcomer}/explanation?asOf=2026-02-01` });
    expect(body).toMatchObject({ tier: 'ORDINARY', outcome: 'retained' });
    expect(body.gates[0]).toMatchObject({
      code: 'TENURE',
      holds: false,
      checks: [{ subject: { en: 'tenure', zh: '网龄' }, op: '>=', actual: '4', threshold: '12', holds: false, gap: 8 }],
    });
    const { body: level } = await served.call({ url: `${PATH}/customerTier/${newcomer}` });
    expect(level).toMatchObject({ tier: 'ORDINARY', reasons: [] });
    expect(level.validFrom).toBeUndefined();
  });

  it('knows no stranger, of whatever shape', async () => {
    for (const id of [stranger, 'nobody', '1;DROP']) {
      expect((await served.call({ url: `${PATH}/customerTier/${id}` })).status).toBe(404);
    }
    expect((await served.call({ url: `${PATH}/customerTier/${platinum}/explanation?asOf=2026-13-01` })).status).toBe(
      400,
    );
  });

  it('[TIER-13] counts customers per level and region', async () => {
    const { body } = await served.call({ url: `${PATH}/distribution` });
    expect(body).toMatchObject({ id: 'current', customers: 2 });
    expect(body.shares).toEqual([
      { region: '110000', tier: 'ORDINARY', customers: 1 },
      { region: '440000', tier: 'PLATINUM', customers: 1 },
    ]);
  });

  it('[TIER-01] keeps a new rule set as a draft, once per version, and it decides nothing yet', async () => {
    const draft = (payload: object) => served.call({ method: 'POST', url: `${PATH}/ruleSet`, payload });
    const created = await draft({ version: '2027.1', effectiveFrom: '2026-02-01', body: gotone2026 });
    expect(created.status).toBe(201);
    expect(created.headers['location']).toContain(`${PATH}/ruleSet/2027.1`);
    expect(created.body).toMatchObject({ id: '2027.1', status: 'draft', author: served.staffId, body: gotone2026 });
    expect((await draft({ version: '2027.1', effectiveFrom: '2027-02-01', body: gotone2026 })).status).toBe(409);
    const listed = await served.call({ url: `${PATH}/ruleSet?status=draft` });
    expect(listed.body.map(({ id }: { id: string }) => id)).toEqual(['2027.1']);
    const level = await served.call({ url: `${PATH}/customerTier/${platinum}/explanation` });
    expect(level.body.ruleSetVersion).toBe('2026.1');
  });

  it('[TIER-01] refuses a rule set with mistakes and names the place of each', async () => {
    const [growth, ...others] = gotone2026.routes;
    const { status, text } = await served.call({
      method: 'POST',
      url: `${PATH}/ruleSet`,
      payload: {
        version: '2027.2',
        effectiveFrom: '2027-02-01',
        body: {
          ...gotone2026,
          requirements: [
            { code: 'tenure', label: { en: 'x', zh: 'x' }, condition: { metric: 'shoeSize', op: '>=', value: 1 } },
          ],
          routes: [
            {
              ...growth,
              thresholds: [
                { tier: 'GOLD', atLeast: 1 },
                { tier: 'DIAMOND', atLeast: 2 },
              ],
            },
            ...others,
          ],
          review: { month: 2, day: 30 },
        },
      },
    });
    expect(status).toBe(422);
    for (const place of [
      '/requirements/0/code', '/requirements/0/condition/metric', '/routes/0/thresholds/1/atLeast',
      '/routes/0/thresholds/1/tier', '/review/day',
    ]) { expect(text).toContain(place); } // prettier-ignore
    expect(await db.query(`SELECT FROM tiering.rule_set WHERE version = '2027.2'`)).toEqual([]);
  });

  it('needs the permission', async () => {
    const outsider = await serveModules(db, { modules: [TieringModule], permissions: ['points.read'], now });
    try {
      expect((await outsider.call({ url: `${PATH}/customerTier/${platinum}` })).status).toBe(403);
      expect((await outsider.call({ method: 'POST', url: `${PATH}/ruleSet`, payload: {} })).status).toBe(403);
    } finally {
      await outsider.close();
    }
  });
});

describe('what levels tell of the age', () => {
  const clock = new TestClock('2026-02-10T09:00:00+08:00');
  const aged = newId();
  let db: TestDatabase;
  let served: Awaited<ReturnType<typeof serveModules>>;

  beforeAll(async () => {
    db = await createTestDatabase();
    const rising = { month: '2026-01-01', netSpendFen: 40_000 };
    await keepCustomers(db, [{ customerId: aged, months: [...yearOf(2025, 150_000), rising] }]);
    await keepBirthYear(db, aged, 1929);
    await letRulesAskForAge(db, '2026.1', gotone2026);
    await letRulesAskForAge(db, 'POTENTIAL-2026.1', potential2026);
    const source = await db.dataSource();
    await carryOutRun(source, new FindPotential(clock), { key: 'one', asOf: '2026-02-01' });
    await carryOutRun(source, new ReviewTiers(clock), { key: 'one', asOf: '2026-02-01' });
    served = await serveModules(db, {
      modules: [TieringModule],
      permissions: ['tiering.read', 'customers.amounts'],
      now: clock.now(),
    });
  });
  afterAll(async () => {
    await served.close();
    await db.drop();
  });

  const asked = async (path: string) => {
    const { status, body } = await served.call({ url: `${PATH}/${path}` });
    expect(status).toBe(200);
    return body;
  };
  const ROUTE = { code: 'AGE', actual: null };

  it('[CUS-28] is nothing in any view, whatever its reader may see', async () => {
    expect(await toldDecisions(db)).toMatchObject([{ inputs: { AGE: 97 } }]);
    expect(await db.query('SELECT inputs FROM tiering.potential_customer')).toMatchObject([{ inputs: { AGE: 97 } }]);

    const [tier, grade, explanation] = [
      await asked(`customerTier/${aged}`),
      await asked(`customerGrade/${aged}?program=GOTONE`),
      await asked(`customerTier/${aged}/explanation`),
    ];
    const [{ id: candidateId }] = await asked('potentialCustomer');
    for (const view of [tier, grade, explanation, await asked(`potentialCustomer/${candidateId}`)]) {
      expect(view.inputs).toContainEqual(expect.objectContaining({ code: 'AGE', value: null }));
      expect(view.inputs.some(({ value }: { value: number | null }) => value !== null)).toBe(true);
      expect(view.reasons).toContainEqual(expect.objectContaining(ROUTE));
    }
    expect(tier.progress).toContainEqual(expect.objectContaining({ route: 'AGE', actual: null }));
    const { checks } = explanation.gates.find(({ code }: { code: string }) => code === 'NOT_TOO_OLD');
    expect(checks).toMatchObject([{ actual: null, threshold: '150', gap: null, holds: true }]);
  });

  it('is hidden by the rules that have decided, also when those of today say nothing of it', async () => {
    const later = { ...gotone2026, inputs: [...gotone2026.inputs, { ...AGE, value: { metric: 'tenureMonths' } }] };
    await db.query(
      `WITH ended AS (UPDATE tiering.rule_set_period SET effective_until = '2026-02-05' WHERE version = '2026.1')
       INSERT INTO tiering.rule_set (program, version, status, effective_from, body, checksum, author, approver, approved_at, created_at)
       SELECT program, '2026.2', status, '2026-02-05', $1, checksum, author, approver, approved_at, created_at
       FROM tiering.rule_set WHERE version = '2026.1'`,
      [JSON.stringify(later)],
    );
    await db.query(
      `INSERT INTO tiering.rule_set_period (period_id, program, version, effective_from, begun_by, begun_at)
       VALUES ($1, 'GOTONE', '2026.2', '2026-02-05', 'test', $2)`,
      [newId(), clock.now()],
    );
    const tier = await asked(`customerTier/${aged}`);
    expect(tier.ruleSetVersion).toBe('2026.1');
    expect(tier.inputs).toContainEqual(expect.objectContaining({ code: 'AGE', value: null }));
    expect((await asked(`customerTier/${aged}/explanation`)).ruleSetVersion).toBe('2026.2');
  });
});

const AGE = { code: 'AGE', label: { en: 'age', zh: '年龄' }, unit: 'none' } as const;

async function letRulesAskForAge(db: TestDatabase, version: string, body: RuleSetBody): Promise<void> {
  const [route, ...others] = body.routes;
  const [{ tier } = { tier: '' }] = route?.thresholds ?? [];
  const asking = {
    ...body,
    inputs: [...body.inputs, { ...AGE, value: { metric: 'age' } }],
    requirements: [
      ...body.requirements,
      { code: 'NOT_TOO_OLD', label: AGE.label, condition: { metric: 'age', op: '<=', value: 150 } },
    ],
    routes: [
      ...[route, ...others],
      { ...route, ...AGE, measure: { metric: 'age' }, thresholds: [{ tier, atLeast: 60 }] },
    ],
  };
  await db.query('UPDATE tiering.rule_set SET body = $2 WHERE version = $1', [version, JSON.stringify(asking)]);
}
