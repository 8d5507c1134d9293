import { join } from 'node:path';
import { bareCopy, unloadUsage } from './bare-copy.js';
import type { Bench, BenchResult } from './bench.js';
import { rounded, say, withIntake } from './intake-bench.js';
import { usageLines, writeBossFile } from './usage-file.js';

const RECORDS = Number(process.env.BENCH_RECORDS ?? 1_000_000);
const CUSTOMERS = Number(process.env.BENCH_CUSTOMERS ?? 100_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const REQUIRED_RATIO = 0.6;
/** Of the same records under another sequence number: all of them are known. */
const REQUIRED_RATIO_AGAIN = 0.9;
const MAX_RSS_MB = 400;

/**
 * A million usage records as one gzip file over HTTP, into the monthly table with removal of duplicates and monthly facts.
 * The limit is a bare `COPY FROM STDIN` of the very rows that were stored, in the order in which the file has them, into a table with
 * the same columns, key and partition; it keeps no directory of identities, no facts and reads no lines. Beside it, the same rows sorted by
 * key beforehand: no stream of records comes so; and the same records once more, of which each is found to be known. The server
 * is a process of its own (role api), so that its memory is its own; best of some rounds of each, taken in turns.
 */
export const bench: Bench = {
  name: 'intake-file',
  describe:
    'A BOSS file of a million usage records over HTTP, beside a bare COPY of the same rows into the same kind of table',

  run(): Promise<BenchResult> {
    return withIntake(CUSTOMERS, async ({ dataDir, server, owner }) => {
      const usage = await writeBossFile(dataDir, { kind: 'USG' }, usageLines(RECORDS, CUSTOMERS));
      const sameAgain = await writeBossFile(dataDir, { kind: 'USG', sequence: 2 }, usageLines(RECORDS, CUSTOMERS));
      const intake: number[] = [];
      const again: number[] = [];
      const inFileOrder: number[] = [];
      const inKeyOrder: number[] = [];
      for (let round = 1; round <= ROUNDS; round++) {
        await owner.query('TRUNCATE usage.usage_record, usage.record_directory, usage.customer_month');
        await owner.query(`DELETE FROM usage.intake_file WHERE kind = 'USG'`);
        await owner.query('CHECKPOINT');
        intake.push(await server.push(usage));
        again.push(await server.push(sameAgain));
        if (round === 1) await unloadUsage(owner, dataDir);
        inFileOrder.push(await bareCopy(owner, join(dataDir, 'file-order.rows')));
        inKeyOrder.push(await bareCopy(owner, join(dataDir, 'key-order.rows')));
        say(
          `intake ${intake.at(-1)} s, again ${again.at(-1)} s, bare COPY ${inFileOrder.at(-1)} s, sorted ${inKeyOrder.at(-1)} s`,
        );
      }
      const [facts] = (
        await owner.query('SELECT count(*)::int AS months, sum(usage_fee_fen)::text AS fee FROM usage.customer_month')
      ).rows;
      const limitSeconds = Math.min(...inFileOrder);
      const ratio = rounded(limitSeconds / Math.min(...intake));
      return {
        name: 'intake-file',
        unit: 'records/s',
        ours: Math.round(RECORDS / Math.min(...intake)),
        limit: Math.round(RECORDS / limitSeconds),
        ratio,
        promised: [
          { what: 'ratio', is: ratio, atLeast: REQUIRED_RATIO },
          {
            what: 'ratio of the same records again',
            is: rounded(limitSeconds / Math.min(...again)),
            atLeast: REQUIRED_RATIO_AGAIN,
          },
          { what: 'peak MB of the server', is: await server.peakRssMb(), atMost: MAX_RSS_MB },
        ],
        ratioToSortedCopy: rounded(Math.min(...inKeyOrder) / Math.min(...intake)),
        records: RECORDS,
        customers: CUSTOMERS,
        seconds: { intake, again, copyInFileOrder: inFileOrder, copyInKeyOrder: inKeyOrder },
        facts,
        server: 'a process of its own',
      };
    });
  },
};
