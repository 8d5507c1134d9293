import {
  GradeCredit,
  GradeStars,
  ValueCustomers,
} from '../../../src/modules/tiering/application/grade-customers.run.js';
import { TieringModule } from '../../../src/modules/tiering/index.js';
import { grantsOf } from '../../../src/modules/tiering/persistence/grants.js';
import { Database, newId } from '../../../src/platform/database/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { serveModules } from '../../support/serve-modules.js';
import { keepCustomers, type AnyCustomer } from './facts.js';

const PATH = '/care-api/tiering/v1';
const now = new Date('2026-02-10T09:00:00+08:00');

type Served = Awaited<ReturnType<typeof serveModules>>;
const served = (db: TestDatabase, permissions: readonly string[]): Promise<Served> =>
  serveModules(db, { modules: [TieringModule], permissions: [...permissions], now });

interface Share {
  readonly levels: readonly string[];
  readonly customers: number;
  readonly shareBasisPoints: number;
}
interface Move {
  readonly from: readonly string[] | null;
  readonly to: readonly string[] | null;
  readonly customers: number;
}
const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);

describe('reports of levels', () => {
  let db: TestDatabase;
  let api: Served;

  /** Who was on which level from when until when. */
  const levelsOf = async (customerId: string, ...levels: readonly (readonly [string, string, string?])[]) => {
    for (const [tier, from, until = '9999-12-31'] of levels) {
      await db.query(
        `INSERT INTO tiering.tier_assignment (customer_id, program, decision_id, tier, valid_from, valid_until, end_reason)
         VALUES ($1, 'GOTONE', $2, $3, $4, $5, CASE WHEN $5::date < '9999-12-31' THEN 'changed' END)`,
        [customerId, newId(), tier, from, until],
      );
    }
  };

  beforeAll(async () => {
    db = await createTestDatabase();
    const customers = Array.from({ length: 7 }, (): string => newId());
    const [risen, fallen, gold, diamond, left = '', joined = '', moved = ''] = customers;
    await keepCustomers(
      db,
      customers.map((customerId): AnyCustomer => {
        if (customerId === left) return { customerId, closedOn: '2026-01-20' };
        if (customerId === joined) return { customerId, activatedOn: '2026-01-10' };
        return { customerId, region: customerId === moved ? '110000' : '440000' };
      }),
    );
    await levelsOf(risen ?? '', ['SILVER', '2025-02-01', '2026-02-01'], ['GOLD', '2026-02-01']);
    await levelsOf(fallen ?? '', ['GOLD', '2025-02-01', '2025-12-15'], ['SILVER', '2025-12-15']);
    await levelsOf(gold ?? '', ['GOLD', '2025-02-01']);
    await levelsOf(diamond ?? '', ['DIAMOND', '2025-02-01']);
    await levelsOf(left, ['GOLD', '2025-02-01', '2026-01-20']);
    await levelsOf(moved, ['SILVER', '2026-01-31']);
    api = await served(db, ['tiering.read']);
  });
  afterAll(async () => {
    await api.close();
    await db.drop();
  });

  const sharesOf = async (
    query: string,
  ): Promise<readonly { month: string; customers: number; shares: readonly Share[] }[]> =>
    (await api.call({ url: `${PATH}/levelShare?${query}` })).body.months;
  const inFigures = (shares: readonly Share[]): Record<string, number> =>
    Object.fromEntries(
      shares.filter(({ customers }) => customers > 0).map(({ levels, customers }) => [levels.join('+'), customers]),
    );
  const movesOf = async (query: string): Promise<readonly Move[]> =>
    (await api.call({ url: `${PATH}/levelMovement?${query}` })).body.moves;

  it('[TIER-13] count everybody in the network once on the first day of each month, and come to 100%', async () => {
    const months = await sharesOf('from=2025-11&until=2026-02');
    expect(months.map(({ month, customers, shares }) => ({ month, customers, ...inFigures(shares) }))).toEqual([
      { month: '2025-11', customers: 6, DIAMOND: 1, GOLD: 3, SILVER: 1, ORDINARY: 1 },
      { month: '2025-12', customers: 6, DIAMOND: 1, GOLD: 3, SILVER: 1, ORDINARY: 1 },
      { month: '2026-01', customers: 6, DIAMOND: 1, GOLD: 2, SILVER: 2, ORDINARY: 1 },
      { month: '2026-02', customers: 6, DIAMOND: 1, GOLD: 2, SILVER: 2, ORDINARY: 1 },
    ]);
    for (const { customers, shares } of months) {
      expect(sum(shares.map(({ shareBasisPoints }) => shareBasisPoints))).toBe(10_000);
      expect(sum(shares.map((each) => each.customers))).toBe(customers);
    }
    // What is left of one, three, one and one of six goes to the highest of those who have as much of a remainder.
    expect(months[0]?.shares.map(({ shareBasisPoints }) => shareBasisPoints)).toEqual([
      1_667, 0, 5_000, 1_667, 0, 1_666,
    ]);
  });

  it('[TIER-13] begin eleven months before this one when nobody says else', async () => {
    const months = await sharesOf('');
    expect([months.length, months[0]?.month, months[11]?.month]).toEqual([12, '2025-03', '2026-02']);
    expect(await sharesOf('from=2021-02&until=2026-01')).toHaveLength(60);
  });

  it('[TIER-03] count diamond and gold as one when asked', async () => {
    const [month] = await sharesOf('from=2026-01&until=2026-01&merge=GOLD,DIAMOND');
    expect(month?.shares[0]).toEqual({ levels: ['DIAMOND', 'GOLD'], customers: 3, shareBasisPoints: 5_000 });
    expect(month?.shares.map(({ levels }) => levels.join('+'))).toEqual([
      'DIAMOND+GOLD',
      'PLATINUM',
      'SILVER',
      'HONOURED_GUEST',
      'ORDINARY',
    ]);
    const moves = await movesOf('from=2025-12-01&to=2026-02-01&merge=DIAMOND,GOLD');
    expect(moves).toContainEqual({ from: ['SILVER'], to: ['DIAMOND', 'GOLD'], customers: 1 });
  });

  it('[TIER-13] tell the moves between two days, so that both ends are the shares of these days', async () => {
    const moves = await movesOf('from=2025-12-01&to=2026-02-01');
    expect(moves).toEqual([
      { from: ['DIAMOND'], to: ['DIAMOND'], customers: 1 },
      { from: ['GOLD'], to: ['GOLD'], customers: 1 },
      { from: ['GOLD'], to: ['SILVER'], customers: 1 },
      { from: ['GOLD'], to: null, customers: 1 },
      { from: ['SILVER'], to: ['GOLD'], customers: 1 },
      { from: ['ORDINARY'], to: ['SILVER'], customers: 1 },
      { from: null, to: ['ORDINARY'], customers: 1 },
    ]);
    for (const [end, month] of [
      ['from', '2025-12'],
      ['to', '2026-02'],
    ] as const) {
      const [shares] = await sharesOf(`from=${month}&until=${month}`);
      for (const { levels, customers } of shares?.shares ?? []) {
        const moved = moves.filter((move) => move[end]?.join() === levels.join()).map((move) => move.customers);
        expect(sum(moved)).toBe(customers);
      }
    }
  });

  it('[TIER-13] are of one region when asked', async () => {
    const [month] = await sharesOf('from=2026-02&until=2026-02&region=110000');
    expect(inFigures(month?.shares ?? [])).toEqual({ SILVER: 1 });
    expect(await movesOf('from=2025-12-01&to=2026-02-01&region=110000')).toEqual([
      { from: ['ORDINARY'], to: ['SILVER'], customers: 1 },
    ]);
  });

  it.each([
    ['levelShare?program=NOTHING', 404, 'tiering.program-not-found'],
    ['levelShare?merge=GOLD,WOOD', 422, 'tiering.level-not-on-scale'],
    ['levelShare?from=2026-02&until=2026-01', 422, 'tiering.report-too-long'],
    ['levelShare?from=2021-01&until=2026-01', 422, 'tiering.report-too-long'],
    ['levelMovement?from=2026-01-01&to=2026-02-01&merge=GOLD,GOLD', 422, 'tiering.level-not-on-scale'],
    ['levelCrossTable?columns=NOTHING', 404, 'tiering.program-not-found'],
  ])('refuse %s', async (url, status, code) => {
    expect(await api.call({ url: `${PATH}/${url}` })).toMatchObject({ status, body: { code } });
  });
});

