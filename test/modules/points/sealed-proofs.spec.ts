import { provePoints, type SealedProof } from '../../../src/modules/points/application/proof/prove-points.js';
import { ProofOfTheNight } from '../../../src/modules/points/application/proof/proof-of-the-night.js';
import { closeBooks, rollUpMonth } from '../../../src/modules/points/persistence/money/house-side.js';
import { pointsWorld } from './points-world.js';

const DAY_MS = 86_400_000;

/** What only the owner of the tables can do: the database lets nobody else into a month whose books are closed. */
const OPENED = 'ALTER TABLE points.posting_202602 DROP CONSTRAINT books_are_closed';
const FIRST = '(SELECT customer_id FROM points.journal ORDER BY points DESC LIMIT 1)';

/** A hundred points that were never earned, everywhere the same: no balance contradicts its history. */
const REWRITTEN = [
  OPENED,
  `UPDATE points.posting SET points = points + 100, value_fen = value_fen + 200 WHERE customer_id = ${FIRST} AND debit = 'ISSUED'`,
  `UPDATE points.point_bucket SET remaining = remaining + 100 WHERE customer_id = ${FIRST}`,
  `UPDATE points.point_account SET available = available + 100, lifetime_earned = lifetime_earned + 100 WHERE customer_id = ${FIRST}`,
  `UPDATE points.journal SET available_after = available_after + 100, points = points + CASE kind WHEN 'AWARD' THEN 100 ELSE 0 END
   WHERE customer_id = ${FIRST}`,
  `UPDATE points.gl_day SET points = points + 100, value_fen = value_fen + 200 WHERE debit = 'ISSUED' AND business_date < '2026-03-01'`,
];

