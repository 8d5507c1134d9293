import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Bench, BenchResult } from './bench.js';
import { rounded, say, withIntake } from './intake-bench.js';
import { usageLines, writeBossFile } from './usage-file.js';

const MONTHS = 12;
const RECORDS = Number(process.env.BENCH_RECORDS ?? 10_000_000);
const CUSTOMERS = Number(process.env.BENCH_CUSTOMERS ?? 100_000);
const MAX_GROWTH = 1.15;
const MAX_RSS_MB = 400;

/**
 * Twelve months, one file each, into a database that is filling up: a record of the last months must cost what one of the first did.
 * Beside each month a bare COPY of its rows into a table with the same columns, key and months, which fills up alike.
 */
export const bench: Bench = {
  name: 'intake-curve',
  describe:
    'Ten million usage records in twelve monthly files, one after the other: what a record costs as months add up',

  run(): Promise<BenchResult> {
    return withIntake(CUSTOMERS, async ({ dataDir, server, owner }) => {
      await owner.query(
        'CREATE TABLE usage.bare_record (LIKE usage.usage_record INCLUDING ALL) PARTITION BY RANGE (month)',
      );
      const perMonth = Math.ceil(RECORDS / MONTHS);
      const intake: number[] = [];
      const copy: number[] = [];
      for (let nth = 1; nth <= MONTHS; nth++) {
        const [first, next] = [firstOf(nth), firstOf(nth + 1)];
        const lines = usageLines(perMonth, CUSTOMERS, first.slice(0, 7));
        const file = await writeBossFile(dataDir, { kind: 'USG', sequence: nth, day: next }, lines);
        await owner.query('CHECKPOINT');
        intake.push(await server.push(file));
        await rm(file);
        const part = `usage.bare_record_${first.slice(0, 7).replace('-', '')}`;
        await owner.query(
          `CREATE TABLE ${part} PARTITION OF usage.bare_record FOR VALUES FROM ('${first}') TO ('${next}')`,
        );
        const rows = join(dataDir, 'month.rows');
        await pipeline(
          owner.query(
            copyTo(`COPY (SELECT * FROM usage.usage_record WHERE month = '${first}' ORDER BY record_id) TO STDOUT`),
          ),
          createWriteStream(rows),
        );
        await owner.query('CHECKPOINT');
        const began = performance.now();
        await pipeline(
          createReadStream(rows, { highWaterMark: 1 << 18 }),
          owner.query(copyFrom('COPY usage.bare_record FROM STDIN')),
        );
        copy.push((performance.now() - began) / 1000);
        say(
          `${nth} months: ${micros(intake.at(-1), perMonth)} µs a record, bare COPY ${micros(copy.at(-1), perMonth)} µs`,
        );
      }
      const growth = rounded(mean(intake.slice(-3)) / mean(intake.slice(0, 3)));
      const [ours, limit] = [intake, copy].map((seconds) => RECORDS / seconds.reduce((sum, s) => sum + s, 0));
      return {
        name: 'intake-curve',
        unit: 'records/s',
        ours: Math.round(ours ?? 0),
        limit: Math.round(limit ?? 0),
        ratio: rounded((ours ?? 0) / (limit ?? 1)),
        promised: [
          {
            what: 'growth of the cost of a record from the first to the last three months',
            is: growth,
            atMost: MAX_GROWTH,
          },
          { what: 'peak MB of the server', is: await server.peakRssMb(), atMost: MAX_RSS_MB },
        ],
        growthOfCopy: rounded(mean(copy.slice(-3)) / mean(copy.slice(0, 3))),
        records: perMonth * MONTHS,
        customers: CUSTOMERS,
        microsecondsARecord: {
          intake: intake.map((seconds) => micros(seconds, perMonth)),
          copy: copy.map((seconds) => micros(seconds, perMonth)),
        },
      };
    });
  },
};

/** The first day of the nth month from January 2025 on. */
const firstOf = (nth: number): string => new Date(Date.UTC(2025, nth - 1, 1)).toISOString().slice(0, 10);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const micros = (seconds = 0, records: number): number => Math.round((seconds * 1e7) / records) / 10;
