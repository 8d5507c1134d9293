import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import { EraseCustomer } from '../../src/modules/customers/application/erase-customer.js';
import { ReadCustomers } from '../../src/modules/customers/application/read-customers.query.js';
import { applicationDataSource } from '../../src/platform/database/data-source.js';
import { Database, newId } from '../../src/platform/database/index.js';
import { backUp, BackupRefused, restore } from '../../src/startup/backup.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aSnapshot, customersOn, NOW } from '../modules/customers/support.js';

const LONG_AGO = new Date('2023-06-30T10:00:00+08:00');

describe('[AUD-04] a backup of the data', () => {
  let db: TestDatabase;
  let on: Awaited<ReturnType<typeof customersOn>>;
  let home: string;
  let vault: string;
  let gone: string;
  let stays: string;
  const made: string[] = [];

  beforeAll(async () => {
    db = await createTestDatabase();
    on = await customersOn(db);
    home = await mkdtemp(join(tmpdir(), 'guibin-backup-'));
    vault = join(home, 'vault.gz');
    const left = { status: 'TERMINATED' as const, statusAt: LONG_AGO, eventTime: LONG_AGO };
    const [first, second] = await on.apply(
      aSnapshot({ accountNo: 'G-1', idNumber: 'gone', ...left }),
      aSnapshot({
        accountNo: 'S-1',
        idNumber: 'stays',
        msisdn: '13800138001',
        name: '李"雷\\\n\t',
      }),
    );
    [gone, stays] = [first?.customerId ?? '', second?.customerId ?? ''];
    for (const month of ['2025-12-01', '2026-01-01']) {
      await db.query(`SELECT platform.ensure_month_partition('usage', 'usage_record', $1)`, [month]);
      await db.query(
        `INSERT INTO usage.usage_record (customer_id, file_id, event_time, recorded_at, content_hash, volume_kb, fee_fen, tax_fen,
           month, duration_sec, event_count, event_type, counterparty_class, operation, version, is_current, source, record_id)
         SELECT $1, $2, $3::date, $3::date, 1, n, 5, 0, $3::date, 60, 1, 1, 1, 1, 1, true, 'BOSS', 'U-' || n FROM generate_series(1, 500) n`,
        [stays, newId(), month],
      );
    }
  });
  afterAll(async () => {
    await db.drop();
    await rm(home, { recursive: true, force: true });
    await inCluster(async (client) => {
      for (const name of made) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    });
  });

  async function anEmptyDatabase(): Promise<string> {
    const name = `restored_${randomBytes(6).toString('hex')}`;
    await inCluster((client) => client.query(`CREATE DATABASE ${name}`));
    made.push(name);
    const url = new URL(process.env.TEST_CLUSTER_URL ?? '');
    url.pathname = `/${name}`;
    return url.href;
  }

  /** The customer as the application shows it on that database, with the same keys in its environment. */
  async function shownOn(url: string, customerId: string) {
    const source = applicationDataSource({ url, poolSize: 2 });
    await source.initialize();
    try {
      return await new ReadCustomers(new Database(source), on.personalData).one(customerId);
    } finally {
      await source.destroy();
    }
  }

  it('comes back whole, and without the keys of the customers opens nobody', async () => {
    const directory = join(home, 'first');
    const manifest = await backUp(db.url, directory, vault);
    const url = await anEmptyDatabase();
    const answer = await restore(url, directory, vault);
    expect(answer).toEqual({
      rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0),
      erasedAgain: 0,
      withoutKey: 0,
    });
    expect(await contentOf(url)).toEqual(await contentOf(db.url));
    expect(await shownOn(url, stays)).toEqual(await read(stays));

    for (const file of [...(await readdir(directory)).map((name) => join(directory, name)), vault]) {
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    }
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    const [key] = await db.query<{ secret: Buffer }>('SELECT secret FROM vault.subject_key LIMIT 1');
    const secret = key?.secret.toString('hex') ?? 'none';
    const files = (await readdir(directory)).filter((name) => name.endsWith('.gz'));
    for (const name of files)
      expect(gunzipSync(await readFile(join(directory, name))).toString()).not.toContain(secret);
    expect(gunzipSync(await readFile(vault)).toString()).toContain(secret);
  });

  it('of before an erasure does not bring anybody back who was erased since', async () => {
    await on.transaction.run((tx) =>
      new EraseCustomer(on.outbox, { now: () => NOW }).execute(tx, {
        customerId: gone, reason: 'asked for', requestedBy: 'a', approvedBy: 'b',
      }),
    ); // prettier-ignore
    const after = join(home, 'second');
    await backUp(db.url, after, vault);

    const url = await anEmptyDatabase();
    const answer = await restore(url, join(home, 'first'), vault);
    expect(answer).toMatchObject({ erasedAgain: 1, withoutKey: 0 });
    expect(await shownOn(url, gone)).toMatchObject({
      identity: {},
      msisdn: undefined,
      accountNo: undefined,
      isErased: true,
    });
    expect(await shownOn(url, stays)).toMatchObject({ identity: { name: '李"雷\\\n\t' }, msisdn: '+8613800138001' });
    // Nor by way of the files themselves: with all keys of the environment and of the vault the envelope stays shut.
    const party = await fileOf('first', 'customers.party');
    const opened = [...party.matchAll(/\\\\x(02[0-9a-f]+)/g)].map(([, hex = '']) => Buffer.from(hex, 'hex'));
    const secrets = await db.query<{ secret: Buffer }>('SELECT secret FROM vault.subject_key');
    const [id] = /^[0-9a-f-]{36}/m.exec(party) ?? [''];
    expect(opened).toHaveLength(2);
    const ids = [...party.matchAll(/^([0-9a-f-]{36})/gm)].map(([, partyId]) => partyId);
    const readable = opened.filter((envelope, i) =>
      secrets.some(({ secret }) => opens(envelope, `party.identity:${ids[i]}`, secret)),
    );
    expect(id).not.toBe('');
    expect(readable).toHaveLength(1);

    const second = await anEmptyDatabase();
    expect(await restore(second, after, vault)).toMatchObject({ erasedAgain: 0, withoutKey: 0 });
    expect(await contentOf(second)).toEqual(await contentOf(db.url));
  });

  it('is refused when something is missing or was changed, or would be written over something', async () => {
    const directory = join(home, 'first');
    await expect(backUp(db.url, directory, vault)).rejects.toThrow('is not empty');
    await expect(backUp(db.url, join(home, 'third'), join(home, 'third', 'vault.gz'))).rejects.toThrow('lies apart');
    await expect(restore(db.url, directory, vault)).rejects.toThrow('The database is not empty');
    await expect(restore(await anEmptyDatabase(), join(home, 'nowhere'), vault)).rejects.toThrow(BackupRefused);

    const manifest = await readFile(join(directory, 'manifest.json'), 'utf8');
    await writeFile(join(directory, 'manifest.json'), manifest.replace('SubjectKeys', 'OtherKeys'));
    await expect(restore(await anEmptyDatabase(), directory, vault)).rejects.toThrow('another release');
    await writeFile(join(directory, 'manifest.json'), manifest);
    const file = join(directory, (await readdir(directory)).find((name) => name.includes('customers.party.')) ?? '');
    const whole = await readFile(file);
    await truncate(file, whole.length - 10);
    await expect(restore(await anEmptyDatabase(), directory, vault)).rejects.toThrow('is not what was backed up');
    await writeFile(file, whole);

    const cut = join(home, 'cut.gz');
    await writeFile(cut, (await readFile(vault)).subarray(0, -20));
    await chmod(cut, 0o600);
    const url = await anEmptyDatabase();
    await expect(restore(url, directory, cut)).rejects.toThrow();
    expect(await rowsOf(url, 'customers.customer')).toBe(0);
  });

  const read = (id: string) => new ReadCustomers(on.database, on.personalData).one(id);

  async function fileOf(backup: string, table: string): Promise<string> {
    const name = (await readdir(join(home, backup))).find((each) => each.endsWith(`-${table}.copy.gz`)) ?? '';
    return gunzipSync(await readFile(join(home, backup, name))).toString();
  }

  function opens(envelope: Buffer, context: string, secret: Buffer): boolean {
    try {
      return on.personalData.open(envelope, context, secret).length > 0;
    } catch {
      return false;
    }
  }
});

/** A digest of every table but the list of migrations, whose times differ. */
async function contentOf(url: string): Promise<unknown> {
  return connected(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(`
      SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'public') ORDER BY 1`);
    const digests: unknown[] = [];
    for (const { name } of rows) {
      const sql = `SELECT count(*), sum(hashtextextended(t::text, 0)::numeric)::text AS hash FROM ${name} t`;
      digests.push([name, (await client.query(sql)).rows]);
    }
    return digests;
  });
}

const rowsOf = (url: string, table: string): Promise<number | undefined> =>
  connected(
    url,
    async (client) => (await client.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]?.n,
  );

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const inCluster = (work: (client: pg.Client) => Promise<unknown>): Promise<unknown> =>
  connected(process.env.TEST_CLUSTER_URL ?? '', work);