describe('proofs that begin with what an earlier one has sealed', () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  let proofs: ProofOfTheNight;
  beforeEach(async () => {
    world = await pointsWorld();
    proofs = new ProofOfTheNight(world.transaction, world.database, world.clock);
    world.clock.set('2026-02-10T10:00:00+08:00');
    const [customerId, other] = [await world.aCustomer(), await world.aCustomer()];
    await world.award(customerId, 5_000);
    await world.award(other, 4_000);
    await world.redeem(customerId, 100);
    world.clock.set('2026-03-02T10:00:00+08:00');
    await world.transaction.run((tx) => closeBooks(tx, '2026-02-01', 'bookkeeper', world.clock.now()));
    await world.transaction.run((tx) => rollUpMonth(tx, '2026-02-01', world.clock.now()));
    world.clock.set('2026-03-04T10:00:00+08:00');
    await world.redeem(customerId, 50);
  });
  afterEach(() => world.db.drop());

  const dayBefore = (): Date => new Date(world.clock.now().getTime() - DAY_MS);
  const everything = (): Promise<SealedProof> => provePoints(world.transaction, { sealBefore: dayBefore() });
  const night = ({ seal }: Pick<SealedProof, 'seal'>): Promise<SealedProof> =>
    provePoints(world.transaction, { since: dayBefore(), seal });
  const failing = ({ checks }: SealedProof): string[] =>
    checks.filter(({ violations }) => violations > 0).map(({ id }) => id);
  const tamper = async (...statements: readonly string[]): Promise<void> => {
    for (const sql of statements) await world.db.query(sql);
  };

  it('[PTS-32] seals months whose books are closed and what was recorded before, and finds as much with it as without', async () => {
    const whole = await everything();
    expect(whole).toMatchObject({ ok: true, customers: 2, postings: 4 });
    expect(whole.seal).toMatchObject({
      openFrom: '2026-03-01',
      recordedFrom: '2026-03-03T02:00:00.000Z',
      sums: { postings: 3 },
    });
    const [customerId] = await world.db.query<{ id: string }>(
      'SELECT customer_id AS id FROM points.point_account LIMIT 1',
    );
    await world.award(customerId?.id ?? '', 70);
    const after = await night(whole);
    expect(after).toMatchObject({ ok: true, customers: 2, postings: 5, seal: whole.seal });
    expect(after.checks.find(({ id }) => id === 'seal')).toMatchObject({ violations: 0, shownBy: 'fingerprint' });
  });

  it('[PTS-32] does not read the past again', async () => {
    const whole = await everything();
    const { seal } = whole;
    if (!seal) throw new Error('nothing was sealed');
    // Ten points more than there are, said of the past: they are believed, and missing among the balances.
    const wrong = { ...seal, sums: { ...seal.sums, books: String(BigInt(seal.sums.books) + 10n) } };
    expect(failing(await night({ seal: wrong }))).toEqual(['seal']);
  });

  it.each([
    ['a bucket filled', 'I2', ['UPDATE points.point_bucket SET remaining = remaining + 5']],
    ['a balance raised', 'I1', ['UPDATE points.point_account SET available = available + 1']],
    ['an account deleted', 'I1', [`DELETE FROM points.point_account WHERE customer_id = ${FIRST}`]],
    [
      'a posting of this month enlarged',
      'I1-entry',
      [`UPDATE points.posting SET points = points + 1, value_fen = value_fen + 2 WHERE business_date >= '2026-03-01'`],
    ],
    ['an entry of this month deleted', 'I4', [`DELETE FROM points.journal WHERE recorded_at >= '2026-03-04'`]],
  ])('[PTS-32] finds %s by %s; the past is as it was', async (_, found, statements) => {
    const whole = await everything();
    await tamper(...statements);
    const proof = await night(whole);
    expect(proof).toMatchObject({ ok: false, seal: undefined });
    expect(failing(proof)).toContain(found);
    expect(failing(proof)).not.toContain('seal');
  });

  it.each([
    [
      'a posting of a closed month enlarged',
      'I1-entry',
      [
        OPENED,
        `UPDATE points.posting SET points = points + 1, value_fen = value_fen + 2 WHERE business_date < '2026-03-01' AND debit = 'ISSUED'`,
      ],
    ],
    [
      'an old entry deleted',
      'I4',
      [`DELETE FROM points.journal WHERE recorded_at < '2026-03-01' AND kind = 'REDEMPTION'`],
    ],
  ])('[PTS-32] leaves it to the proof of everything to find %s', async (_, found, statements) => {
    const whole = await everything();
    await tamper(...statements);
    expect(failing(await night(whole))).toEqual([]);
    expect(failing(await everything())).toContain(found);
  });

  it('[PTS-32] finds a day of a closed month that is rolled up otherwise', async () => {
    const whole = await everything();
    await tamper(`UPDATE points.gl_day SET points = points + 1, value_fen = value_fen + 2 WHERE debit = 'ISSUED'`);
    expect(failing(await night(whole))).toEqual(['seal', 'I8-rolled']);
  });

  it('[PTS-32] finds a past that was rewritten with its balances, which shows in nothing else', async () => {
    const whole = await everything();
    await tamper(...REWRITTEN);
    expect(failing(await night(whole))).toEqual(['seal']);
    expect(await everything()).toMatchObject({ ok: true });
  });

  it('[PTS-32] the proof of the night seals, begins with the seal of the night before, and reads everything on Sundays and after a finding', async () => {
    const seals = async (): Promise<unknown[]> =>
      (await world.database.query<{ seal: unknown }>('SELECT seal FROM points.proof ORDER BY as_of')).map(
        ({ seal }) => seal,
      );
    const nightOf = async (day: string): Promise<boolean> => {
      world.clock.set(`${day}T05:40:00+08:00`);
      await proofs.execute();
      return (await proofs.newest()).ok;
    };
    expect(await nightOf('2026-03-05')).toBe(true); // a Thursday
    expect(await nightOf('2026-03-06')).toBe(true);
    const [first, second] = await seals();
    expect(first).toMatchObject({ openFrom: '2026-03-01' });
    expect(second).toEqual(first);
    await tamper(...REWRITTEN);
    expect(await nightOf('2026-03-07')).toBe(false);
    expect((await proofs.newest()).checks.filter(({ violations }) => violations > 0)).toMatchObject([{ id: 'seal' }]);
    expect(await nightOf('2026-03-08')).toBe(true);
    expect((await seals()).at(-1)).not.toEqual(first);
    expect(await proofs.newest()).toMatchObject({ since: undefined });
  });
});
