import fc from 'fast-check';
import { provePoints } from '../../../src/modules/points/application/prove-points.js';
import { accrueFromBills } from '../../../src/modules/points/persistence/accrue-from-bills.js';
import { businessDate } from '../../../src/platform/clock/index.js';
import { newId } from '../../../src/platform/database/index.js';
import { Refusal } from '../../../src/platform/errors/index.js';
import { LedgerModel } from './ledger-model.js';
import { pointsWorld } from './points-world.js';

const LISTS = Number(process.env['POINTS_LISTS'] ?? 50);
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const CYCLES = ['2025-10', '2025-11', '2025-12', '2026-01'] as const;

const command = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('award' as const), points: fc.integer({ min: 1, max: 4_000 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('bill' as const),
      nth: fc.integer({ min: 0, max: 5 }),
      spendFen: fc.integer({ min: -5_000, max: 250_000 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('accrue' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('redeem' as const),
      points: fc.integer({ min: 1, max: 3_000 }),
      times: fc.integer({ min: 1, max: 2 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('reverse' as const), nth: fc.integer({ min: 0, max: 8 }) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 300 }) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('leave' as const), comesBack: fc.boolean() }) },
);

describe(`random lists of commands (seed ${SEED})`, () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  beforeAll(async () => {
    world = await pointsWorld();
  });
  afterAll(() => world.db.drop());

  const outcomeOf = async (work: Promise<unknown>): Promise<string> => {
    try {
      await work;
      return 'done';
    } catch (error) {
      if (error instanceof Refusal) return error.code;
      throw error;
    }
  };

  const accrue = (customerId: string, day: string) =>
    world.transaction.run((tx) =>
      accrueFromBills(tx, {
        from: customerId,
        to: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
        firstCycle: '2025-01-01',
        lastCycle: '2026-12-01',
        businessDate: day,
        recordedAt: world.clock.now(),
        runId: newId(),
      }),
    );

  it(`[PTS-01] leave ${LISTS} accounts as a naive model says, and a ledger that proves them`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 40 }), async (commands) => {
        const model = new LedgerModel();
        const customerId = await world.aCustomer();
        const redeemed: string[] = [];
        const versions = new Map<number, number>();
        let [now, billed] = [new Date('2026-02-01T10:00:00+08:00'), 0];
        for (const each of commands) {
          world.clock.set(now.toISOString());
          const day = businessDate(now);
          switch (each.does) {
            case 'award':
              expect(await outcomeOf(world.award(customerId, each.points))).toBe(model.award(each.points, day));
              break;
            case 'bill': {
              const version = (versions.get(each.nth) ?? 0) + 1;
              const cycle = CYCLES[each.nth % CYCLES.length] ?? '2025-10';
              versions.set(each.nth, version);
              const billNo = `B${each.nth}`;
              await world.keepBills([{ customerId, billNo, cycle, netSpendFen: each.spendFen, version }]);
              model.bill(billNo, cycle, each.spendFen);
              billed += 1;
              break;
            }
            case 'accrue':
              await accrue(customerId, day);
              model.accrue();
              break;
            case 'redeem': {
              const key = newId();
              const expected = model.redeem(key, each.points, day);
              for (let i = 0; i < each.times; i += 1) {
                const work = world.redeem(customerId, each.points, { key });
                const outcome = await outcomeOf(work);
                expect(outcome).toBe(expected);
                if (outcome === 'done' && i === 0) redeemed.push((await work).redemptionId);
              }
              break;
            }
            case 'reverse':
              expect(await outcomeOf(world.reverse(redeemed[each.nth] ?? newId()))).toBe(model.reverse(each.nth, day));
              break;
            case 'wait':
              now = new Date(now.getTime() + each.days * 86_400_000);
              break;
            case 'leave':
              await world.close(customerId);
              model.close();
              if (!each.comesBack) break;
              await world.reopen(customerId);
              model.isClosed = false;
          }
        }
        const balance = await world.account.balanceOf(customerId);
        const lots = (await world.account.expiryOf(customerId)).map(({ expiresOn, points }) => [expiresOn, points]);
        expect({ ...balance, lots }).toMatchObject({
          available: model.available,
          debt: model.debt,
          qualifying: model.earned,
          status: model.isClosed ? 'CLOSED' : 'ACTIVE',
          lots: model.filledLots,
        });
        expect(billed).toBe([...versions.values()].reduce((sum, count) => sum + count, 0));
      }),
      { numRuns: LISTS, seed: SEED },
    );
    const proof = await provePoints(world.transaction);
    expect(proof.checks.filter(({ violations }) => violations > 0)).toEqual([]);
    expect(proof.customers).toBeGreaterThan(LISTS / 2);
  });
});
