import fc from 'fast-check';
import { award } from '../../../src/modules/points/domain/ledger/award.js';
import { type LedgerAccount, movedInto, type Posting } from '../../../src/modules/points/domain/ledger/ledger.js';
import { redeem } from '../../../src/modules/points/domain/ledger/redemption.js';
import type { Posted } from '../../../src/modules/points/persistence/ledger/single-operations.js';
import { askedOf, DAY, keepAccount, type Situation, situation, told } from './account-situations.js';
import { pointsWorld } from './points-world.js';
import { SEED } from '../../support/seed.js';

const SAMPLES = 250;
const JOIN_ABOVE = 3_500;

describe(`operations of the ledger in SQL beside the rules that they follow (seed ${SEED})`, () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  beforeAll(async () => {
    world = await pointsWorld();
  });
  afterAll(() => world.db.drop());

  const anAccount = async (of: Situation): Promise<LedgerAccount> => read(await keepAccount(world.db, of));

  const read = async (customerId: string): Promise<LedgerAccount> =>
    (await world.transaction.run((tx) => world.ledger.lock(tx, { customerId, idemKey: '-', day: DAY }))).account;

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
              ...askedOf(world, account.customerId),
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
              ...askedOf(world, account.customerId),
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
