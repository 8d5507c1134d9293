import { CustomersModule } from '../../../src/modules/customers/index.js';
import { PreviewRuleSet } from '../../../src/modules/tiering/application/preview-rule-set.run.js';
import { ReviewTiers } from '../../../src/modules/tiering/application/review-tiers.run.js';
import { gotone2026 } from '../../../src/modules/tiering/domain/gotone-2026.js';
import { checksumOf } from '../../../src/modules/tiering/domain/rule-set-checksum.js';
import type { RuleSetBody } from '../../../src/modules/tiering/domain/rule-set.js';
import { TieringModule } from '../../../src/modules/tiering/index.js';
import { newId } from '../../../src/platform/database/index.js';
import { ActorDirectory, EVERYBODY, type KnownActor, type Scope } from '../../../src/platform/identity/index.js';
import { PersonalData } from '../../../src/platform/privacy/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { serveModules } from '../../support/serve-modules.js';
import { aSnapshot, customersOn } from '../customers/support.js';
import { keepMonths, yearOf } from './facts.js';

const PREVIEWS = '/care-api/tiering/v1/preview';
const AS_OF = '2026-02-01';
const clock = new TestClock('2026-02-01T02:00:00+08:00');
const managerId = newId();

const harder = (by: number): RuleSetBody => ({
  ...gotone2026,
  levels: gotone2026.levels.map((level) =>
    ({ GOLD: 120_000, SILVER: 60_000 })[level.tier]
      ? { ...level, yearlyCostFen: level.tier === 'GOLD' ? 120_000 : 60_000 }
      : level,
  ),
  routes: gotone2026.routes.map((route) =>
    route.code === 'GROWTH_VALUE'
      ? { ...route, thresholds: route.thresholds.map((each) => ({ ...each, atLeast: each.atLeast + by })) }
      : route,
  ),
});

/** 张小明 has 3,300 growth value and is platinum, 李四 1,850 and gold, 欧阳小明 of another province 1,250 and silver. */
const people = [
  { account: 'A-1', name: '张小明', msisdn: '13800138001', idNumber: '440101198001011234', region: '440000', spend: 310_000 },
  { account: 'A-2', name: '李四', msisdn: '13800138002', idNumber: '440101198001021235', region: '440000', spend: 165_000 },
  { account: 'A-3', name: '欧阳小明', msisdn: '13800138003', idNumber: '440101198001031236', region: '330000', spend: 105_000 },
]; // prettier-ignore

