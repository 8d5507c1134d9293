import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/platform/database/embedded-postgres.js';
import { makeCustomers, newSecrets, ServedApplication, signIn } from './served-application.js';

interface Wanted {
  readonly reads: number;
  readonly kills: number;
  readonly seed: number;
  readonly random: () => number;
}

const AT_ONCE = 100;
const CUSTOMERS = 20;

/**
 * A hundred clients read customers while the application is killed with SIGKILL at random moments and started again. Every read
 * that was answered must be in the access register, and its chains must be whole. (What is registered and was never answered is
 * no harm.)
 */
export async function tortureRegister({ reads, kills, seed, random }: Wanted): Promise<boolean> {
  const dataDir = await mkdtemp(join(tmpdir(), 'guibin-torture-'));
  await chmod(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir, say: () => undefined });
  const environment = { DATABASE_URL: postgres.url, GUIBIN_DATA_DIR: dataDir, REDIS_URL: '', ...newSecrets() };
  let application: ServedApplication | undefined;
  try {
    application = await ServedApplication.start(environment);
    const headers = await signIn(application, 'supervisor');
    const customers = await makeCustomers(application, headers, CUSTOMERS);

    const killAt = Array.from({ length: kills }, () => Math.floor((0.05 + 0.9 * random()) * reads)).sort(
      (a, b) => a - b,
    );
    const answered: string[] = [];
    let [asked, unanswered, killed] = [0, 0, 0];
    let serving = Promise.resolve(application);
    const restart = async (victim: ServedApplication): Promise<ServedApplication> => {
      await victim.end('SIGKILL');
      console.log(`  killed after ${answered.length} answers`);
      return (application = await ServedApplication.start(environment));
    };
    const client = async (): Promise<void> => {
      while (answered.length < reads) {
        const id = `torture-${seed}-${++asked}`;
        const server = await serving;
        const path = customers[asked % customers.length] ?? '';
        const answer = await server.call('GET', path, { ...headers, 'x-request-id': id }).catch(() => undefined);
        if (answer === undefined) {
          unanswered += 1;
          await sleep(20);
        } else if (answer.status === 200) {
          answered.push(id);
        } else {
          throw new Error(`A read was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
        }
        if (killed < kills && answered.length >= (killAt[killed] ?? Infinity)) {
          killed += 1;
          serving = serving.then(restart);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, client));
    const last = await serving;

    const [{ lines, missing } = { lines: 0, missing: answered.length }] = await ask<{ lines: number; missing: number }>(
      postgres.url,
      `SELECT (SELECT count(*)::int FROM organization.access_register WHERE request_id LIKE 'torture-%') AS lines,
         count(*)::int AS missing
       FROM unnest($1::text[]) AS answered (id)
       WHERE NOT EXISTS (SELECT FROM organization.access_register WHERE request_id = answered.id AND result = 'granted')`,
      [answered],
    );
    const auditor = await signIn(last, 'auditor');
    const { body } = await last.call('POST', '/care-api/organization/v1/registerVerification', auditor, {});
    const { ok, lines: verified, broken } = body as { ok: boolean; lines: number; broken: unknown[] };
    const isRight = missing === 0 && ok && killed === kills;
    console.log(
      JSON.stringify({
        name: 'register', seed, kills: killed, answered: answered.length, unanswered, registered: lines, missing,
        chain: { whole: ok, lines: verified, broken }, verdict: isRight ? 'ok' : 'failed',
      }), // prettier-ignore
    );
    return isRight;
  } finally {
    await application?.end('SIGKILL').catch(() => undefined);
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function ask<R extends pg.QueryResultRow>(url: string, sql: string, params: unknown[]): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(sql, params)).rows;
  } finally {
    await client.end();
  }
}
