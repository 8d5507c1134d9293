import fc from 'fast-check';
import { provePoints } from '../../../src/modules/points/application/proof/prove-points.js';
import { accrueFromBills } from '../../../src/modules/points/persistence/earning/accrue-from-bills.js';
import { businessDate } from '../../../src/platform/clock/index.js';
import { newId } from '../../../src/platform/database/index.js';
import { Refusal } from '../../../src/platform/errors/index.js';
import { LedgerModel } from './ledger-model.js';
import { pointsWorld } from './points-world.js';
import { SEED } from '../../support/seed.js';

const LISTS = Number(process.env['POINTS_LISTS'] ?? 200);
const CYCLES = ['2025-10', '2025-11', '2025-12', '2026-01'] as const;
const CUSTOMERS = 2;
const DAY_MS = 86_400_000;
/** The books that so many lists have left are proven at once. */
const LISTS_PER_PROOF = 5;
/** Last and first moments of points years, and the days about 29 February (UTC+8). */
const BORDERS = [2026, 2027, 2028, 2029]
  .flatMap((year) => [
    `${year}-02-28T23:59:59+08:00`,
    ...(year === 2028 ? ['2028-02-29T12:00:00+08:00'] : []),
    `${year}-03-01T00:00:00+08:00`,
    `${year}-11-30T23:59:59+08:00`,
    `${year}-12-01T00:00:00+08:00`,
  ])
  .map((instant) => new Date(instant));

