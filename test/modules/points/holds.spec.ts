import pg from 'pg';
import { ClearPosDays } from '../../../src/modules/points/application/holds/clear-pos-days.js';
import { ExpireHoldsAtMerchants } from '../../../src/modules/points/application/holds/expire-holds-at-merchants.js';
import { GivePointsBackUseCase } from '../../../src/modules/points/application/ledger/give-points-back.js';
import { HoldPointsAtMerchants } from '../../../src/modules/points/application/holds/hold-points-at-merchants.js';
import { SmallPayments } from '../../../src/modules/points/application/holds/small-payments.js';
import { provePoints } from '../../../src/modules/points/application/proof/prove-points.js';
import { checksOfHolds } from '../../../src/modules/points/persistence/holds/proof-checks-of-holds.js';
import { newId } from '../../../src/platform/database/index.js';
import { Refusal } from '../../../src/platform/errors/index.js';
import { pointsWorld } from './points-world.js';

describe('points that are held', () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  let holding: HoldPointsAtMerchants;
  let payments: SmallPayments;
  let expiring: ExpireHoldsAtMerchants;
  let clearing: ClearPosDays;

  beforeAll(async () => {
    world = await pointsWorld();
    const { clock, database, transaction, ledger, single, outbox } = world;
    const giving = new GivePointsBackUseCase(ledger, outbox, clock);
    holding = new HoldPointsAtMerchants(single, giving, clock);
    payments = new SmallPayments(transaction, database, single, giving, clock);
    expiring = new ExpireHoldsAtMerchants(database, transaction, single, clock);
    clearing = new ClearPosDays(database, transaction, clock);
  });
  beforeEach(() => world.clock.set('2026-02-01T10:00:00+08:00'));
  afterAll(() => world.db.drop());

  const proof = async () =>
    (await provePoints(world.transaction)).checks.filter(({ violations }) => violations > 0).map(({ id }) => id);
  const broken = async (): Promise<string[]> => {
    const ids: string[] = [];
    for (const { id, sql } of checksOfHolds) if ((await world.db.query(sql)).length > 0) ids.push(id);
    return ids;
  };
  const aRichCustomer = async (points = 5_000): Promise<string> => {
    const customerId = await world.aCustomer();
    await world.award(customerId, points);
    return customerId;
  };
  const asked = (customerId: string, holdId: string) => ({
    customerId,
    holdId,
    key: newId(),
    requestHash: 'any',
    actorId: 'tester',
  });
  const hold = async (customerId: string, points: number): Promise<string> => {
    const holdId = newId();
    await world.transaction.run((tx) => holding.authorise(tx, { ...asked(customerId, holdId), points }));
    return holdId;
  };
  const capture = (customerId: string, holdId: string, points: number) =>
    world.transaction.run((tx) => holding.capture(tx, { ...asked(customerId, holdId), points }));
  const letGo = (customerId: string, holdId: string) =>
    world.transaction.run((tx) => holding.void(tx, asked(customerId, holdId)));
  const giveBack = (customerId: string, holdId: string, points: number | 'all') =>
    world.transaction.run((tx) => holding.giveBack(tx, { ...asked(customerId, holdId), points }));
  const outcomeOf = async (work: Promise<unknown>): Promise<string> => {
    try {
      await work;
      return 'done';
    } catch (error) {
      if (error instanceof Refusal) return error.code;
      throw error;
    }
  };
  const accountOf = async (customerId: string) =>
    (
      await world.db.query('SELECT available, held, debt, status FROM points.point_account WHERE customer_id = $1', [
        customerId,
      ])
    )[0];

  it('[PTS-20] end once, whoever of twenty is fastest', async () => {
    const customerId = await aRichCustomer();
    for (let round = 0; round < 5; round += 1) {
      const holdId = await hold(customerId, 100);
      const ends = Array.from({ length: 20 }, (_, i) =>
        outcomeOf(i % 2 ? capture(customerId, holdId, 60) : letGo(customerId, holdId)),
      );
      const outcomes = await Promise.all(ends);
      expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
      expect(new Set(outcomes)).toEqual(new Set(['done', 'points.hold-ended']));
    }
    expect(await accountOf(customerId)).toMatchObject({ held: 0 });
    expect(await proof()).toEqual([]);
  });

  it('[PTS-20] are nobody else’s meanwhile: of forty that want more than there is, as many as there is for', async () => {
    const customerId = await aRichCustomer(4_000);
    const outcomes = await Promise.all(Array.from({ length: 40 }, () => outcomeOf(hold(customerId, 300))));
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(13);
    expect(new Set(outcomes)).toEqual(new Set(['done', 'points.insufficient']));
    expect(await accountOf(customerId)).toMatchObject({ available: 100, held: 3_900 });
    expect(await proof()).toEqual([]);
  });

  it('[MER-03] are given back as often as they were captured and no more', async () => {
    const customerId = await aRichCustomer();
    const holdId = await hold(customerId, 1_000);
    expect(await outcomeOf(giveBack(customerId, holdId, 1))).toBe('points.nothing-captured');
    await capture(customerId, holdId, 900);
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => outcomeOf(giveBack(customerId, holdId, 200))));
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(4);
    expect(new Set(outcomes)).toEqual(new Set(['done', 'points.more-than-captured']));
    expect(await outcomeOf(giveBack(customerId, holdId, 'all'))).toBe('points.more-than-captured');
    expect(await accountOf(customerId)).toMatchObject({ available: 4_900, held: 0 });
  });

  it('[MER-03] expire when their time is over, and not before; twice at once is once', async () => {
    world.clock.set('2026-02-01T12:00:00+08:00');
    await expiring.execute();
    const customerId = await aRichCustomer();
    await hold(customerId, 500);
    world.clock.set('2026-02-01T12:14:59+08:00');
    expect(await expiring.execute()).toBe(0);
    world.clock.set('2026-02-01T12:15:00+08:00');
    const ended = await Promise.all([expiring.execute(), expiring.execute(), expiring.execute()]);
    expect(ended.reduce((sum, each) => sum + each, 0)).toBe(1);
    expect(await accountOf(customerId)).toMatchObject({ available: 5_000, held: 0 });
    expect(await world.db.query('SELECT state FROM points.point_hold WHERE customer_id = $1', [customerId])).toEqual([
      { state: 'EXPIRED' },
    ]);
    expect(await proof()).toEqual([]);
  });

  it('[MER-03] repay a debt that has come meanwhile, when they return', async () => {
    const [customerId] = await world.aCrowd([500_000]);
    if (!customerId) throw new Error('A crowd of one');
    await world.accrue('2025-12');
    const holdId = await hold(customerId, 4_500);
    await world.keepBills([{ customerId, billNo: '2025-12-0', netSpendFen: 400_000, version: 2 }]);
    await world.accrue('2025-12.2');
    expect(await accountOf(customerId)).toMatchObject({ held: 4_500, debt: 500, available: 0 });
    await letGo(customerId, holdId);
    expect(await accountOf(customerId)).toMatchObject({ held: 0, debt: 0, available: 4_000 });
    expect(await proof()).toEqual([]);
  });

  it('[PTS-20] end when the customer leaves, and their points are forfeited with the others', async () => {
    const customerId = await aRichCustomer();
    const [first, second] = [await hold(customerId, 500), await hold(customerId, 700)];
    await capture(customerId, second, 700);
    const eventId = newId();
    await Promise.all([world.close(customerId, eventId), world.close(customerId, eventId)]);
    expect(await accountOf(customerId)).toEqual({ available: 0, held: 0, debt: 0, status: 'CLOSED' });
    expect(await outcomeOf(capture(customerId, first, 100))).toBe('points.hold-ended');
    await giveBack(customerId, second, 700);
    expect(await accountOf(customerId)).toEqual({ available: 0, held: 0, debt: 0, status: 'CLOSED' });
    expect(await proof()).toEqual([]);
  });

  it('[PTS-20] leave nothing in clearing of days that are over, however often they are cleared', async () => {
    const leftOn = async (day: string) =>
      (
        await world.db.query<{ left: number }>(
          `SELECT sum(CASE 'POS_CLEARING'::points.account_code WHEN credit THEN points WHEN debit THEN -points ELSE 0 END)::bigint AS left
           FROM points.posting WHERE business_date = $1`,
          [day],
        )
      )[0]?.left;
    world.clock.set('2026-02-03T10:00:00+08:00');
    const customers = await Promise.all([aRichCustomer(), aRichCustomer(), aRichCustomer()]);
    const holds = await Promise.all(customers.map((customerId) => hold(customerId, 1_000)));
    await Promise.all(customers.map((customerId, i) => capture(customerId, holds[i] ?? '', 1_000)));
    await clearing.execute();
    expect(await leftOn('2026-02-03')).toBe(3_000);

    world.clock.set('2026-02-04T00:20:00+08:00');
    await Promise.all(customers.map((customerId, i) => giveBack(customerId, holds[i] ?? '', 400)));
    await Promise.all([clearing.execute(), clearing.execute(), clearing.execute()]);
    expect([await leftOn('2026-02-03'), await leftOn('2026-02-04')]).toEqual([0, -1_200]);
    expect(await proof()).toEqual([]);
    world.clock.set('2026-02-05T00:20:00+08:00');
    expect(await clearing.execute()).toEqual(['2026-02-04']);
    expect(await clearing.execute()).toEqual([]);
    expect(await leftOn('2026-02-04')).toBe(0);
    const owed = await world.db.query(
      `SELECT sum(CASE 'PARTNER_PAYABLE'::points.account_code WHEN credit THEN points ELSE -points END)::bigint AS points FROM points.posting
       WHERE 'PARTNER_PAYABLE' IN (debit, credit) AND business_date >= '2026-02-03'`,
    );
    expect(owed).toEqual([{ points: 1_800 }]);
    expect(await proof()).toEqual([]);
  });

  it.each([
    [
      'I7',
      `UPDATE points.point_hold SET captured = captured - 1, released = released + 1 WHERE state = 'CAPTURED' AND captured > 1`,
    ],
    [
      'I7-open',
      `INSERT INTO points.point_hold (customer_id, hold_id, purpose, points, lots, authorised_by, authorised_on, expires_at, opened_at)
       SELECT customer_id, gen_random_uuid(), 'POS', 7, '{}', gen_random_uuid(), '2026-02-01', now(), now() FROM points.point_account LIMIT 1`,
    ],
    [
      'I6-return',
      `UPDATE points.posting SET points = points + 5000, value_fen = value_fen + 10000
       WHERE debit = 'POS_CLEARING' AND credit = 'CUST_AVAILABLE'`,
    ],
    [
      'I9',
      `UPDATE points.posting SET credit = 'REDEEMED_GOODS' WHERE credit = 'PARTNER_PAYABLE'
       AND business_date = '2026-02-03'; UPDATE points.posting SET debit = 'PARTNER_PAYABLE' WHERE credit = 'REDEEMED_GOODS'`,
    ],
  ])('[PTS-32] %s finds what was tampered with', async (id, tampering) => {
    const owner = new pg.Client({ connectionString: world.db.url });
    await owner.connect();
    try {
      expect(await broken()).toEqual([]);
      await owner.query('CREATE TABLE kept_holds AS TABLE points.point_hold');
      await owner.query('CREATE TABLE kept_postings AS TABLE points.posting');
      await owner.query(tampering);
      expect(await broken()).toContain(id);
    } finally {
      await owner.query('DELETE FROM points.point_hold');
      await owner.query('INSERT INTO points.point_hold TABLE kept_holds');
      await owner.query('DELETE FROM points.posting');
      await owner.query('INSERT INTO points.posting TABLE kept_postings');
      await owner.query('DROP TABLE kept_holds, kept_postings');
      await owner.end();
    }
  });

  it('[PTS-23] pay small amounts: half of the fen, rounded up, the same key once', async () => {
    const customerId = await aRichCustomer();
    const pay = (amountFen: number, key?: string) =>
      payments.pay({ customerId, amountFen, channel: 'HALL', actorId: 'tester', key });
    const answers = await Promise.all(Array.from({ length: 8 }, () => pay(101, 'coffee')));
    expect(new Set(answers.map(({ paymentId }) => paymentId)).size).toBe(1);
    expect(answers[0]).toMatchObject({ amountFen: 101, points: 51, valueInFen: 102, status: 'completed' });
    expect(await outcomeOf(pay(102, 'coffee'))).toBe('points.key-reused');
    expect(await accountOf(customerId)).toMatchObject({ available: 4_949 });
    expect(await proof()).toEqual([]);
  });

  it('[PTS-23] pay so much a day and no more, whoever of many is fastest; a reversal makes room', async () => {
    const customerId = await aRichCustomer(40_000);
    const pay = (amountFen: number) =>
      payments.pay({ customerId, amountFen, channel: 'APP', actorId: 'tester', key: undefined });
    const outcomes = await Promise.all(Array.from({ length: 16 }, () => outcomeOf(pay(3_000))));
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(6);
    expect(new Set(outcomes)).toEqual(new Set(['done', 'points.daily-payments-used-up']));
    const { paymentId } = await pay(2_000);
    expect(await outcomeOf(pay(1))).toBe('points.daily-payments-used-up');
    const reverse = () => payments.reverse({ customerId, paymentId, channel: 'APP', actorId: 'tester' });
    const reversed = await Promise.all([reverse(), reverse(), reverse()]);
    expect(new Set(reversed.map(({ status }) => status))).toEqual(new Set(['reversed']));
    expect(await payments.one(customerId, paymentId)).toMatchObject({ status: 'reversed', points: 1_000 });
    expect(await accountOf(customerId)).toMatchObject({ available: 40_000 - 9_000 });
    expect(await outcomeOf(pay(2_001))).toBe('points.daily-payments-used-up');
    expect(await outcomeOf(pay(2_000))).toBe('done');
    world.clock.set('2026-02-02T00:00:00+08:00');
    expect(await outcomeOf(pay(20_000))).toBe('done');
    expect(await outcomeOf(pay(20_001))).toBe('points.daily-payments-used-up');
    expect(await proof()).toEqual([]);
  });

  it('[PTS-23] are given back within a day, and not after it', async () => {
    const customerId = await aRichCustomer();
    const pay = () => payments.pay({ customerId, amountFen: 100, channel: 'APP', actorId: 'tester', key: undefined });
    const [first, second] = [await pay(), await pay()];
    const reverse = (paymentId: string) =>
      payments.reverse({ customerId, paymentId, channel: 'APP', actorId: 'tester' });
    world.clock.set('2026-02-02T10:00:00+08:00');
    expect((await reverse(first.paymentId)).status).toBe('reversed');
    world.clock.set('2026-02-02T10:00:01+08:00');
    expect(await outcomeOf(reverse(second.paymentId))).toBe('points.payment-reversal-too-late');
    expect((await reverse(first.paymentId)).status).toBe('reversed');
    expect(await outcomeOf(reverse(newId()))).toBe('points.payment-not-found');
  });
});
