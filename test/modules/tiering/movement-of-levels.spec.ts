import type { DataSource } from 'typeorm';
import { ReviewTiers } from '../../../src/modules/tiering/application/review-tiers.run.js';
import { decide } from '../../../src/modules/tiering/domain/decide.js';
import { gotone2026 } from '../../../src/modules/tiering/domain/gotone-2026.js';
import type { Standing } from '../../../src/modules/tiering/domain/movement.js';
import { freeMovement, type Movement, type RuleSetBody } from '../../../src/modules/tiering/domain/rule-set.js';
import { checksumOf } from '../../../src/modules/tiering/domain/rule-set-checksum.js';
import { tiers } from '../../../src/modules/tiering/index.js';
import { newId } from '../../../src/platform/database/index.js';
import type { MeasuredFacts } from '../../../src/platform/rules/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { keepCustomers, keepMonths, keepTier } from './facts.js';

const label = { en: 'spend of the last month', zh: '上月消费' };
/** A hundred yuan of the last month per level, from silver on. */
const monthly: RuleSetBody = {
  ...gotone2026,
  inputs: [],
  requirements: [],
  levels: gotone2026.levels.filter(({ tier }) => !['PLATINUM', 'HONOURED_GUEST'].includes(tier)),
  routes: [
    {
      code: 'SPEND',
      label,
      unit: 'fen',
      measure: { metric: 'netSpendFen', agg: 'sum', window: { kind: 'rolling-months', months: 1 } },
      thresholds: [
        { tier: 'DIAMOND', atLeast: 30_000, retainAtLeast: 28_000 },
        { tier: 'GOLD', atLeast: 20_000, retainAtLeast: 18_000 },
        { tier: 'SILVER', atLeast: 10_000 },
      ],
    },
  ],
};

