import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/platform/database/embedded-postgres.js';
import { startIntakeServer, type IntakeServer } from './intake-server.js';
import { newSecrets } from './served-application.js';
import { subscriptionLines, writeBossFile } from './usage-file.js';

/** A new database with archives of customers, the API before it in a process of its own, and its owner's connection beside it. */
export interface IntakeBench {
  readonly dataDir: string;
  readonly server: IntakeServer;
  readonly owner: pg.Client;
}

/** With `BENCH_DATA_DIR` the database stays there afterwards. */
export async function withIntake<T>(customers: number, measure: (bench: IntakeBench) => Promise<T>): Promise<T> {
  const dataDir = process.env.BENCH_DATA_DIR ?? (await mkdtemp(join(tmpdir(), 'guibin-bench-')));
  await chmod(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir, say });
  const owner = new pg.Client({ connectionString: postgres.url });
  await owner.connect();
  const secrets = newSecrets();
  let server = await startIntakeServer(postgres.url, dataDir, secrets);
  try {
    const archives = await writeBossFile(dataDir, { kind: 'SUB' }, subscriptionLines(customers));
    say(`${customers} archives opened in ${await server.push(archives)} s, ${await server.peakRssMb()} MB`);
    await server.stop(); // what the archives left in its memory is not the usage's
    server = await startIntakeServer(postgres.url, dataDir, secrets);
    return await measure({ dataDir, server, owner });
  } finally {
    await owner.end();
    await server.stop();
    await postgres.stop();
    if (!process.env.BENCH_DATA_DIR) await rm(dataDir, { recursive: true, force: true });
  }
}

export const rounded = (value: number): number => Math.round(value * 1000) / 1000;
export const say = (message: string): void => void process.stderr.write(`${message}\n`);
