import { ClearPosDays } from '../../../src/modules/points/application/holds/clear-pos-days.js';
import { provePoints } from '../../../src/modules/points/application/proof/prove-points.js';
import { newId } from '../../../src/platform/database/index.js';
import { lotOf, moneyWorld } from './money-world.js';

describe('the house side of the points', () => {
  let world: Awaited<ReturnType<typeof moneyWorld>>;

  beforeEach(async () => {
    world = await moneyWorld();
  });
  afterEach(() => world.db.drop());

  const rolledUp = (): Promise<object[]> =>
    world.db.query('SELECT * FROM points.gl_day ORDER BY business_date, debit, credit, points_type, funder_id, region');
  const posted = (): Promise<object[]> =>
    world.db.query(`
      SELECT p.business_date, p.debit, p.credit, COALESCE(p.points_type::text, 'NONE') AS points_type,
        COALESCE(p.funder_id, 'NONE') AS funder_id, c.region, sum(p.points)::bigint AS points, sum(p.value_fen)::bigint AS value_fen,
        count(*) AS postings
      FROM points.posting p JOIN customers.customer c USING (customer_id)
      GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6`);

  async function aFewDays(): Promise<readonly string[]> {
    const customers = [
      await world.aCustomerOf('440000'),
      await world.aCustomerOf('450000'),
      await world.aCustomerOf('440000'),
    ];
    for (const day of ['2025-12-30', '2026-01-15', '2026-02-01']) {
      world.clock.set(`${day}T10:00:00+08:00`);
      for (const customerId of customers) await world.award(customerId, 4_000);
      await world.redeem(customers[0] ?? '', 3_500);
    }
    await world.close(customers[2] ?? '');
    return customers;
  }

  it('[PTS-32] is the sum of the postings to the point, by day, accounts, class, funder and province', async () => {
    await aFewDays();
    expect(await world.books.rollUp()).toEqual(['2025-12-01', '2026-01-01', '2026-02-01']);
    expect(await rolledUp()).toEqual(await posted());
    expect((await posted()).length).toBeGreaterThan(8);
    for (const id of ['I8-rolled', 'I8-month']) expect(await world.found(id)).toEqual([]);
  });

  it('[PTS-32] is the same when it is made twice, by several at once, and while points are posted', async () => {
    const [customerId = ''] = await aFewDays();
    await world.books.rollUp();
    const before = await rolledUp();
    expect(await world.books.rollUp()).toEqual([]);
    expect(await rolledUp()).toEqual(before);
    await Promise.all([
      ...Array.from({ length: 6 }, () => world.books.rollUp()),
      ...Array.from({ length: 20 }, (_, i) => world.award(customerId, 10 + i)),
    ]);
    expect(await world.found('I8-rolled')).toEqual([]);
    await Promise.all(Array.from({ length: 6 }, () => world.books.rollUp()));
    expect(await rolledUp()).toEqual(await posted());
  });

  it('[PTS-32] takes in what is posted later on a day that is past', async () => {
    const [customerId = ''] = await aFewDays();
    await world.books.rollUp();
    await world.keepBills([{ customerId, billNo: 'late', netSpendFen: 70_000, cycle: '2025-12' }]);
    await world.accrue('2025-12', '2026-01-06');
    expect(await rolledUp()).not.toEqual(await posted());
    // Fewer than were posted is no mistake: they come with the next roll-up.
    expect(await world.found('I8-rolled')).toEqual([]);
    expect(await world.books.rollUp()).toEqual(['2026-01-01']);
    expect(await rolledUp()).toEqual(await posted());
  });

  it('[PTS-32] is found out when it was changed', async () => {
    await aFewDays();
    await world.books.rollUp();
    for (const tampering of [
      `UPDATE points.gl_day SET points = points + 1, value_fen = value_fen + 2 WHERE debit = 'ISSUED'`,
      `DELETE FROM points.gl_day WHERE business_date = '2026-01-15' AND credit = 'REDEEMED_GOODS'`,
      `UPDATE points.gl_day SET funder_id = 'SOMEBODY'`,
    ]) {
      await world.db.query(tampering);
      expect((await world.found('I8-rolled')).length).toBeGreaterThan(0);
      await world.db.query(`UPDATE points.gl_month SET postings = -1`);
      expect((await world.found('I8-month')).length).toBeGreaterThan(0);
      await world.books.rollUp();
      expect(await world.found('I8-rolled')).toEqual([]);
    }
  });

  describe('of a month that is closed', () => {
    const NOW = '2026-02-01T10:00:00+08:00';

    it('[PTS-32] takes nothing any more, whoever posts; what comes late is posted today', async () => {
      const [customerId = ''] = await aFewDays();
      await world.books.close('2025-12', 'an accountant');
      const closed = await world.books.close('2026-01', 'an accountant');
      expect(closed).toMatchObject({ month: '2026-01-01', closedBy: 'an accountant', isFinal: false });
      await world.books.rollUp();
      const before = await world.db.query(
        `SELECT * FROM points.gl_day WHERE business_date < '2026-02-01' ORDER BY 1, 2, 3, 4, 5, 6`,
      );
      expect(await world.books.months()).toMatchObject([{ isFinal: true }, { isFinal: true }, { isFinal: false }]);

      world.clock.set('2026-01-31T10:00:00+08:00');
      const refused = { code: 'points.books-closed', kind: 'conflict', facts: { month: '2026-01' } };
      await expect(world.award(customerId, 100)).rejects.toMatchObject(refused);
      await expect(world.award(customerId, 100)).rejects.toThrow(/books of 2026-01 are closed.*a month that is open/);
      await expect(
        world.post(customerId, 'ADJUSTMENT', [
          { debit: 'ADJUSTED', credit: 'CUST_AVAILABLE', points: 1, lot: lotOf('2029-01-31', 'ADJUSTMENT') },
        ]),
      ).rejects.toMatchObject(refused);
      world.clock.set(NOW);
      await world.keepBills([{ customerId, billNo: 'late', netSpendFen: 70_000, cycle: '2025-12' }]);
      expect(await world.accrue('2025-12', '2026-01-06')).toMatchObject({
        status: 'failed',
        error: expect.stringContaining('points.books-closed: The books of 2026-01 are closed'),
      });
      expect(await world.accrue('2025-12.2', '2026-02-01')).toMatchObject({ status: 'completed' });
      await world.award(customerId, 100);
      expect(await world.books.rollUp()).toEqual(['2026-02-01']);
      expect(
        await world.db.query(
          `SELECT * FROM points.gl_day WHERE business_date < '2026-02-01' ORDER BY 1, 2, 3, 4, 5, 6`,
        ),
      ).toEqual(before);
      expect(await rolledUp()).toEqual(await posted());
    });

    it('is closed by two at once, again and again', async () => {
      await aFewDays();
      for (const month of ['2025-12', '2026-01']) {
        const closed = await Promise.all(Array.from({ length: 6 }, (_, i) => world.books.close(month, `clerk ${i}`)));
        expect(new Set(closed.map(({ closedBy }) => closedBy)).size).toBe(1);
      }
    });

    it('is closed once, after those before it, and not before it is over', async () => {
      await aFewDays();
      await expect(world.books.close('2026-02', 'me')).rejects.toMatchObject({ code: 'points.month-not-over' });
      await expect(world.books.close('2026-01', 'me')).rejects.toMatchObject({ code: 'points.earlier-month-open' });
      const [one, ...others] = await Promise.all(
        Array.from({ length: 5 }, (_, i) => world.books.close('2025-12', `clerk ${i}`)),
      );
      expect(one?.closedBy).toMatch(/clerk/);
      for (const other of others) expect(other).toEqual(one);
    });

    it('is closed after the days on which merchants took points are cleared, which posts on these days', async () => {
      const customerId = await world.aCustomer();
      const lot = lotOf('2029-01-31');
      world.clock.set('2026-01-14T10:00:00+08:00');
      await world.post(customerId, 'AWARD', [{ debit: 'ISSUED', credit: 'CUST_AVAILABLE', points: 500, lot }]);
      await world.post(customerId, 'CAPTURE', [{ debit: 'CUST_AVAILABLE', credit: 'POS_CLEARING', points: 60, lot }]);
      world.clock.set('2026-02-02T10:00:00+08:00');
      await expect(world.books.close('2026-01', 'me')).rejects.toMatchObject({
        code: 'points.days-not-cleared',
        facts: { day: '2026-01-14' },
      });
      await new ClearPosDays(world.database, world.transaction, world.clock).execute();
      expect(await world.books.close('2026-01', 'me')).toMatchObject({ month: '2026-01-01' });
      expect((await provePoints(world.transaction)).ok).toBe(true);
    });

    it('waits for what is being posted, and lets go when that takes too long', async () => {
      await aFewDays();
      const customerId = await world.aCustomer();
      await expect(
        world.transaction.run(async (tx) => {
          await tx.query(
            `INSERT INTO points.posting (customer_id, journal_id, line, business_date, debit, credit, points, value_fen, expires_on, points_type, funder_id)
             VALUES ($1, $2, 1, '2025-12-30', 'ISSUED', 'CUST_AVAILABLE', 1, 2, '2029-01-31', 'SPENDING', 'OPERATOR')`,
            [customerId, newId()],
          );
          await expect(world.books.close('2025-12', 'me')).rejects.toMatchObject({ code: 'points.books-busy' });
          throw new Error('thought better of it');
        }),
      ).rejects.toThrow('thought better of it');
      expect(await world.books.close('2025-12', 'me')).toMatchObject({ month: '2025-12-01' });
    });
  });
});
