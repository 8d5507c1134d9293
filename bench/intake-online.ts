import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { bareCopy, unloadUsage } from './bare-copy.js';
import type { Bench, BenchResult } from './bench.js';
import { rounded, say, withIntake } from './intake-bench.js';
import type { IntakeServer } from './intake-server.js';
import { usageLines } from './usage-file.js';

const RECORDS = Number(process.env.BENCH_RECORDS ?? 1_000_000);
const CUSTOMERS = Number(process.env.BENCH_CUSTOMERS ?? 100_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const CONNECTIONS = Number(process.env.BENCH_CONNECTIONS ?? 48);
const BATCH = 1_000;
const REQUIRED_RATIO = 0.35;
const MAX_RSS_MB = 400;

/**
 * The same records as a file has, pushed online: batches of a thousand lines, each packed and answered record by record, over some
 * connections at once. Beside it a bare `COPY FROM STDIN` of the very rows that were stored, over one connection.
 */
export const bench: Bench = {
  name: 'intake-online',
  describe: 'Batches of a thousand records pushed over HTTP from 48 connections, beside a bare COPY of the same rows',

  run(): Promise<BenchResult> {
    return withIntake(CUSTOMERS, async ({ dataDir, server, owner }) => {
      const batches = packedBatches();
      const online: number[] = [];
      const copies: number[] = [];
      let comeLater = 0;
      for (let round = 1; round <= ROUNDS; round++) {
        await owner.query('TRUNCATE usage.usage_record, usage.record_directory, usage.customer_month');
        await owner.query('CHECKPOINT');
        const began = performance.now();
        comeLater += await pushAll(server, batches);
        online.push(rounded((performance.now() - began) / 1000));
        const { rows } = await owner.query<{ stored: number }>(
          'SELECT count(*)::int AS stored FROM usage.usage_record',
        );
        if (rows[0]?.stored !== RECORDS) throw new Error(`${rows[0]?.stored} of ${RECORDS} records were stored`);
        if (round === 1) await unloadUsage(owner, dataDir);
        copies.push(await bareCopy(owner, join(dataDir, 'file-order.rows')));
        say(`online ${online.at(-1)} s, bare COPY ${copies.at(-1)} s`);
      }
      const fastest = Math.min(...online);
      const limitSeconds = Math.min(...copies);
      const ratio = rounded(limitSeconds / fastest);
      return {
        name: 'intake-online',
        unit: 'records/s',
        ours: Math.round(RECORDS / fastest),
        limit: Math.round(RECORDS / limitSeconds),
        ratio,
        promised: [
          { what: 'ratio', is: ratio, atLeast: REQUIRED_RATIO },
          { what: 'peak MB of the server', is: await server.peakRssMb(), atMost: MAX_RSS_MB },
        ],
        records: RECORDS,
        customers: CUSTOMERS,
        recordsInBatch: BATCH,
        connections: CONNECTIONS,
        askedToComeLater: comeLater,
        seconds: { online, copy: copies },
      };
    });
  },
};

/** Of the month before this one, so that nothing is late. */
function packedBatches(): readonly Buffer[] {
  const now = new Date();
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
  const batches: Buffer[] = [];
  let lines: string[] = [];
  for (const { text } of usageLines(RECORDS, CUSTOMERS, month)) {
    if (lines.push(text) < BATCH) continue;
    batches.push(gzipSync(lines.join(''), { level: 1 }));
    lines = [];
  }
  if (lines.length > 0) batches.push(gzipSync(lines.join(''), { level: 1 }));
  return batches;
}

/** Each connection pushes one batch after the other; answers how often one was asked to come later. */
async function pushAll(server: IntakeServer, batches: readonly Buffer[]): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let next = 0;
  let comeLater = 0;
  const connection = async (): Promise<void> => {
    for (let batch = batches[next++]; batch; batch = batches[next++]) {
      for (;;) {
        const status = await push(server, agent, batch);
        if (status === 200) break;
        if (status !== 429) throw new Error(`A batch was answered with ${status}`);
        comeLater++;
        await sleep(1000);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  } finally {
    agent.destroy();
  }
  return comeLater;
}

async function push({ address, key }: IntakeServer, agent: Agent, batch: Buffer): Promise<number> {
  const sent = request(`${address}/care-api/intake/v1/recordBatch?kind=USG&source=BOSS`, {
    method: 'POST',
    agent,
    headers: { 'x-api-key': key, 'content-type': 'application/gzip', 'content-length': batch.length },
  });
  sent.end(batch);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) text += chunk;
  if (response.statusCode === 200 && /"outcome":"(?!ACCEPTED)/.test(text)) throw new Error('A record was not accepted');
  return response.statusCode ?? 0;
}
