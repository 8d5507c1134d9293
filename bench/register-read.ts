import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../src/platform/database/embedded-postgres.js';
import type { Bench, BenchResult } from './bench.js';
import { makeCustomers, newSecrets, ServedApplication, signIn } from './served-application.js';

const CONCURRENCIES = (process.env.BENCH_CONCURRENCIES ?? '1,16,64').split(',').map(Number);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 4);
const ROUND_MS = Number(process.env.BENCH_ROUND_MS ?? 5000);
const CUSTOMERS = 200;
const REQUIRED_RATIO = 0.6;

/**
 * One customer read over HTTP, signed in, with its line in the access register, beside the same read without: the same process, the
 * same database, in turns of a few seconds. Best turn of each; the ratio of the result is that of the widest concurrency.
 */
export const bench: Bench = {
  name: 'register-read',
  describe: 'Reads of one customer over HTTP with their line in the access register, beside the same reads without',

  async run(): Promise<BenchResult> {
    const dataDir = await mkdtemp(join(tmpdir(), 'guibin-bench-'));
    await chmod(dataDir, 0o755);
    const postgres = await startEmbeddedPostgres({ dataDir, say });
    const environment = { DATABASE_URL: postgres.url, GUIBIN_DATA_DIR: dataDir, REDIS_URL: '', ...newSecrets() };
    let application: ServedApplication | undefined;
    try {
      const served = await ServedApplication.start(environment);
      application = served;
      const headers = await signIn(served, 'supervisor');
      const customers = await makeCustomers(served, headers, CUSTOMERS);
      const reads = async (atOnce: number): Promise<number> => {
        const until = performance.now() + ROUND_MS;
        let done = 0;
        const client = async (_: unknown, nth: number): Promise<void> => {
          for (let n = nth; performance.now() < until; n++) {
            const { status } = await served.call('GET', customers[n % customers.length] ?? '', headers);
            if (status !== 200) throw new Error(`A read was answered ${status}`);
            done += 1;
          }
        };
        await Promise.all(Array.from({ length: atOnce }, client));
        return done / (ROUND_MS / 1000);
      };
      await reads(16); // Code that has just been compiled is slow for both.

      const figures: { atOnce: number; with: number; without: number; ratio: number }[] = [];
      for (const atOnce of CONCURRENCIES) {
        const [withRegister, without]: [number[], number[]] = [[], []];
        for (let round = 0; round < ROUNDS; round++) {
          for (const isOn of round % 2 === 0 ? [true, false] : [false, true]) {
            await served.register(isOn);
            (isOn ? withRegister : without).push(await reads(atOnce));
          }
        }
        const [best, bare] = [Math.max(...withRegister), Math.max(...without)];
        figures.push({ atOnce, with: Math.round(best), without: Math.round(bare), ratio: round2(best / bare) });
        say(
          `${atOnce} at once: ${Math.round(best)} reads/s registered, ${Math.round(bare)} not: ${round2(best / bare)}`,
        );
      }
      const widest = figures.at(-1);
      return {
        name: 'register-read',
        unit: 'reads/s',
        ours: widest?.with ?? 0,
        limit: widest?.without ?? 0,
        ratio: widest?.ratio ?? 0,
        promised: [{ what: 'ratio', is: widest?.ratio ?? 0, atLeast: REQUIRED_RATIO }],
        figures,
      };
    } finally {
      await application?.end('SIGTERM');
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  },
};

const round2 = (value: number): number => Math.round(value * 100) / 100;
const say = (message: string): void => void process.stderr.write(`${message}\n`);
