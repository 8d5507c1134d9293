import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bareCopy, unloadUsage } from './bare-copy.js';
import type { Bench, BenchResult } from './bench.js';
import { rounded, say, withIntake } from './intake-bench.js';
import { usageLines, writeBossFile } from './usage-file.js';

const RECORDS = Number(process.env.BENCH_RECORDS ?? 1_000_000);
const CUSTOMERS = Number(process.env.BENCH_CUSTOMERS ?? 100_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const REQUIRED_RATIO = 0.9;
const MAX_RSS_MB = 400;

/**
 * A file that comes a second time: the same one, and its records under the next sequence. Both change nothing, so they should not
 * cost more than it would to take the rows in: the limit is a bare COPY of them. The ratio is that of the slower of the two.
 */
export const bench: Bench = {
  name: 'intake-again',
  describe:
    'A file of a million records that was loaded before, and its records under the next sequence, beside a bare COPY',

  run(): Promise<BenchResult> {
    return withIntake(CUSTOMERS, async ({ dataDir, server, owner }) => {
      const first = await writeBossFile(dataDir, { kind: 'USG' }, usageLines(RECORDS, CUSTOMERS));
      say(`loaded in ${await server.push(first)} s`);
      await unloadUsage(owner, dataDir);
      await server.peakRssMb();
      const sameFile: number[] = [];
      const sameRecords: number[] = [];
      const copies: number[] = [];
      for (let round = 1; round <= ROUNDS; round++) {
        const next = await writeBossFile(dataDir, { kind: 'USG', sequence: round + 1 }, usageLines(RECORDS, CUSTOMERS));
        await owner.query('CHECKPOINT');
        sameFile.push(await server.push(first));
        sameRecords.push(await server.push(next));
        copies.push(await bareCopy(owner, join(dataDir, 'file-order.rows')));
        say(`same file ${sameFile.at(-1)} s, same records ${sameRecords.at(-1)} s, bare COPY ${copies.at(-1)} s`);
        await rm(next);
      }
      const stored = await owner.query<{ n: number }>('SELECT count(*)::int AS n FROM usage.usage_record');
      if (stored.rows[0]?.n !== RECORDS) throw new Error(`${stored.rows[0]?.n} records are stored`);
      const limitSeconds = Math.min(...copies);
      const ratioTo = (seconds: readonly number[]): number => rounded(limitSeconds / Math.min(...seconds));
      return {
        name: 'intake-again',
        unit: 'records/s',
        ours: Math.round(RECORDS / Math.max(Math.min(...sameFile), Math.min(...sameRecords))),
        limit: Math.round(RECORDS / limitSeconds),
        ratio: Math.min(ratioTo(sameFile), ratioTo(sameRecords)),
        promised: [
          { what: 'ratio of the same file', is: ratioTo(sameFile), atLeast: REQUIRED_RATIO },
          { what: 'ratio of the same records', is: ratioTo(sameRecords), atLeast: REQUIRED_RATIO },
          { what: 'peak MB of the server', is: await server.peakRssMb(), atMost: MAX_RSS_MB },
        ],
        records: RECORDS,
        customers: CUSTOMERS,
        seconds: { sameFile, sameRecords, copy: copies },
      };
    });
  },
};