describe('grades of customers', () => {
  const [spender, debtor, newcomer] = [newId(), newId(), newId()];
  let db: TestDatabase;
  let api: Served;

  beforeAll(async () => {
    db = await createTestDatabase();
    const yearOf = (netSpendFen: number, twoWaySuspensions = 0) =>
      Array.from({ length: 12 }, (_, i) => ({
        month: i === 11 ? '2026-01-01' : `2025-${String(i + 2).padStart(2, '0')}-01`,
        netSpendFen,
        twoWaySuspensions: i === 0 ? twoWaySuspensions : 0,
      }));
    await keepCustomers(db, [
      { customerId: spender, activatedOn: '2010-01-01', months: yearOf(40_000) },
      { customerId: debtor, activatedOn: '2020-02-01', months: yearOf(9_000, 6) },
      { customerId: newcomer, activatedOn: '2025-12-01', months: yearOf(0) },
    ]);
    await db.query(
      `INSERT INTO tiering.tier_assignment (customer_id, program, decision_id, tier, valid_from) VALUES ($1, 'GOTONE', $2, 'DIAMOND', '2025-02-01')`,
      [spender, newId()],
    );
    const clock = { now: () => now };
    const source = await db.dataSource();
    for (const run of [new GradeStars(clock), new GradeCredit(clock)]) {
      await carryOutRun(source, run, { key: 'monthly', asOf: '2026-02-01' });
    }
    api = await served(db, ['tiering.read', 'customers.amounts']);
  });
  afterAll(async () => {
    await api.close();
    await db.drop();
  });

  const gradeOf = async (customerId: string, program: string, of = api) =>
    (await of.call({ url: `${PATH}/customerGrade/${customerId}?program=${program}` })).body;

  it('[CUS-22] are told with each factor, and with what they bring', async () => {
    const grade = await gradeOf(debtor, 'CREDIT');
    expect(grade).toMatchObject({
      id: debtor,
      '@type': 'CustomerGrade',
      program: 'CREDIT',
      kind: 'credit-grade',
      level: 'C',
      levelName: { en: 'Credit C', zh: '信誉度C级' },
      rank: 2,
      validFrom: '2026-02-01',
      decidedAsOf: '2026-02-01',
      ruleSetVersion: 'CREDIT-2026.1',
    });
    const factors = Object.fromEntries(
      grade.inputs.map((each: { code: string; value: number }) => [each.code, each.value]),
    );
    expect(factors).toEqual({
      PUNCTUALITY: 200,
      TENURE: 144,
      ARREARS_COUNT: 0,
      ARREARS_AMOUNT: 0,
      SUSPENSIONS: 200,
      BAD_DEBTS: 0,
      FRAUD_CASES: 0,
    });
    expect(grade.grants).toEqual([
      expect.objectContaining({ code: 'STOP_DELAY', unit: 'days', value: 7 }),
      expect.objectContaining({ code: 'DEPOSIT_WAIVER_PERCENT', value: 0 }),
    ]);
    expect(grade.reasons).toEqual([
      expect.objectContaining({
        kind: 'exclusion',
        code: 'FRAUD',
        holds: false,
        label: { en: 'named in a fraud case', zh: '有欺诈记录' },
      }),
      expect.objectContaining({
        kind: 'route',
        code: 'CREDIT_SCORE',
        actual: 544,
        level: 'C',
        threshold: 500,
        nextLevel: 'B',
        gap: 156,
      }),
    ]);
  });

  it('[CUS-22] drive the delay of a stop, the deposit and the overdraft, as other modules ask for them', async () => {
    const source = await db.dataSource();
    const granted = async (customerId: string, program: string, on = '2026-02-10') =>
      Object.fromEntries(await grantsOf(new Database(source), { customerId, program, asOf: on }));
    expect(await granted(debtor, 'CREDIT')).toEqual({ STOP_DELAY: 7, DEPOSIT_WAIVER_PERCENT: 0 });
    expect(await granted(spender, 'CREDIT')).toEqual({ STOP_DELAY: 15, DEPOSIT_WAIVER_PERCENT: 50 });
    expect(await granted(spender, 'CREDIT', '2026-01-31')).toEqual({ STOP_DELAY: 0, DEPOSIT_WAIVER_PERCENT: 0 });
    expect(await granted(spender, 'STAR')).toEqual({ OVERDRAFT: 50_000, STOP_DELAY: 7 });
    expect(await granted(newcomer, 'STAR')).toEqual({});
  });

  it('[CUS-19] say the reasons of who is not graded yet by the facts of today', async () => {
    const grade = await gradeOf(newcomer, 'STAR');
    expect(grade).toMatchObject({ level: 'NO_STAR', rank: 0, grants: [] });
    expect(grade).not.toHaveProperty('decidedAsOf');
    expect(grade.reasons).toContainEqual(
      expect.objectContaining({ kind: 'requirement', code: 'TENURE', holds: false }),
    );
  });

  it('[CUS-19] are entered in the access register, and hide amounts from who may not see them', async () => {
    const clerk = await served(db, ['tiering.read']);
    try {
      const { inputs, reasons } = await gradeOf(spender, 'STAR', clerk);
      expect(inputs).toContainEqual(expect.objectContaining({ code: 'MEAN_SPEND', value: null }));
      expect(inputs).toContainEqual(expect.objectContaining({ code: 'TENURE_SCORE', value: 600 }));
      expect(reasons).toContainEqual(expect.objectContaining({ code: 'STAR_SCORE', actual: null, gap: null }));
      const lines = await db.query(
        'SELECT action, customer_ids FROM organization.access_register WHERE actor_id = $1',
        [clerk.staffId],
      );
      expect(lines).toEqual([{ action: 'tiering.read', customer_ids: [spender] }]);
    } finally {
      await clerk.close();
    }
  });

  it('[CUS-19] list who stands on a level, and enter all of them in the register', async () => {
    const { body, headers } = await api.call({
      url: `${PATH}/customerGrade?program=STAR&level=FIVE_STAR_GOLD,FIVE_STAR_DIAMOND`,
    });
    expect(headers['x-total-count']).toBe('1');
    expect(body).toEqual([
      expect.objectContaining({
        id: spender,
        program: 'STAR',
        level: 'FIVE_STAR_GOLD',
        region: '440000',
        validFrom: '2026-02-01',
      }),
    ]);
    const [line] = await db.query(
      'SELECT customer_ids FROM organization.access_register WHERE actor_id = $1 ORDER BY entry_id DESC LIMIT 1',
      [api.staffId],
    );
    expect(line).toEqual({ customer_ids: [spender] });
  });

  it('[TIER-14] show stars beside cards, everybody in one cell', async () => {
    const { body } = await api.call({ url: `${PATH}/levelCrossTable` });
    expect(body).toMatchObject({
      customers: 3,
      cells: [
        { row: 'DIAMOND', column: 'FIVE_STAR_GOLD', customers: 1 },
        { row: 'ORDINARY', column: 'TWO_STAR', customers: 1 },
        { row: 'ORDINARY', column: 'NO_STAR', customers: 1 },
      ],
    });
  });

  it.each([
    ['of a programme that is not there', () => `${spender}?program=NOTHING`, 'tiering.program-not-found'],
    ['of a customer who is not there', () => `${newId()}?program=STAR`, 'customers.not-found'],
  ])('are not told %s', async (_, of, code) => {
    expect(await api.call({ url: `${PATH}/customerGrade/${of()}` })).toMatchObject({ status: 404, body: { code } });
  });
});

