import { lotOf, moneyWorld } from './money-world.js';

describe('what the points are a liability of', () => {
  let world: Awaited<ReturnType<typeof moneyWorld>>;

  beforeEach(async () => {
    world = await moneyWorld();
  });
  afterEach(() => world.db.drop());

  const on = (day: string): void => world.clock.set(`${day}T10:00:00+08:00`);

  /** Everything that can happen to points, over two months and two provinces. */
  async function everything(): Promise<void> {
    const [one, two, leaver, debtor] = [
      await world.aCustomerOf('440000'),
      await world.aCustomerOf('450000'),
      await world.aCustomerOf('440000'),
      await world.aCustomerOf('440000'),
    ];
    on('2026-01-10');
    for (const customerId of [one, two, leaver]) await world.award(customerId, 5_000);
    await world.post(two, 'GIFT', [
      { debit: 'ISSUED', credit: 'CUST_AVAILABLE', points: 700, lot: lotOf('2026-02-28', 'GIFT') },
    ]);
    await world.post(one, 'AWARD', [
      { debit: 'ISSUED', credit: 'CUST_AVAILABLE', points: 300, lot: lotOf('infinity', 'PROMOTION', 'PARTNER-7') },
    ]);
    await world.keepBills([{ customerId: debtor, billNo: 'D', netSpendFen: 400_000, cycle: '2025-12' }]);
    await world.accrue('2025-12', '2026-01-10');
    on('2026-02-05');
    await world.redeem(one, 4_400, { purpose: 'SERVICE' });
    await world.redeem(debtor, 3_900);
    await world.keepBills([{ customerId: debtor, billNo: 'D', netSpendFen: 300_000, cycle: '2025-12', version: 2 }]);
    await world.accrue('2026-01', '2026-02-06');
    await world.award(debtor, 250);
    await world.post(two, 'ADJUSTMENT', [
      { debit: 'CUST_AVAILABLE', credit: 'ADJUSTED', points: 60, lot: lotOf('2029-01-31') },
    ]);
    await world.post(two, 'TRANSFER_OUT', [
      { debit: 'CUST_AVAILABLE', credit: 'IN_TRANSIT', points: 40, lot: lotOf('2029-01-31') },
    ]);
    await world.post(one, 'TRANSFER_IN', [
      { debit: 'IN_TRANSIT', credit: 'CUST_AVAILABLE', points: 40, lot: lotOf('2029-01-31') },
    ]);
    await world.post(two, 'AUTHORISATION', [
      { debit: 'CUST_AVAILABLE', credit: 'CUST_HELD', points: 90, lot: lotOf('2029-01-31') },
    ]);
    await world.close(leaver);
    on('2026-03-02');
    await world.post(two, 'EXPIRY', [
      { debit: 'CUST_AVAILABLE', credit: 'BREAKAGE', points: 700, lot: lotOf('2026-02-28', 'GIFT') },
    ]);
    await world.books.rollUp();
  }

  const outstanding = async (): Promise<number> =>
    (await world.db.query<{ points: number }>(
      'SELECT sum(available + held + pending - debt)::bigint AS points FROM points.point_account',
    ))[0]?.points ?? 0; // prettier-ignore

  it('[PTS-32] rolls forward from one month to the next, and closes with what customers have, to the point', async () => {
    await everything();
    const months = await Promise.all(['2026-01', '2026-02', '2026-03'].map((month) => world.liability.ofMonth(month)));
    for (const { lines, closing } of months) {
      for (const l of lines) {
        expect(l.closing).toBe(
          l.opening + l.issued - l.redeemed - l.expired + l.adjusted + l.transferred - l.forfeited + l.settled,
        );
      }
      expect(lines.reduce((sum, line) => sum + line.closing, 0)).toBe(closing);
    }
    const lastLines = months.map(({ lines }) => new Map(lines.map((l) => [`${l.pointsType} ${l.funderId}`, l])));
    for (const [i, lines] of lastLines.slice(1).entries()) {
      for (const [key, line] of lines) expect([key, line.opening]).toEqual([key, lastLines[i]?.get(key)?.closing ?? 0]);
    }
    expect(months.at(-1)?.closing).toBe(await outstanding());
    expect(months.at(-1)?.closing).toBe((await world.facade.totals()).outstanding);

    const [february] = months.slice(1);
    expect(february?.lines.find(({ pointsType }) => pointsType === 'SPENDING')).toEqual({
      pointsType: 'SPENDING', funderId: 'OPERATOR', opening: 19_000, issued: -100 + 250, redeemed: 8_300, expired: 0, adjusted: -60,
      transferred: 0, forfeited: 5_000, settled: -250, closing: 5_540,
    }); // prettier-ignore
    expect(february?.lines.find(({ pointsType }) => pointsType === 'DEBT')).toMatchObject({
      opening: 0, issued: -900, settled: 250, closing: -650,
    }); // prettier-ignore
    expect(months[2]?.lines.find(({ pointsType }) => pointsType === 'GIFT')).toMatchObject({
      opening: 700,
      expired: 700,
      closing: 0,
    });
  });

  it('[PTS-32] closes each class with what its lots hold', async () => {
    await everything();
    const { lines, cohorts } = await world.liability.ofMonth('2026-03');
    const held = await world.db.query(`
      SELECT points_type AS "pointsType", funder_id AS "funderId", sum(remaining + held)::bigint AS closing
      FROM points.point_bucket GROUP BY 1, 2 HAVING sum(remaining + held) > 0 ORDER BY 1, 2`);
    expect(
      lines
        .filter((l) => l.closing > 0)
        .map(({ pointsType, funderId, closing }) => ({ pointsType, funderId, closing })),
    ).toEqual([...held].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)));
    expect(cohorts.map(({ expiresOn, pointsType, points }) => [expiresOn, pointsType, points])).toEqual(
      (
        await world.db.query<{ row: unknown[] }>(`
          SELECT jsonb_build_array(expires_on, points_type, sum(remaining + held)) AS row FROM points.point_bucket
          GROUP BY expires_on, points_type, funder_id HAVING sum(remaining + held) > 0 ORDER BY expires_on, points_type::text`)
      ).map(({ row }) => row),
    );
  });

  it('[PTS-32] is told of provinces, and their sum is that of everybody', async () => {
    await everything();
    const [all, one, two, none] = await Promise.all([
      world.liability.ofMonth('2026-02'),
      world.liability.ofMonth('2026-02', ['440000']),
      world.liability.ofMonth('2026-02', ['450000']),
      world.liability.ofMonth('2026-02', []),
    ]);
    expect([one.closing, two.closing].every((points) => points > 0)).toBe(true);
    expect(one.closing + two.closing).toBe(all.closing);
    expect([none.closing, none.lines]).toEqual([0, []]);
  });

  it('[PTS-32] is worth two fen a point, less what is expected to expire of each cohort by the rates of its month', async () => {
    await everything();
    const before = await world.liability.ofMonth('2026-02');
    expect(before.liabilityFen).toBe(before.closing * 2);
    await world.rates.add({
      effectiveFrom: '2026-02-15', rates: { SPENDING: [2_000, 1_000, 555], GIFT: [10_000] }, author: 'me', reason: 'history',
    }); // prettier-ignore
    const after = await world.liability.ofMonth('2026-02');
    const spending = after.cohorts.filter(({ pointsType }) => pointsType === 'SPENDING');
    // Earned in January and February 2026, they expire at the ends of the 36th months: in two whole years and more.
    for (const { points, breakageBp, liabilityFen } of spending) {
      expect([breakageBp, liabilityFen]).toEqual([555, points * 2 - Math.floor((points * 2 * 555) / 10_000)]);
    }
    expect(after.cohorts.find(({ pointsType }) => pointsType === 'GIFT')).toMatchObject({
      points: 700,
      liabilityFen: 0,
    });
    // Points that never expire are owed in full.
    expect(after.cohorts.find(({ pointsType }) => pointsType === 'PROMOTION')).toMatchObject({
      points: 300,
      liabilityFen: 600,
    });
    expect(after.liabilityFen).toBeLessThan(before.liabilityFen);
    expect([(await world.liability.ofMonth('2026-01')).breakageVersion, after.breakageVersion]).toEqual([1, 2]);
    await expect(
      world.rates.add({ effectiveFrom: '2026-02-15', rates: { SPENDING: [10_001] }, author: 'me', reason: 'x' }),
    ).rejects.toMatchObject({ code: 'points.invalid-breakage-rates' });
  });

  it('[PTS-32] says what history says of breakage', async () => {
    const customerId = await world.aCustomer();
    const lot = lotOf('2026-01-31');
    const issue = (day: string, points: number) => {
      on(day);
      return world.post(customerId, 'AWARD', [{ debit: 'ISSUED', credit: 'CUST_AVAILABLE', points, lot }]);
    };
    await issue('2024-06-15', 1_000);
    on('2025-07-15');
    await world.post(customerId, 'REDEMPTION', [
      { debit: 'CUST_AVAILABLE', credit: 'REDEEMED_GOODS', points: 600, lot },
    ]);
    on('2026-02-01');
    await world.post(customerId, 'EXPIRY', [{ debit: 'CUST_AVAILABLE', credit: 'BREAKAGE', points: 400, lot }]);
    await world.books.rollUp();
    // Ends of June 2024 … January 2025, a year and more before: 8 times 1,000 outstanding, of which 400 were cleared in the end. Within the last
    // year: 5 times 1,000 and 6 times 400 (2025-02 … 06, 2025-07 … 12).
    expect(await world.liability.estimateBreakage('2026-02-28')).toEqual({
      SPENDING: [Math.floor((11 * 400 * 10_000) / (5 * 1_000 + 6 * 400)), 4_000],
    });
    expect(await world.liability.estimateBreakage('2026-01-31')).toEqual({});
  });
});