const who = fc.nat(CUSTOMERS - 1);
const nth = fc.nat(8);
const commandOf = <Does extends string, More extends object>(does: Does, weight: number, more: fc.Arbitrary<More>) => ({
  weight,
  arbitrary: fc.tuple(who, more).map(([who, rest]): { does: Does; who: number } & More => ({ ...rest, does, who })),
});
const nothing = fc.constant({});
const command = fc.oneof(
  commandOf(
    'award',
    3,
    fc.record({
      points: fc.integer({ min: 1, max: 4_000 }),
      pointsType: fc.constantFrom('SPENDING' as const, 'SPENDING' as const, 'PROMOTION' as const, 'GIFT' as const),
    }),
  ),
  commandOf('bill', 4, fc.record({ nth: fc.nat(5), spendFen: fc.integer({ min: -5_000, max: 250_000 }) })),
  commandOf('accrue', 3, nothing),
  commandOf('redeem', 5, fc.record({ points: fc.integer({ min: 1, max: 3_000 }) })),
  commandOf('reverse', 3, fc.record({ nth })),
  commandOf('authorise', 4, fc.record({ points: fc.integer({ min: 1, max: 3_000 }) })),
  commandOf('capture', 3, fc.record({ nth, points: fc.integer({ min: 1, max: 3_000 }) })),
  commandOf('let go', 2, fc.record({ nth, as: fc.constantFrom('VOIDED' as const, 'EXPIRED' as const) })),
  commandOf('say again', 4, fc.record({ nth: fc.nat(30) })),
  commandOf('say something else under the same key', 1, fc.record({ nth: fc.nat(30) })),
  commandOf('wait', 2, fc.record({ days: fc.integer({ min: 1, max: 300 }) })),
  commandOf('wait for a border', 1, nothing),
  commandOf('freeze', 1, fc.record({ isFrozen: fc.boolean() })),
  commandOf('leave', 1, fc.record({ comesBack: fc.boolean() })),
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
        to: justAfter(customerId),
        firstCycle: '2025-01-01',
        lastCycle: '2026-12-01',
        businessDate: day,
        recordedAt: world.clock.now(),
        runId: newId(),
      }),
    );

  const ledgerSays = async (customerId: string) => {
    const [account] = await world.db.query(
      `SELECT a.available, a.held, a.debt, a.lifetime_earned AS earned, a.status, (
         SELECT COALESCE(jsonb_agg(jsonb_build_array(expires_on || ' ' || array_position(enum_range(points_type), points_type) - 1, remaining)
           ORDER BY expires_on, points_type), '[]')
         FROM points.point_bucket b WHERE b.customer_id = a.customer_id AND remaining > 0) AS lots
       FROM points.point_account a WHERE customer_id = $1`,
      [customerId],
    );
    return account ?? { available: 0, held: 0, debt: 0, earned: 0, status: 'ACTIVE', lots: [] };
  };
  const modelSays = (model: LedgerModel) => ({
    available: model.available,
    held: model.held,
    debt: model.debt,
    earned: model.earned,
    status: model.isClosed ? 'CLOSED' : 'ACTIVE',
    lots: model.filledLots,
  });

  it(`[PTS-01] ${LISTS} lists leave the accounts as a naive model says after every command, and a ledger that proves them`, async () => {
    let [lists, entries] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 30 }), async (commands) => {
        const customers = [];
        for (let i = 0; i < CUSTOMERS; i += 1) {
          const customerId = await world.aCustomer();
          customers.push({
            customerId,
            model: new LedgerModel(),
            redemptions: [] as { key: string; id: string }[],
            holds: [] as string[],
            versions: new Map<number, number>(),
            /** What was done under a key: the same again, and something else. */
            said: [] as { same: () => Promise<unknown>; other: () => Promise<unknown> }[],
          });
        }
        let now = new Date('2026-02-01T10:00:00+08:00');
        for (const each of commands) {
          const customer = customers[each.who];
          if (!customer) continue;
          const { customerId, model, redemptions, holds, versions, said } = customer;
          world.clock.set(now.toISOString());
          const day = businessDate(now);
          const asked = (key: string, points = 0) => ({
            ...{ customerId, journalId: newId(), idemKey: key, requestHash: String(points) },
            ...{ occurredAt: now, recordedAt: now, businessDate: day },
          });
          switch (each.does) {
            case 'award': {
              const reference = newId();
              const award = (points: number) =>
                world.transaction.run((tx) =>
                  world.facade.award(tx, {
                    ...{
                      customerId,
                      points,
                      pointsType: each.pointsType,
                      funderId: 'OPERATOR',
                      reference,
                      actorId: 'tester',
                    },
                  }),
                );
              const expected = model.award(each.points, each.pointsType, day);
              expect(await outcomeOf(award(each.points))).toBe(expected);
              if (expected === 'done')
                said.push({ same: () => award(each.points), other: () => award(each.points + 1) });
              break;
            }
            case 'bill': {
              const version = (versions.get(each.nth) ?? 0) + 1;
              const cycle = CYCLES[each.nth % CYCLES.length] ?? '2025-10';
              versions.set(each.nth, version);
              const billNo = `B${each.nth}`;
              await world.keepBills([{ customerId, billNo, cycle, netSpendFen: each.spendFen, version }]);
              model.bill(billNo, cycle, each.spendFen);
              break;
            }
            case 'accrue':
              await accrue(customerId, day);
              model.accrue(day);
              break;
            case 'redeem': {
              const key = newId();
              const redeem = (points: number) => world.redeem(customerId, points, { key });
              const expected = model.redeem(key, each.points, day);
              const work = redeem(each.points);
              expect(await outcomeOf(work)).toBe(expected);
              if (expected !== 'done') break;
              redemptions.push({ key, id: (await work).redemptionId });
              said.push({ same: () => redeem(each.points), other: () => redeem(each.points + 1) });
              break;
            }
            case 'reverse': {
              const { id, key } = redemptions[each.nth] ?? { id: newId(), key: '' };
              expect(await outcomeOf(world.reverse(id))).toBe(model.reverse(key, day));
              break;
            }
            case 'authorise': {
              const holdId = newId();
              const expiresAt = new Date(now.getTime() + 900_000);
              const authorise = (points: number) =>
                world.single.authorise(world.transaction, {
                  ...asked(`hold:${holdId}`, points),
                  ...{ points, holdId, purpose: 'POS', expiresAt },
                });
              const expected = model.authorise(holdId, each.points, day);
              expect(await outcomeOf(authorise(each.points))).toBe(expected);
              if (expected !== 'done') break;
              holds.push(holdId);
              said.push({ same: () => authorise(each.points), other: () => authorise(each.points + 1) });
              break;
            }
            case 'capture': {
              // Also of what was never held, or has ended: messages come in any order.
              const holdId = holds[each.nth] ?? newId();
              const key = `capture:${newId()}`;
              const capture = (points: number) =>
                world.single.capture(world.transaction, {
                  ...asked(key, points),
                  points,
                  holdId,
                  into: 'REDEEMED_GOODS',
                });
              const expected = model.endHold(holdId, each.points);
              expect(await outcomeOf(capture(each.points))).toBe(expected);
              if (expected === 'done')
                said.push({ same: () => capture(each.points), other: () => capture(each.points + 1) });
              break;
            }
            case 'let go': {
              const holdId = holds[each.nth] ?? newId();
              const key = `release:${newId()}`;
              const release = (n: number) =>
                world.single.release(world.transaction, { ...asked(key, n), holdId, as: each.as });
              const expected = model.endHold(holdId, 0);
              expect(await outcomeOf(release(0))).toBe(expected);
              if (expected === 'done') said.push({ same: () => release(0), other: () => release(1) });
              break;
            }
            case 'say again': {
              const again = said[each.nth % Math.max(said.length, 1)];
              if (again) expect(await outcomeOf(again.same())).toBe('done');
              break;
            }
            case 'say something else under the same key': {
              const again = said[each.nth % Math.max(said.length, 1)];
              if (again) expect(await outcomeOf(again.other())).toBe('points.key-reused');
              break;
            }
            case 'wait':
              now = new Date(now.getTime() + each.days * DAY_MS);
              break;
            case 'wait for a border':
              now = BORDERS.find((border) => border > now) ?? now;
              break;
            case 'freeze':
              await world.db.query('UPDATE points.point_account SET frozen_reason = $2 WHERE customer_id = $1', [
                customerId,
                each.isFrozen ? 'fraud' : null,
              ]);
              model.isFrozen = each.isFrozen && (await hasAccount(customerId));
              break;
            case 'leave':
              await world.close(customerId);
              model.close();
              if (!each.comesBack) break;
              await world.reopen(customerId);
              model.isClosed = false;
          }
          expect({ after: each, ...(await ledgerSays(customerId)) }).toEqual({ after: each, ...modelSays(model) });
        }
        for (const { customerId, model } of customers) {
          const { earnedThisPointsYear, pointsYear } = await world.account.balanceOf(customerId);
          expect({ pointsYear, earnedThisPointsYear }).toEqual({
            pointsYear,
            earnedThisPointsYear: model.issuedIn(pointsYear),
          });
        }
        lists += 1;
        if (lists % LISTS_PER_PROOF === 0) entries += await provenEntries();
      }),
      { numRuns: LISTS, seed: SEED },
    );
    expect(entries + (await provenEntries())).toBeGreaterThan(LISTS);
  }, 7_200_000);

  const hasAccount = async (customerId: string): Promise<boolean> =>
    (await world.db.query('SELECT FROM points.point_account WHERE customer_id = $1', [customerId])).length > 0;

  /** What is proven makes room for the next lists. */
  async function provenEntries(): Promise<number> {
    const proof = await provePoints(world.transaction);
    expect(proof.checks.filter(({ violations }) => violations > 0)).toEqual([]);
    expect(proof.ok).toBe(true);
    for (const table of ['posting', 'journal', 'point_hold', 'point_bucket', 'point_account']) {
      await world.db.query(`DELETE FROM points.${table}`);
    }
    return proof.postings;
  }
});

/** Slices end before their `to`. */
const justAfter = (id: string): string =>
  (BigInt(`0x${id.replaceAll('-', '')}`) + 1n)
    .toString(16)
    .padStart(32, '0')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