describe('reports of value', () => {
  let db: TestDatabase;
  let api: Served;

  /** Months before February 2026, newest first. */
  const months = (...spends: readonly number[]) =>
    spends.map((netSpendFen, i) => ({
      month: new Date(Date.UTC(2026, 0 - i, 1)).toISOString().slice(0, 10),
      netSpendFen,
    }));

  beforeAll(async () => {
    db = await createTestDatabase();
    const spending = (quarter: number, before: number): AnyCustomer => ({
      customerId: newId(),
      months: months(quarter, 0, 0, before, 0, 0),
    });
    await keepCustomers(db, [
      spending(1_100, 1_000), // growing, by the fen
      spending(1_099, 1_000),
      spending(901, 1_000),
      spending(900, 1_000), // declining
      spending(301, 1_000),
      spending(300, 1_000), // leaving
      spending(0, 0),
      { ...spending(5_000, 1_000), status: 'suspended' },
      { ...spending(9_000, 9_000), activatedOn: '2025-08-02' }, // five months
      { ...spending(9_000, 9_000), activatedOn: '2025-08-01' },
      { ...spending(9_000, 9_000), closedOn: '2026-01-31' },
    ]);
    await carryOutRun(await db.dataSource(), new ValueCustomers({ now: () => now }), {
      key: 'monthly',
      asOf: '2026-02-01',
    });
    api = await served(db, ['analytics.read']);
  });
  afterAll(async () => {
    await api.close();
    await db.drop();
  });

  it('[CUS-25] put everybody into one stage, with counts and value that reconcile', async () => {
    const { body } = await api.call({ url: `${PATH}/valueStage?asOf=2026-02-01` });
    const stages: readonly { stage: string; customers: number; revenueFen: number }[] = body.stages;
    expect(stages.map(({ stage, customers, revenueFen }) => [stage, customers, revenueFen])).toEqual([
      ['NEW', 1, 9_000],
      ['GROWING', 1, 1_100],
      ['MATURE', 3, 1_099 + 901 + 9_000],
      ['DECLINING', 2, 900 + 301],
      ['LEAVING', 3, 300 + 0 + 5_000],
    ]);
    expect(body).toMatchObject({ customers: 10, revenueFen: 27_601 });
    for (const parts of [body.stages, body.composition]) {
      expect(sum(parts.map((each: { customers: number }) => each.customers))).toBe(10);
      expect(sum(parts.map((each: { revenueFen: number }) => each.revenueFen))).toBe(27_601);
      expect(sum(parts.map((each: { customersBasisPoints: number }) => each.customersBasisPoints))).toBe(10_000);
      expect(sum(parts.map((each: { revenueBasisPoints: number }) => each.revenueBasisPoints))).toBe(10_000);
    }
    expect(body.composition.map(({ level }: { level: string }) => level)).toEqual([
      'VERY_HIGH',
      'HIGH',
      'MEDIUM',
      'LOW',
    ]);
  });

  it('[CUS-37] say which part of the revenue the best customers bring, whatever the claim', async () => {
    const { body } = await api.call({ url: `${PATH}/concentration?asOf=2026-02-01` });
    // Ten customers: 18,000 twice, 6,000, 2,100, 2,099, 1,901, 1,900, 1,301, 1,300 and 0.
    expect(body).toMatchObject({
      percent: 20,
      customers: 10,
      revenueFen: 52_601,
      top: { customers: 2, revenueFen: 36_000, shareBasisPoints: 6_844 },
    });
    expect(body.deciles.map((each: { revenueFen: number }) => each.revenueFen)).toEqual([
      18_000, 18_000, 6_000, 2_100, 2_099, 1_901, 1_900, 1_301, 1_300, 0,
    ]);
    expect(sum(body.deciles.map((each: { shareBasisPoints: number }) => each.shareBasisPoints))).toBe(10_000);
    const half = await api.call({ url: `${PATH}/concentration?asOf=2026-02-01&percent=55` });
    expect(half.body.top).toMatchObject({ customers: 5, revenueFen: 46_199 });
  });
});
