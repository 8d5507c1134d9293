import { newId } from '../../../src/platform/database/index.js';
import { provePoints } from '../../../src/modules/points/application/proof/prove-points.js';
import { ledgerOf, pointsWorld, wiredTo } from './points-world.js';

describe('points of bills that were corrected after their month was closed', () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  beforeEach(async () => {
    world = await pointsWorld();
  });
  afterEach(async () => {
    const proof = await provePoints(world.transaction);
    expect(proof.checks.filter(({ violations }) => violations > 0)).toEqual([]);
    await world.db.drop();
  });

  const balance = async (customerId: string) => {
    const { available, debt } = await world.account.balanceOf(customerId);
    return { available, debt };
  };
  /** Journal and postings, byte for byte. */
  const history = async (): Promise<string[]> => {
    const journal = await world.db.query<{ line: string }>(
      `SELECT j::text AS line FROM points.journal j ORDER BY customer_id, account_version`,
    );
    const postings = await world.db.query<{ line: string }>(
      `SELECT p::text AS line FROM points.posting p ORDER BY customer_id, business_date, journal_id, line`,
    );
    return [...journal, ...postings].map(({ line }) => line);
  };

  it('[promise 8] are taken back by a negative entry that names the intake; what is written stays', async () => {
    const [corrected, other] = (await world.aCrowd([60_000, 20_000])) as [string, string];
    await world.accrue('2025-12');
    const before = await history();

    const intakeId = await world.keepLateBills([
      { customerId: corrected, billNo: '2025-12-0', version: 2, netSpendFen: 45_000 },
    ]);
    const run = await world.correct(intakeId);
    expect(run).toMatchObject({ status: 'completed', counts: { bills: 1, takenBack: 150 } });
    expect(run.progress.customersTotal).toBe(1);
    expect([await balance(corrected), await balance(other)]).toEqual([
      { available: 450, debt: 0 },
      { available: 200, debt: 0 },
    ]);
    const after = await history();
    expect(after.filter((line) => before.includes(line))).toEqual(before);
    expect(await world.db.query(`SELECT kind, points, metadata FROM points.journal WHERE run_id = $1`, [run.runId])).toEqual([
      {
        kind: 'EARN_CORRECTION',
        points: -150,
        metadata: {
          cycle: '2025-12', version: 2, netSpendInFen: 45_000, tier: 'ORDINARY', shouldEarn: 450, earnedBefore: 600, intakeId,
        },
      },
    ]); // prettier-ignore
    expect(await world.db.query(`SELECT payload FROM platform.outbox WHERE name = 'points.PointsCorrected'`)).toEqual([
      { payload: { runId: run.runId, intakeId } },
    ]);
  });

  it('[promise 8] that were redeemed become a debt, which the next bill repays', async () => {
    const [customerId] = (await world.aCrowd([400_000])) as [string];
    await world.accrue('2025-12');
    await world.redeem(customerId, 3_900);
    const redeemed = await history();

    const intakeId = await world.keepLateBills([{ customerId, billNo: '2025-12-0', version: 2, netSpendFen: 380_000 }]);
    await world.correct(intakeId);
    expect(await balance(customerId)).toEqual({ available: 0, debt: 100 });
    expect((await history()).filter((line) => redeemed.includes(line))).toEqual(redeemed);

    await world.keepBills([{ customerId, billNo: 'next', cycle: '2026-01', netSpendFen: 30_000 }]);
    await world.accrue('2026-01');
    expect(await balance(customerId)).toEqual({ available: 200, debt: 0 });
  });

  it('[promise 5] touch the months of the intake only, and earn what a bill that came late should', async () => {
    const [customerId] = (await world.aCrowd([60_000])) as [string];
    await world.accrue('2025-12');
    const late = await world.keepLateBills([{ customerId, billNo: 'late', cycle: '2025-11', netSpendFen: 10_000 }]);
    // Not late, and of another month: it waits for the run of its month.
    await world.keepBills([{ customerId, billNo: 'open', cycle: '2026-01', netSpendFen: 9_900 }]);
    expect(await world.correct(late)).toMatchObject({ counts: { bills: 1, points: 100 } });
    expect(await balance(customerId)).toEqual({ available: 700, debt: 0 });
  });

  it('[promise 5] are put right once: by the same run, by another, and by the run of the month', async () => {
    const [customerId] = (await world.aCrowd([60_000])) as [string];
    await world.accrue('2025-12');
    const intakeId = await world.keepLateBills([{ customerId, billNo: '2025-12-0', version: 2, netSpendFen: 45_000 }]);
    const first = await world.correct(intakeId);
    const once = await ledgerOf(world.db);
    expect((await world.correct(intakeId)).runId).toBe(first.runId);
    expect(await world.correct(`${intakeId}.2`)).toMatchObject({ counts: { bills: 0, takenBack: 0 } });
    expect(await world.accrue('2026-01')).toMatchObject({ counts: { bills: 0, takenBack: 0 } });
    expect(await ledgerOf(world.db)).toEqual(once);
  });

  it('[promise 8] race with redemptions, the run of the month and themselves, and end the same', async () => {
    const spends = Array.from({ length: 60 }, (_, i) => 400_000 + i * 100);
    const crowd = await world.aCrowd(spends);
    await world.accrue('2025-12');
    const intakeId = await world.keepLateBills(
      crowd.map((customerId, i) => ({ customerId, billNo: `2025-12-${i}`, version: 2, netSpendFen: 10_000 })),
    );
    const elsewhere = wiredTo(await world.db.dataSource(), world.clock);
    const redemptions = await Promise.all([
      ...crowd.map((customerId) =>
        elsewhere.redeem(customerId, 3_900).then(
          () => 3_900,
          () => 0,
        ),
      ),
      world.correct(intakeId).then(() => 0),
      elsewhere.correct(`${intakeId}.2`).then(() => 0),
      elsewhere.accrue('2026-01').then(() => 0),
    ]);
    const proofs = await Promise.all(crowd.map(balance));
    // Whoever redeemed first owes; whoever was corrected first could not redeem. Either way the bill earned 100.
    expect(proofs.map(({ available, debt }, i) => available - debt + (redemptions[i] ?? 0))).toEqual(
      crowd.map(() => 100),
    );
    const kinds = await world.db.query<{ kind: string; n: number }>(
      `SELECT kind, count(*) AS n FROM points.journal WHERE kind IN ('EARN', 'EARN_CORRECTION') GROUP BY kind ORDER BY kind`,
    );
    expect(kinds).toEqual([
      { kind: 'EARN', n: 60 },
      { kind: 'EARN_CORRECTION', n: 60 },
    ]);
  });

  it('refuses a key that is no intake', async () => {
    expect(await world.correct('2025-12').catch((error: unknown) => error)).toMatchObject({ status: 'failed' });
    expect(await world.correct(newId())).toMatchObject({ status: 'completed', counts: {} });
  });
});
