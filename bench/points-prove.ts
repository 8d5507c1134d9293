import { closeBooks, monthsOfBooks, rollUpMonth } from '../src/modules/points/persistence/money/house-side.js';
import { provePoints } from '../src/modules/points/index.js';
import type { Transaction } from '../src/platform/database/index.js';
import type { Bench, BenchResult } from './bench.js';
import { rounded, say } from './intake-bench.js';
import { withPoints } from './points-bench.js';
import { CUSTOMERS, seconds } from './tier-bench.js';

const MAX = 3;
const TURNS = 5;
const MONTHS_OPEN = 2;
const DAY_MS = 86_400_000;
const BARE = 'SELECT count(*), sum(points) FROM points.posting';
/** Every column of the postings that the proof reads. */
const BARE_COLUMNS = `SELECT sum(points), count(customer_id), count(journal_id), count(funder_id), min(expires_on), max(expires_on),
  min(points_type), min(debit), max(credit), max(business_date) FROM points.posting`;
/** The tables that a proof cannot do without. */
const BARE_TABLES = `SELECT (SELECT sum(points) FROM points.posting), (SELECT sum(points) FROM points.journal),
  (SELECT sum(remaining) FROM points.point_bucket), (SELECT sum(available) FROM points.point_account)`;
const BARE_BY_CUSTOMER = `SELECT count(*), max(sum) FROM (SELECT customer_id, sum(points) FROM points.posting GROUP BY customer_id) x`;

/**
 * A year of bills and a redemption of every fourth customer over three lots; the books of all months but two are closed. The proof of a
 * night begins with what the last proof of everything has sealed of these. Both sides may use the same parallel workers.
 */
export const bench: Bench = {
  name: 'points-prove',
  describe:
    'The proof of a night that every balance equals its history, and the proof of everything, beside a bare scan of the postings',

  run: (): Promise<BenchResult> =>
    withPoints(
      { customers: CUSTOMERS, lots: 12, pointsOfALot: 400, isOnlyRead: true },
      async ({ owner, transaction }) => {
        await closeAllBut(MONTHS_OPEN, transaction);
        const took = {
          bare: [] as number[],
          columns: [] as number[],
          tables: [] as number[],
          byCustomer: [] as number[],
          whole: [] as number[],
          night: [] as number[],
        };
        const dayBefore = new Date(Date.now() - DAY_MS);
        let postings = 0;
        for (let turn = 0; turn < TURNS; turn++) {
          const whole = await provePoints(transaction, { sealBefore: dayBefore });
          took.bare.push(await seconds(() => owner.query(BARE)));
          took.columns.push(await seconds(() => owner.query(BARE_COLUMNS)));
          took.tables.push(await seconds(() => owner.query(BARE_TABLES)));
          took.byCustomer.push(await seconds(() => owner.query(BARE_BY_CUSTOMER)));
          const night = await provePoints(transaction, { since: dayBefore, seal: whole.seal });
          if (!whole.ok || !night.ok) throw new Error('The ledger is wrong');
          took.whole.push(whole.seconds);
          took.night.push(night.seconds);
          postings = night.postings;
          say(JSON.stringify(took));
        }
        const best = (name: keyof typeof took): number => Math.min(...took[name]);
        const ratio = rounded(best('night') / best('bare'));
        return {
          name: 'points-prove',
          unit: 'seconds',
          ours: best('night'),
          limit: best('bare'),
          ratio,
          promised: [{ what: 'ratio', is: ratio, atMost: MAX }],
          customers: CUSTOMERS,
          postings,
          wholeSeconds: best('whole'),
          wholeRatio: rounded(best('whole') / best('bare')),
          columnsSeconds: best('columns'),
          ratioToColumns: rounded(best('night') / best('columns')),
          wholeRatioToColumns: rounded(best('whole') / best('columns')),
          tablesSeconds: best('tables'),
          ratioToTables: rounded(best('night') / best('tables')),
          wholeRatioToTables: rounded(best('whole') / best('tables')),
          byCustomerSeconds: best('byCustomer'),
          ratioToSumsByCustomer: rounded(best('night') / best('byCustomer')),
          wholeRatioToSumsByCustomer: rounded(best('whole') / best('byCustomer')),
        };
      },
    ),
};

async function closeAllBut(open: number, transaction: Transaction): Promise<void> {
  const now = new Date();
  const months = (await transaction.run(monthsOfBooks)).map(({ month }) => month);
  for (const month of months.slice(0, -open)) await transaction.run((tx) => closeBooks(tx, month, 'bench', now));
  for (const month of months) await transaction.run((tx) => rollUpMonth(tx, month, now));
}
