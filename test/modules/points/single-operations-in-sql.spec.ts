import fc from 'fast-check';
import { award } from '../../../src/modules/points/domain/ledger/award.js';
import {
  type LedgerAccount,
  movedInto,
  POINTS_TYPES,
  type Posting,
} from '../../../src/modules/points/domain/ledger/ledger.js';
import { redeem } from '../../../src/modules/points/domain/ledger/redemption.js';
import type { Posted } from '../../../src/modules/points/persistence/ledger/single-operations.js';
import { newId } from '../../../src/platform/database/index.js';
import { Refusal } from '../../../src/platform/errors/index.js';
import { keepCustomers } from '../customers/facts.js';
import { pointsWorld } from './points-world.js';
import { SEED } from '../../support/seed.js';

const SAMPLES = 250;
const DAY = '2026-02-01';
const JOIN_ABOVE = 3_500;

const bucket = fc.record({
  expires_on: fc.constantFrom('2026-01-31', '2026-02-01', '2026-02-28', '2029-01-31', 'infinity'),
  points_type: fc.constantFrom(...POINTS_TYPES),
  funder_id: fc.constantFrom('OPERATOR', 'partner'),
  remaining: fc.integer({ min: 0, max: 500 }),
});
const situation = fc.record({
  buckets: fc.uniqueArray(bucket, { maxLength: 6, selector: (b) => `${b.expires_on} ${b.points_type} ${b.funder_id}` }),
  owed: fc.integer({ min: 0, max: 400 }),
  lifetimeEarned: fc.constantFrom(0, 3_500, 3_501, 9_000),
  status: fc.constantFrom('ACTIVE', 'ACTIVE', 'ACTIVE', 'CLOSED'),
  isFrozen: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  isSuspended: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  hasRealName: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  points: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 800 }) },
    { weight: 1, arbitrary: fc.constant(0) },
  ),
  classes: fc.option(fc.subarray([...POINTS_TYPES], { minLength: 1 }), { nil: undefined }),
  pointsType: fc.constantFrom(...POINTS_TYPES),
});

describe(`operations of the ledger in SQL beside the rules that they follow (seed ${SEED})`, () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  beforeAll(async () => {
    world = await pointsWorld();
  });
  afterAll(() => world.db.drop());

  async function anAccount(of: Situation): Promise<LedgerAccount> {
    const customerId = newId();
    const available = of.buckets.reduce((sum, { remaining }) => sum + remaining, 0);
    await keepCustomers(world.db, [
      { customerId, status: of.isSuspended ? 'suspended' : 'active', realName: of.hasRealName },
    ]);
    await world.db.query(
      `INSERT INTO points.point_account (customer_id, available, debt, lifetime_earned, status, frozen_reason)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [
        customerId,
        available,
        available === 0 ? of.owed : 0,
        of.lifetimeEarned,
        of.status,
        of.isFrozen ? 'fraud' : null,
      ],
    );
    await world.db.query(
      `INSERT INTO points.point_bucket SELECT * FROM jsonb_populate_recordset(NULL::points.point_bucket, $1::jsonb)`,
      [JSON.stringify(of.buckets.map((each) => ({ ...each, customer_id: customerId, held: 0 })))],
    );
    return read(customerId);
  }

  const read = async (customerId: string): Promise<LedgerAccount> =>
    (await world.transaction.run((tx) => world.ledger.lock(tx, { customerId, idemKey: '-', day: DAY }))).account;

  const asked = (customerId: string) => {
    const now = world.clock.now();
    return {
      ...{ customerId, journalId: newId(), idemKey: newId(), requestHash: '-' },
      ...{ occurredAt: now, recordedAt: now, businessDate: DAY },
    };
  };

  /** Postings, or the refusal with its facts. */
  const told = async (work: () => Promise<readonly Posting[]>): Promise<unknown> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refusal) return { code: error.code, facts: error.facts };
      throw error;
    }
  };
  const postingsOf = ({ entry }: Posted) => world.transaction.run((tx) => world.ledger.postingsOf(tx, entry));

  /** What an account is after postings, and what the server made of it. */
  async function expectMoved(before: LedgerAccount, postings: unknown): Promise<void> {
    const moved = Array.isArray(postings) ? (postings as Posting[]) : [];
    const after = await read(before.customerId);
    expect(after).toMatchObject({
      available: before.available + movedInto('CUST_AVAILABLE', moved),
      held: before.held + movedInto('CUST_HELD', moved),
      debt: before.debt - movedInto('CUST_DEBT', moved),
      version: before.version + (moved.length > 0 ? 1 : 0),
    });
    expect(after.buckets.reduce((sum, { remaining }) => sum + remaining, 0)).toBe(after.available);
  }

  it('[PTS-01] spend what the rules of redeeming say, or refuse as they do', async () => {
    let spent = 0;
    await fc.assert(
      fc.asyncProperty(situation, async (of) => {
        const account = await anAccount(of);
        const { points, classes, isSuspended, hasRealName } = of;
        const usable = account.buckets.filter(({ pointsType }) => !classes || classes.includes(pointsType));
        const request = { points, purpose: 'GOODS', day: DAY, isSuspended, hasRealName } as const;
        const expected = await told(() =>
          Promise.resolve().then(() => redeem({ ...account, buckets: usable }, { joinAbove: JOIN_ABOVE }, request)),
        );
        const actual = await told(async () =>
          postingsOf(
            await world.single.spend(world.transaction, {
              ...asked(account.customerId),
              ...{ kind: 'REDEMPTION', points, into: 'REDEEMED_GOODS', classes },
            }),
          ),
        );
        expect(actual).toEqual(expected);
        await expectMoved(account, expected);
        if (Array.isArray(expected)) spent += 1;
      }),
      { numRuns: SAMPLES, seed: SEED },
    );
    expect(spent).toBeGreaterThan(SAMPLES / 50);
  });

  it('[PTS-01] give what the rules of awarding say, a debt first, or refuse as they do', async () => {
    let repaid = 0;
    await fc.assert(
      fc.asyncProperty(situation, async (of) => {
        const account = await anAccount(of);
        const lot = { expiresOn: '2029-02-28', pointsType: of.pointsType, funderId: 'OPERATOR' };
        const { points, hasRealName } = of;
        const expected = await told(() => Promise.resolve().then(() => award(account, { points, lot, hasRealName })));
        const actual = await told(async () =>
          postingsOf(
            await world.single.earn(world.transaction, {
              ...asked(account.customerId),
              ...{ kind: 'AWARD', points, lot, from: 'ISSUED' },
            }),
          ),
        );
        expect(actual).toEqual(expected);
        await expectMoved(account, expected);
        if (Array.isArray(expected) && expected.length > 1) repaid += 1;
      }),
      { numRuns: SAMPLES, seed: SEED },
    );
    expect(repaid).toBeGreaterThan(0);
  });
});

type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never;
