import { ExpirePoints } from '../../../src/modules/points/application/expiry/expire-points.run.js';
import { provePoints } from '../../../src/modules/points/application/proof/prove-points.js';
import { type ExpiryPolicy, lastDayOf } from '../../../src/modules/points/domain/expiry/expiry-policy.js';
import { daysAfter } from '../../../src/modules/points/domain/expiry/expiry.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { pointsWorld } from './points-world.js';

/** What one customer should have, lot by lot; written down without looking at the ledger. */
interface Lot {
  readonly lastDay: string;
  points: number;
}

describe('clearing by the policy of the operator', () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  beforeEach(async () => {
    world = await pointsWorld();
  });
  afterEach(async () => {
    const proof = await provePoints(world.transaction);
    expect(proof.checks.filter(({ violations }) => violations > 0)).toEqual([]);
    await world.db.drop();
  });

  const follow = (policy: ExpiryPolicy): Promise<object[]> =>
    world.db.query(`UPDATE points.earn_rule_set SET rules = jsonb_set(rules, '{expiry}', to_jsonb($1::text))`, [
      policy,
    ]);
  const expire = async (asOf: string): Promise<number> => {
    world.clock.set(`${asOf}T00:20:00+08:00`);
    const run = await carryOutRun(world.source, new ExpirePoints(world.clock, world.outbox), { key: asOf, asOf });
    expect(run.status).toBe('completed');
    return run.counts['points'] ?? 0;
  };
  const awardOn = async (day: string, customerId: string, points: number): Promise<void> => {
    world.clock.set(`${day}T10:00:00+08:00`);
    await world.award(customerId, points);
  };
  const lots = async (customerId: string): Promise<object> =>
    (await world.account.expiryOf(customerId)).map(({ expiresOn = 'never', points }) => [expiresOn, points]);

  it.each<ExpiryPolicy>(['NONE', 'ROLLING_3_CALENDAR_YEARS', 'LOT_36_MONTHS'])(
    '[PTS-11] %s: over three points years exactly what is unspent goes, on its day',
    async (policy) => {
      await follow(policy);
      const customerId = await world.aCustomer();
      const expected: Lot[] = [];
      const gone: string[] = [];
      // From the middle of 2021 on, so that in the points years 2024 to 2026 points come to their end.
      for (const month of monthsFrom('2021-06', 66)) {
        const first = `${month}-01`;
        const due = expected.filter(({ lastDay, points }) => lastDay < first && points > 0);
        const wanted = due.reduce((sum, { points }) => sum + points, 0);
        // On the last day itself nothing goes yet.
        if (wanted > 0) expect(await expire(daysAfter(first, -1))).toBe(0);
        expect([first, await expire(first)]).toEqual([first, wanted]);
        if (wanted > 0) gone.push(first);
        for (const lot of due) lot.points = 0;

        const nth = Number(month.slice(5));
        const day = month === '2024-02' ? '2024-02-29' : `${month}-${nth % 2 === 0 ? '28' : '15'}`;
        await awardOn(day, customerId, 300 + nth);
        put(expected, lastDayOf(policy, day), 300 + nth);
        if (nth % 5 === 0) {
          await world.keepBills([{ customerId, billNo: `B-${month}`, cycle: month, netSpendFen: 20_000 }]);
          await world.accrue(month, `${month}-28`, undefined, { correctionsFrom: month });
          put(expected, lastDayOf(policy, first), 200);
        }
        if (nth % 4 === 0 && month > '2022-06') {
          await world.redeem(customerId, 450);
          take(expected, 450);
        }
        const left = expected.filter(({ points }) => points > 0).sort((a, b) => (a.lastDay < b.lastDay ? -1 : 1));
        expect([month, await lots(customerId)]).toEqual([
          month,
          left.map(({ lastDay, points }) => [lastDay === 'infinity' ? 'never' : lastDay, points]),
        ]);
      }
      expect(gone.length > 0).toBe(policy !== 'NONE');
      if (policy === 'ROLLING_3_CALENDAR_YEARS') expect(gone).toEqual(['2024-01-01', '2025-01-01', '2026-01-01']);
      if (policy === 'LOT_36_MONTHS') expect(gone.at(-1)).toBe('2026-11-01');
    },
  );

  it('[PTS-11] LOT_36_MONTHS: points of a February end with a February, on its 28th or its 29th', async () => {
    await follow('LOT_36_MONTHS');
    const customerId = await world.aCustomer();
    await awardOn('2024-02-29', customerId, 100);
    await awardOn('2025-02-01', customerId, 200);
    expect(await lots(customerId)).toEqual([
      ['2027-02-28', 100],
      ['2028-02-29', 200],
    ]);
    expect([await expire('2027-02-28'), await expire('2027-03-01')]).toEqual([0, 100]);
    expect([await expire('2028-02-28'), await expire('2028-02-29'), await expire('2028-03-01')]).toEqual([0, 0, 200]);
  });

  it('[PTS-11] ROLLING_3_CALENDAR_YEARS: points of a whole year go together, on New Year’s Day after their third', async () => {
    await follow('ROLLING_3_CALENDAR_YEARS');
    const customerId = await world.aCustomer();
    await awardOn('2023-01-01', customerId, 4_000);
    await awardOn('2023-12-31', customerId, 60);
    await awardOn('2024-01-01', customerId, 700);
    world.clock.set('2025-11-30T10:00:00+08:00');
    await world.redeem(customerId, 4_010);
    expect([await expire('2025-12-01'), await expire('2025-12-31'), await expire('2026-01-01')]).toEqual([0, 0, 50]);
    expect(await lots(customerId)).toEqual([['2026-12-31', 700]]);
  });

  it('[PTS-11] a lot keeps the day that it got when it was earned, whatever the policy is later', async () => {
    const customerId = await world.aCustomer();
    for (const [policy, day] of [
      ['ROLLING_3_CALENDAR_YEARS', '2022-05-10'],
      ['NONE', '2022-06-10'],
      ['LOT_36_MONTHS', '2022-07-10'],
    ] as const) {
      await follow(policy);
      await awardOn(day, customerId, 100);
    }
    await follow('NONE');
    expect([await expire('2025-01-01'), await expire('2025-08-01'), await expire('2035-01-01')]).toEqual([100, 100, 0]);
    expect(await lots(customerId)).toEqual([['never', 100]]);
  });
});

const monthsFrom = (first: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) =>
    new Date(Date.UTC(Number(first.slice(0, 4)), Number(first.slice(5)) - 1 + i, 1)).toISOString().slice(0, 7),
  );

function put(lots: Lot[], lastDay: string, points: number): void {
  const found = lots.find((lot) => lot.lastDay === lastDay);
  if (found) found.points += points;
  else lots.push({ lastDay, points });
}

/** What ends first goes first. */
function take(lots: Lot[], points: number): void {
  for (const lot of [...lots].sort((a, b) => (a.lastDay < b.lastDay ? -1 : 1))) {
    const part = Math.min(lot.points, points);
    lot.points -= part;
    points -= part;
  }
  if (points > 0) throw new Error('the model spends what it has');
}
