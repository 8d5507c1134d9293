import fc from 'fast-check';
import type { Caller, Posted } from '../../../src/modules/points/persistence/ledger/single-operations.js';
import { withinBudget } from '../../../src/modules/points/persistence/money/budgets.js';
import { newId } from '../../../src/platform/database/index.js';
import { SEED } from '../../support/seed.js';
import { provePoints } from '../../../src/modules/points/application/proof/prove-points.js';
import { askedOf, keepAccount, type Situation, situation, told } from './account-situations.js';
import { pointsWorld } from './points-world.js';

const AT_ONCE = 20;
const TIMES = 12;

describe(`operations that share a transaction (seed ${SEED})`, () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  beforeEach(async () => {
    world = await pointsWorld();
  });
  afterEach(() => world.db.drop());

  const alone = (): Caller => ({
    prepared: (statement, params) => world.transaction.run((tx) => tx.prepared(statement, params)),
  });

  type Operation = (on: Caller, customerId: string, of: Situation) => Promise<Posted>;
  const holds = new Map<string, string>();
  const earn: Operation = (on, customerId, { points, pointsType }) =>
    world.single.earn(on, {
      ...askedOf(world, customerId),
      ...{ kind: 'AWARD', points, from: 'ISSUED', lot: { pointsType, funderId: 'OPERATOR' }, event: 'PointsEarned' },
    });
  const spend: Operation = (on, customerId, { points, classes }) =>
    world.single.spend(on, {
      ...askedOf(world, customerId),
      ...{ kind: 'REDEMPTION', points, into: 'REDEEMED_GOODS', classes },
    });
  const authorise: Operation = (on, customerId, { points, classes }) => {
    const holdId = newId();
    holds.set(customerId, holdId);
    return world.single.authorise(on, {
      ...askedOf(world, customerId),
      ...{ holdId, purpose: 'POS', points, classes, expiresAt: world.clock.now() },
    });
  };
  const held = (customerId: string): string => holds.get(customerId) ?? newId();
  const capture: Operation = (on, customerId, { points }) =>
    world.single.capture(on, {
      ...askedOf(world, customerId),
      ...{ holdId: held(customerId), points: Math.ceil(points / 2), into: 'POS_CLEARING', event: 'PointsMoved' },
    });
  const release: Operation = (on, customerId) =>
    world.single.release(on, { ...askedOf(world, customerId), holdId: held(customerId), as: 'VOIDED' });

  const OPERATIONS: readonly (readonly [name: string, operation: Operation])[] = [
    ['earn', earn],
    ['spend', spend],
    ['spend within budgets', (on, ...asked) => spend(withinBudget(on, 'GOODS'), ...asked)],
    ['authorise', authorise],
    ['capture', capture],
    ['authorise within budgets', (on, ...asked) => authorise(withinBudget(on, 'PAYMENT'), ...asked)],
    ['release', release],
  ];

  /** All that is stored of a customer, without ids. */
  const stored = async (customerId: string): Promise<unknown> =>
    world.db.query(
      `SELECT to_jsonb(a) - 'customer_id' AS account,
         (SELECT jsonb_agg(to_jsonb(b) - 'customer_id' ORDER BY expires_on, points_type, funder_id) FROM points.point_bucket b
          WHERE b.customer_id = a.customer_id AND (b.remaining > 0 OR b.held > 0)) AS lots,
         (SELECT jsonb_agg(to_jsonb(j) - ARRAY['customer_id', 'journal_id', 'idem_key'] ORDER BY account_version) FROM points.journal j
          WHERE j.customer_id = a.customer_id) AS entries,
         (SELECT jsonb_agg(to_jsonb(h) - ARRAY['customer_id', 'hold_id', 'authorised_by', 'ended_by'] ORDER BY points) FROM points.point_hold h
          WHERE h.customer_id = a.customer_id) AS holds,
         (SELECT count(*) FROM platform.outbox o WHERE o.customer_id = a.customer_id) AS events
       FROM points.point_account a WHERE a.customer_id = $1`,
      [customerId],
    );

  const withPoints = async (): Promise<string[]> => {
    const customers = await world.aCrowd(Array.from({ length: AT_ONCE }, () => 500_000));
    await world.accrue('2025-12');
    return customers;
  };

  it('[PTS-01] come to what each of them alone comes to', async () => {
    let shared = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(situation, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (situations) => {
        const pairs = await Promise.all(
          situations.map(async (of) => ({
            of,
            one: await keepAccount(world.db, of),
            other: await keepAccount(world.db, of),
          })),
        );
        for (const [name, operation] of OPERATIONS) {
          const ask = (on: Caller, customerId: string, of: Situation) =>
            told(async () => {
              const { entry } = await operation(on, customerId, of);
              const postings = await world.transaction.run((tx) => world.ledger.postingsOf(tx, entry));
              return [...postings, entry.availableAfter] as never;
            });
          const apart = [];
          for (const { of, one } of pairs) apart.push(await ask(alone(), one, of));
          const together = await Promise.all(pairs.map(({ of, other }) => ask(world.transaction, other, of)));
          expect([name, together]).toEqual([name, apart]);
          for (const { one, other } of pairs) expect(await stored(other)).toEqual(await stored(one));
        }
        const [{ entries = 0, transactions = 0 } = {}] = await world.db.query<{
          entries: number;
          transactions: number;
        }>(
          `SELECT count(*)::int AS entries, count(DISTINCT xmin::text)::int AS transactions FROM points.journal WHERE customer_id = ANY($1)`,
          [pairs.map(({ other }) => other)],
        );
        shared += entries - transactions;
      }),
      { numRuns: TIMES, seed: SEED },
    );
    expect(shared).toBeGreaterThan((AT_ONCE * TIMES) / 2);
  });

  it('[PTS-01] know a key that comes twice at the same moment, and refuse another request under it', async () => {
    const customers = await withPoints();
    const requests = customers.map((customerId) => ({
      ...askedOf(world, customerId),
      ...({ kind: 'REDEMPTION', points: 100, into: 'REDEEMED_GOODS' } as const),
    }));
    const answers = await Promise.all(
      [...requests, ...requests].map((request) =>
        world.single.spend(world.transaction, { ...request, journalId: newId() }),
      ),
    );
    expect(answers.filter(({ isRepeated }) => isRepeated)).toHaveLength(AT_ONCE);
    const others = await Promise.allSettled(
      requests.map((request) =>
        world.single.spend(world.transaction, { ...request, journalId: newId(), requestHash: 'other' }),
      ),
    );
    expect(others.map(({ status }) => status)).toEqual(requests.map(() => 'rejected'));
    expect((await provePoints(world.transaction)).ok).toBe(true);
  });

  it('[PTS-01] go on beside one whose account somebody holds', async () => {
    const customers = await withPoints();
    const [held = '', ...others] = customers;
    const spend = (customerId: string) =>
      world.single.spend(world.transaction, {
        ...askedOf(world, customerId),
        kind: 'REDEMPTION',
        points: 100,
        into: 'REDEEMED_GOODS',
      });
    let waiting: Promise<Posted> | undefined;
    await world.transaction.run(async (tx) => {
      await tx.query('SELECT FROM points.point_account WHERE customer_id = $1 FOR NO KEY UPDATE', [held]);
      waiting = spend(held);
      const done = await Promise.all(others.map(spend));
      expect(done).toHaveLength(others.length);
      expect(await world.db.query('SELECT FROM points.journal WHERE customer_id = $1 AND points < 0', [held])).toEqual(
        [],
      );
    });
    expect((await waiting)?.entry.points).toBe(-100);
  });
});