describe('the movement of levels', () => {
  const clock = new TestClock('2026-02-06T02:00:00+08:00');
  let db: TestDatabase;
  let source: DataSource;

  beforeEach(async () => {
    db = await createTestDatabase();
    source = await db.dataSource();
  });
  afterEach(() => db.drop());

  /** From now on these rules decide, alone. */
  async function ruled(movement: Partial<Movement>, body: RuleSetBody = monthly, version = 'moving'): Promise<void> {
    const whole = { ...body, movement: { ...freeMovement, ...movement } };
    await db.query(`UPDATE tiering.rule_set_period SET effective_until = '2026-01-01' WHERE program = 'GOTONE'`);
    await keepRuleSet(version, whole);
    await db.query(
      `INSERT INTO tiering.rule_set_period (period_id, program, version, effective_from, begun_by, begun_at)
       VALUES ($1, 'GOTONE', $2, '2026-01-01', 'b', now())`,
      [newId(), version],
    );
  }

  async function keepRuleSet(version: string, body: RuleSetBody): Promise<void> {
    await db.query(
      `INSERT INTO tiering.rule_set (program, version, status, effective_from, body, checksum, author, approver, created_at)
       VALUES ('GOTONE', $1, 'active', '2026-01-01', $2, $3, 'a', 'b', now())`,
      [version, JSON.stringify(body), checksumOf(body)],
    );
  }

  /** Who spends so much every month from 2025-12 on, and holds a level. */
  async function aCustomer(tier: (typeof tiers)[number], fen: number, region = '440000'): Promise<string> {
    const customerId = newId();
    await keepCustomers(db, [{ customerId, region }]);
    await keepTier(db, customerId, tier);
    await spends(customerId, fen);
    return customerId;
  }

  const spends = (customerId: string, fen: number, from = 0) =>
    keepMonths(
      db,
      customerId,
      ['2025-12-01', '2026-01-01', '2026-02-01', '2026-03-01', '2026-04-01', '2026-05-01', '2026-06-01']
        .slice(from)
        .map((month) => ({ month, netSpendFen: fen })),
    );

  const review = (asOf: string) => carryOutRun(source, new ReviewTiers(clock), { key: asOf, asOf });
  const levelOf = async (customerId: string): Promise<unknown> =>
    (await db.query('SELECT tier FROM tiering.current_tier WHERE customer_id = $1', [customerId]))[0]?.['tier'];
  const told = async (customerId: string) =>
    (
      await db.query<{ name: string; payload: Record<string, unknown> }>(
        'SELECT name, payload FROM platform.outbox WHERE customer_id = $1 ORDER BY occurred_at',
        [customerId],
      )
    ).map(({ name, payload }) => ({ name, ...payload }));

  it('[TIER-11] keeps a level with less than reaching it asks for', async () => {
    await ruled({});
    const [holder, climber] = [await aCustomer('GOLD', 18_000), await aCustomer('SILVER', 18_000)];
    const [loser, diamond] = [await aCustomer('GOLD', 17_999), await aCustomer('DIAMOND', 27_999)];
    await review('2026-02-01');
    expect(await Promise.all([holder, climber, loser, diamond].map(levelOf))).toEqual([
      'GOLD',
      'SILVER',
      'SILVER',
      'GOLD',
    ]);
  });

  it('[TIER-11] lowers only at the yearly review, and raises at once', async () => {
    await ruled({ downgrade: 'review' });
    const [faller, climber] = [await aCustomer('GOLD', 20_000), await aCustomer('SILVER', 10_000)];
    await review('2026-02-01');
    await spends(faller, 0, 2);
    await spends(climber, 30_000, 2);
    expect((await review('2026-03-01')).counts).toEqual({ upgraded: 1 });
    expect([await levelOf(faller), await levelOf(climber)]).toEqual(['GOLD', 'DIAMOND']);
    // The first run of the next level year is its review.
    expect((await review('2027-02-01')).counts).toEqual({ downgraded: 2 });
  });

  it('[TIER-11] raises only at the yearly review where the rules say so', async () => {
    await ruled({ upgrade: 'review' });
    const climber = await aCustomer('SILVER', 10_000);
    await review('2026-02-01');
    await spends(climber, 30_000, 2);
    expect((await review('2026-03-01')).counts).toEqual({});
    await keepMonths(db, climber, [{ month: '2027-01-01', netSpendFen: 30_000 }]);
    expect((await review('2027-02-01')).counts).toEqual({ upgraded: 1 });
  });

  it('[TIER-11] announces a downgrade, and it comes after the months of grace', async () => {
    await ruled({ graceMonths: 3 });
    const customerId = await aCustomer('GOLD', 10_000);
    expect((await review('2026-02-01')).counts).toEqual({ warned: 1 });
    expect((await review('2026-03-01')).counts).toEqual({});
    expect(await levelOf(customerId)).toBe('GOLD');
    expect((await review('2026-05-01')).counts).toEqual({ downgraded: 1 });
    expect(await levelOf(customerId)).toBe('SILVER');
    expect(await told(customerId)).toEqual([
      expect.objectContaining({
        name: 'tiering.TierWillDowngrade', from: 'GOLD', to: 'SILVER', effectiveOn: '2026-05-01', notice: 'start',
      }),
      expect.objectContaining({ name: 'tiering.TierChanged', from: 'GOLD', to: 'SILVER', outcome: 'downgraded', effectiveOn: '2026-05-01' }),
    ]); // prettier-ignore
    expect(await db.query('SELECT * FROM tiering.tier_grace')).toEqual([]);
  });

  it('[TIER-11] takes an announced downgrade back when the level is earned again', async () => {
    await ruled({ graceMonths: 3 });
    const customerId = await aCustomer('GOLD', 10_000);
    await review('2026-02-01');
    await spends(customerId, 18_000, 2);
    expect((await review('2026-03-01')).counts).toEqual({ recovered: 1 });
    expect((await review('2026-05-01')).counts).toEqual({});
    expect(await levelOf(customerId)).toBe('GOLD');
    expect((await told(customerId)).map(({ name }) => name)).toEqual([
      'tiering.TierWillDowngrade',
      'tiering.TierRetained',
    ]);
  });

  it('[TIER-11] lands softly: one level at a time', async () => {
    await ruled({ stepwise: true });
    const customerId = await aCustomer('DIAMOND', 0);
    const steps: unknown[] = [];
    for (const asOf of ['2026-02-01', '2026-03-01', '2026-04-01', '2026-05-01']) {
      await review(asOf);
      steps.push(await levelOf(customerId));
    }
    expect(steps).toEqual(['GOLD', 'SILVER', 'ORDINARY', 'ORDINARY']);
  });

  it('[TIER-11] spares nobody whom an exclusion names', async () => {
    const body: RuleSetBody = {
      ...monthly,
      exclusions: [{ code: 'DATA', label, condition: { metric: 'simKind', op: '==', value: 'DATA' } }],
    };
    await ruled({ graceMonths: 3, stepwise: true, downgrade: 'review' }, body);
    const customerId = await aCustomer('DIAMOND', 30_000);
    await review('2026-02-01');
    await db.query(`UPDATE customers.customer SET sim_kind = 'DATA' WHERE customer_id = $1`, [customerId]);
    expect((await review('2026-03-01')).counts).toEqual({ downgraded: 1 });
    expect(await levelOf(customerId)).toBe('ORDINARY');
  });

  it('[TIER-12] does not lower for the months after a level was given by hand', async () => {
    await ruled({ coolDownMonths: 3 });
    const customerId = await aCustomer('GOLD', 0);
    await db.query(
      `INSERT INTO tiering.tier_override (customer_id, override_id, program, tier, mode, category, reason, valid_from, valid_until,
         asked_by, approved_by, recorded_at)
       VALUES ($1, $2, 'GOTONE', 'GOLD', 'at-least', 'media', 'x', '2026-01-15', '2026-02-15', 'a', 'b', '2026-01-15')`,
      [customerId, newId()],
    );
    for (const asOf of ['2026-02-01', '2026-03-01', '2026-04-01']) await review(asOf);
    expect(await levelOf(customerId)).toBe('GOLD');
    await review('2026-05-01');
    expect(await levelOf(customerId)).toBe('ORDINARY');
  });

  it('[TIER-11] tells those who keep their level once a year, where the rules say so', async () => {
    await ruled({ announceRetained: true });
    const [keeper, ordinary] = [await aCustomer('GOLD', 20_000), await aCustomer('ORDINARY', 0)];
    expect((await review('2026-02-01')).counts).toEqual({ retained: 1 });
    expect((await review('2026-03-01')).counts).toEqual({});
    expect(await told(keeper)).toEqual([
      expect.objectContaining({ name: 'tiering.TierRetained', tier: 'GOLD', until: '2027-01-31' }),
    ]);
    expect(await told(ordinary)).toEqual([]);
  });

  it('[TIER-01] asks for what a province asks for, and tries other rules in some of them', async () => {
    const cheap = [{ tier: 'DIAMOND', atLeast: 10_000 }];
    await ruled({}, { ...monthly, provinces: [{ region: '330000', routes: [{ code: 'SPEND', thresholds: cheap }] }] });
    await keepRuleSet('tried', { ...monthly, routes: monthly.routes.map((route) => ({ ...route, thresholds: [{ tier: 'GOLD', atLeast: 1 }] })) });
    await db.query(
      `INSERT INTO tiering.rule_set_period (period_id, program, version, regions, effective_from, begun_by, begun_at)
       VALUES ($1, 'GOTONE', 'tried', '{510000}', '2026-01-01', 'b', now())`,
      [newId()],
    );
    const people = await Promise.all(['440000', '330000', '510000'].map((region) => aCustomer('ORDINARY', 10_000, region)));
    await review('2026-02-01');
    expect(await Promise.all(people.map(levelOf))).toEqual(['SILVER', 'DIAMOND', 'GOLD']);
    const versions = await db.query('SELECT rule_set_version AS version FROM tiering.tier_decision ORDER BY version');
    expect(versions.map(({ version }) => version)).toEqual(['moving', 'moving', 'tried']);
  }); // prettier-ignore

  it('[TIER-01] decides the same again from what each decision has kept, whatever became of the facts', async () => {
    await ruled({ graceMonths: 2, stepwise: true, coolDownMonths: 1 });
    const amounts = [0, 9_999, 10_000, 18_000, 20_000, 30_000];
    const people: string[] = [];
    for (const tier of ['DIAMOND', 'GOLD', 'SILVER', 'ORDINARY'] as const) {
      for (const fen of amounts) people.push(await aCustomer(tier, fen));
    }
    for (const asOf of ['2026-02-01', '2026-03-01', '2026-04-01']) await review(asOf);
    await db.query('UPDATE usage.customer_month SET net_spend_fen = 77');
    const decisions = await db.query<{
      facts: MeasuredFacts;
      standing: Standing;
      as_of: string;
      body: RuleSetBody;
      stored: object;
    }>(
      `SELECT d.facts, d.standing, d.as_of, r.body, jsonb_build_object('from', d.from_tier, 'tier', d.to_tier, 'outcome', d.outcome,
         'wouldBe', d.would_be, 'lowersOn', d.kept_until) AS stored
       FROM tiering.tier_decision d JOIN tiering.rule_set r ON r.version = d.rule_set_version`,
    );
    expect(decisions.length).toBeGreaterThan(20);
    for (const { facts, standing, as_of, body, stored } of decisions) {
      const again = decide({ scale: tiers, body }, facts, standing, as_of);
      const { from, tier, outcome, wouldBe = null, lowersOn = null } = again;
      expect({ from, tier, outcome, wouldBe, lowersOn }).toEqual(stored);
    }
  });
});
