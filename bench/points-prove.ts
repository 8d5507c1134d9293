import { provePoints } from '../src/modules/points/index.js';
import type { Bench, BenchResult } from './bench.js';
import { rounded, say } from './intake-bench.js';
import { withPoints } from './points-bench.js';
import { CUSTOMERS, seconds } from './tier-bench.js';

const MAX = 3;
const TURNS = 3;
const BARE = 'SELECT count(*), sum(points) FROM points.posting';
const BARE_BY_CUSTOMER = `SELECT count(*), max(sum) FROM (SELECT customer_id, sum(points) FROM points.posting GROUP BY customer_id) x`;

/** A year of bills and a redemption of every fourth customer over three lots. Both may use the same parallel workers. */
export const bench: Bench = {
  name: 'points-prove',
  describe: 'The proof that every balance equals its history, beside a bare scan of the postings',

  run: (): Promise<BenchResult> =>
    withPoints(
      { customers: CUSTOMERS, lots: 12, pointsOfALot: 400, isOnlyRead: true },
      async ({ owner, transaction }) => {
        const took = { bare: [] as number[], byCustomer: [] as number[], whole: [] as number[], night: [] as number[] };
        let postings = 0;
        for (let turn = 0; turn < TURNS; turn++) {
          took.bare.push(await seconds(() => owner.query(BARE)));
          took.byCustomer.push(await seconds(() => owner.query(BARE_BY_CUSTOMER)));
          for (const [name, since] of [
            ['whole', undefined],
            ['night', new Date()],
          ] as const) {
            const proof = await provePoints(transaction, { since });
            if (!proof.ok) throw new Error('The ledger is wrong');
            took[name].push(proof.seconds);
            postings = proof.postings;
          }
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
          byCustomerSeconds: best('byCustomer'),
          ratioToSumsByCustomer: rounded(best('night') / best('byCustomer')),
          wholeRatioToSumsByCustomer: rounded(best('whole') / best('byCustomer')),
        };
      },
    ),
};