describe('asking for a preview', () => {
  let db: TestDatabase;
  let served: Awaited<ReturnType<typeof serveModules>>;
  let runId: string;
  let other: string;
  let ids: readonly string[];
  let asking = 'any';

  beforeAll(async () => {
    db = await createTestDatabase();
    const { source, personalData, apply } = await customersOn(db);
    await apply(
      ...people.map(({ account, name, msisdn, idNumber, region }) =>
        aSnapshot({ accountNo: account, name, msisdn, idNumber, region, packageFeeFen: 5_900 }),
      ),
    );
    const rows = await db.query<{ customer_id: string }>(
      'SELECT customer_id FROM customers.customer ORDER BY account_no',
    );
    ids = rows.map(({ customer_id: id }) => id);
    for (const [i, { spend }] of people.entries()) await keepMonths(db, ids[i] ?? '', yearOf(2025, spend));
    await db.query(`UPDATE customers.customer SET manager_id = $1 WHERE region = '440000'`, [managerId]);
    await carryOutRun(source, new ReviewTiers(clock), { key: 'first', asOf: AS_OF });
    for (const [version, by] of [['H.1', 100], ['H.2', 500]] as const) {
      const body = harder(by);
      await db.query(
        `INSERT INTO tiering.rule_set (program, version, status, effective_from, effective_until, body, checksum, author, created_at)
         VALUES ('GOTONE', $1, 'draft', '2026-01-01', '9999-12-31', $2, $3, 'somebody', now())`,
        [version, JSON.stringify(body), checksumOf(body)],
      );
    } // prettier-ignore
    const preview = (version: string) =>
      carryOutRun(source, new PreviewRuleSet(clock), { key: version, asOf: AS_OF, parameters: { version } });
    other = (await preview('H.1')).runId;
    runId = (await preview('H.2')).runId;

    const actor = (permissions: readonly string[], scope: Scope): KnownActor => ({
      kind: 'staff', id: newId(), name: 'A tester', role: 'tester', permissions, unitId: newId(), scope,
    }); // prettier-ignore
    const province: Scope = { everybody: false, provinces: ['330000'], branches: [] };
    const actors: Readonly<Record<string, KnownActor>> = {
      any: actor(['tiering.read', 'analytics.read', 'customers.amounts'], EVERYBODY),
      'without amounts': actor(['tiering.read', 'analytics.read'], EVERYBODY),
      counter: actor(['tiering.read', 'customers.amounts'], EVERYBODY),
      province: actor(['tiering.read', 'analytics.read', 'customers.amounts'], province),
    };
    served = await serveModules(db, {
      modules: [CustomersModule, TieringModule],
      permissions: [],
      now: clock.now(),
      ground: [
        { provide: ActorDirectory, useValue: { actorOfApiKey: () => Promise.resolve(actors[asking]) } },
        { provide: PersonalData, useValue: personalData },
      ],
    });
  });
  afterAll(async () => {
    await served.close();
    await db.drop();
  });

  const ask = (path: string, who = 'any') => {
    asking = who;
    return served.call({ method: 'GET', url: `${PREVIEWS}${path}` });
  };

  it('[TIER-01] tells who moves, from what to what, where, by which condition and at what price', async () => {
    const { status, body } = await ask(`/${runId}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: runId,
      program: 'GOTONE',
      draft: { version: 'H.2', checksum: checksumOf(harder(500)) },
      compared: { version: '2026.1' },
      differenceHref: '/care-api/tiering/v1/ruleSet/H.2/difference?from=2026.1',
    });
    const { impact } = body;
    expect(impact.moves).toEqual({
      customers: 3, rises: 0, falls: 3, warned: 0, kept: 0, recovered: 0,
      // Of the year to January: eleven of the twelve equal months.
      revenueAtRiskFen: impact.revenueAtRisk.reduce((sum: number, { fen }: { fen: number }) => sum + fen, 0),
    }); // prettier-ignore
    expect(impact.transitions).toEqual([
      { from: 'PLATINUM', to: 'GOLD', outcome: 'downgraded', customers: 1 },
      { from: 'GOLD', to: 'SILVER', outcome: 'downgraded', customers: 1 },
      { from: 'SILVER', to: 'ORDINARY', outcome: 'downgraded', customers: 1 },
    ]);
    expect(impact.differences).toEqual(
      impact.transitions.map(({ outcome, ...pair }: { outcome: string }) => (void outcome, pair)),
    );
    expect(impact.comparedMoves).toMatchObject({ falls: 0, revenueAtRiskFen: 0 });
    expect(impact.byRegion.map(({ region, falls }: { region: string; falls: number }) => [region, falls])).toEqual([
      ['330000', 1],
      ['440000', 2],
    ]);
    expect(impact.changedConditions).toEqual([{ kind: 'route', code: 'GROWTH_VALUE', lower: 3, higher: 0 }]);
    expect(impact.decidedBy).toEqual([
      { kind: 'route', code: 'GROWTH_VALUE', customers: 2 },
      { kind: 'route', code: null, customers: 1 },
    ]);
    expect(impact.benefitCost).toEqual({
      heldFen: 0, givenFen: 180_000, deltaFen: 180_000, levelsWithoutCost: 3, comparedLevelsWithoutCost: 5,
    }); // prettier-ignore
    expect(impact.guard).toEqual({ downgrades: 3, held: 3, percent: 100, allowed: 99, passes: true });
  });

  it('[TIER-01] tells who is near a threshold', async () => {
    const { body } = await ask(`/${other}`);
    // Raised by 100: gold asks for 1,900 and 1,850 misses it, silver for 1,300 and 1,250 misses it, by less than 5 %.
    expect(
      body.impact.borders.filter(({ below, above }: { below: number; above: number }) => below + above > 0),
    ).toEqual([
      { route: 'GROWTH_VALUE', tier: 'GOLD', below: 1, above: 0 },
      { route: 'GROWTH_VALUE', tier: 'SILVER', below: 1, above: 0 },
    ]);
  });

  it('[TIER-01] names the customers who would fall, the most valuable first, masked and registered', async () => {
    const { body, headers } = await ask(`/${runId}/customer`);
    expect(headers['x-total-count']).toBe('3');
    expect(body.map(({ id, name, from, to }: Record<string, string>) => ({ id, name, from, to }))).toEqual([
      { id: ids[2], name: '欧阳*', from: 'SILVER', to: 'ORDINARY' },
      { id: ids[0], name: '张*', from: 'PLATINUM', to: 'GOLD' },
      { id: ids[1], name: '李*', from: 'GOLD', to: 'SILVER' },
    ]);
    expect(body[1]).toMatchObject({
      place: 2,
      levelsLost: 1,
      decidedByKind: 'route',
      decidedByCode: 'GROWTH_VALUE',
      managerId,
    });
    expect(body[1].netSpendFen).toBeGreaterThan(body[2].netSpendFen);
    const [line] = await db.query(
      `SELECT action, customer_ids, field_groups, object_type, object_id FROM organization.access_register ORDER BY occurred_at DESC LIMIT 1`,
    );
    expect(line).toMatchObject({ action: 'tiering.preview', object_type: 'preview', object_id: runId });
    expect(line?.['customer_ids']).toEqual([ids[2], ids[0], ids[1]]);

    const filtered = await ask(`/${runId}/customer?managerId=${managerId}&from=GOLD&region=440000`);
    expect(filtered.body.map(({ id }: { id: string }) => id)).toEqual([ids[1]]);
  });

  it('[TIER-01] names to a province its own customers only, and amounts to nobody who may not see them', async () => {
    const own = await ask(`/${runId}/customer`, 'province');
    expect(own.body.map(({ id }: { id: string }) => id)).toEqual([ids[2]]);
    expect(own.headers['x-total-count']).toBe('1');

    expect((await ask(`/${runId}/customer`, 'counter')).status).toBe(403);

    const named = await ask(`/${runId}/customer`, 'without amounts');
    expect(named.body).toHaveLength(3);
    const whole = await ask(`/${runId}`, 'without amounts');
    const portfolios = await ask(`/${runId}/portfolio`, 'without amounts');
    for (const { body } of [named, whole, portfolios]) {
      expect(JSON.stringify(body)).not.toMatch(/netSpendFen|revenueAtRiskFen|"fen"/);
    }
  });

  it('[TIER-01] counts for each account manager', async () => {
    const { body } = await ask(`/${runId}/portfolio`);
    expect(body).toEqual([
      expect.objectContaining({ id: managerId, customers: 2, rises: 0, falls: 2, warned: 0, kept: 0 }),
    ]);
    expect(body[0].revenueAtRiskFen).toBeGreaterThan(400_000);
  });

  it('[TIER-01] puts two drafts beside each other', async () => {
    const { status, body } = await ask(`/comparison?runIds=${other},${runId}`);
    expect(status).toBe(200);
    expect(body.previews.map(({ draft, moves }: { draft: { version: string }; moves: { falls: number } }) => [draft.version, moves.falls])).toEqual([
      ['H.1', 2],
      ['H.2', 3],
    ]); // prettier-ignore
    expect(body.previews[1].levels).toContainEqual({ tier: 'GOLD', held: 1, given: 1 });
    expect((await ask(`/comparison?runIds=${other},${other}`)).status).toBe(422);
    expect((await ask(`/comparison?runIds=${other},${newId()}`)).status).toBe(404);
  });

  it('lists previews, and knows none that there is not', async () => {
    const list = await ask('?version=H.2');
    expect(list.body).toEqual([expect.objectContaining({ id: runId, asOf: AS_OF })]);
    expect(list.body[0]).not.toHaveProperty('impact');
    for (const path of [newId(), 'nothing', `${newId()}/customer`, `${newId()}/portfolio`]) {
      expect((await ask(`/${path}`)).status).toBe(404);
    }
  });
});
