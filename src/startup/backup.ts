import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { CustomerErased } from '../modules/customers/index.js';
import { loadMigrations, migrate } from '../platform/database/migrate.js';

/** The keys of the customers: in no backup of the data, so that who is erased today is erased in every backup of yesterday. */
const VAULT = 'vault.subject_key';

export interface Manifest {
  readonly takenAt: string;
  /** Names, in order: data fits the tables that these make, and no others. */
  readonly migrations: readonly string[];
  readonly tables: readonly BackedUpTable[];
}

interface BackedUpTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** First days of its monthly partitions. */
  readonly months: readonly string[];
  readonly rows: number;
  readonly file: string;
  readonly sha256: string;
}

export class BackupRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BackupRefused';
  }
}

/**
 * Writes what the database holds at one moment into a new directory, a packed file for each table, and the vault beside it into a
 * file that replaces the former one. Work goes on meanwhile.
 * @throws BackupRefused
 */
export async function backUp(url: string, directory: string, vaultFile: string): Promise<Manifest> {
  if (resolve(vaultFile).startsWith(resolve(directory) + sep))
    throw new BackupRefused('The vault lies apart from the backup');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if ((await readdir(directory)).length > 0) throw new BackupRefused(`${directory} is not empty`);
  return connected(url, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    const { rows } = await client.query<{ now: Date }>('SELECT now()');
    const migrations = await appliedMigrations(client);
    const tables: BackedUpTable[] = [];
    for (const [nth, table] of (await tablesOf(client)).entries()) {
      const file = `${String(nth + 1).padStart(3, '0')}-${table.name}.copy.gz`;
      tables.push({ ...table, file, ...(await copyOut(client, table, join(directory, file))) });
    }
    const draft = `${vaultFile}.new`;
    await rm(draft, { force: true });
    await copyOut(client, { name: VAULT, columns: VAULT_COLUMNS }, draft);
    await client.query('COMMIT');
    const manifest: Manifest = { takenAt: (rows[0]?.now ?? new Date()).toISOString(), migrations, tables };
    await rename(draft, vaultFile);
    // Last: without it there is no backup.
    await writeFile(join(directory, 'manifest.json'), JSON.stringify(manifest, null, 2), { mode: 0o600 });
    return manifest;
  });
}

/**
 * Fills an empty database from a backup and today's vault, all or nothing. Who was erased since the backup is erased here again.
 * @throws BackupRefused
 */
export async function restore(
  url: string,
  directory: string,
  vaultFile: string,
): Promise<{ readonly rows: number; readonly erasedAgain: number; readonly withoutKey: number }> {
  const manifest = await readManifest(directory);
  const release = (await loadMigrations()).map(({ name }) => name);
  if (release.join() !== manifest.migrations.join())
    throw new BackupRefused('The backup is of another release: restore it with that one, then bring it up to date');
  for (const { file, sha256 } of manifest.tables) {
    if (basename(file) !== file || (await sha256Of(join(directory, file))) !== sha256)
      throw new BackupRefused(`${file} is not what was backed up`);
  }
  await connected(url, async (client) => {
    const { rows } = await client.query(`SELECT FROM pg_class WHERE relkind = 'r' AND relnamespace >= 16384 LIMIT 1`);
    const { rows: own } = await client.query(`SELECT FROM pg_tables WHERE schemaname = 'public' LIMIT 1`);
    if (rows.length + own.length > 0) throw new BackupRefused('The database is not empty');
  });
  await migrate(url);
  return connected(url, async (client) => {
    await client.query('BEGIN');
    const tables = await tablesOf(client);
    // Names of the manifest become SQL: they are no others than ours.
    const shapeOf = ({ name, columns }: Copied): string => `${name}(${columns.join()})`;
    if (tables.map(shapeOf).join() !== manifest.tables.map(shapeOf).join())
      throw new BackupRefused('The tables of the backup are not those of this release');
    // Migrations bring rows of their own: roles, rule sets, calendars. The backup has them as they were.
    await client.query(`TRUNCATE ${[...tables.map(({ name }) => name), VAULT].join(', ')}`);
    const inOrder = await parentsFirst(client, manifest.tables);
    for (const table of inOrder) {
      for (const month of table.months) {
        await client.query('SELECT platform.ensure_month_partition($1, $2, $3)', [...table.name.split('.'), month]);
      }
      const rows = await copyIn(client, table, join(directory, table.file));
      if (rows !== table.rows) throw new BackupRefused(`${table.name}: ${rows} of ${table.rows} rows arrived`);
    }
    await copyIn(client, { name: VAULT, columns: VAULT_COLUMNS }, vaultFile);
    await client.query(CONTINUE_SEQUENCES);
    const erasedAgain = await eraseAgain(client);
    const { rows } = await client.query<{ n: number }>(`SELECT count(*)::int AS n ${WITHOUT_KEY}`);
    await client.query('COMMIT');
    await client.query('ANALYZE');
    const restored = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    return { rows: restored, erasedAgain, withoutKey: rows[0]?.n ?? 0 };
  });
}

const VAULT_COLUMNS = ['subject_id', 'secret', 'created_at'];

// Times and numbers as text that means the same whatever the session's settings are.
const connected = async <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({
    connectionString: url,
    options: '-c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres',
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

/** Every table of ours, partitioned ones as a whole, but for the vault, the queue and the list of migrations. */
async function tablesOf(client: pg.Client): Promise<readonly Pick<BackedUpTable, 'name' | 'columns' | 'months'>[]> {
  const { rows } = await client.query<Pick<BackedUpTable, 'name' | 'columns' | 'months'>>(`
    SELECT format('%I.%I', n.nspname, c.relname) AS name,
      (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
       WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
      (SELECT COALESCE(json_agg(to_date(right(p.relname, 6), 'YYYYMM') ORDER BY p.relname), '[]') FROM pg_inherits i
       JOIN pg_class p ON p.oid = i.inhrelid WHERE i.inhparent = c.oid AND p.relname ~ '_[0-9]{6}$') AS months
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'public', 'bullmq', 'vault')
    ORDER BY 1`);
  return rows;
}

async function appliedMigrations(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>('SELECT name FROM public.guibin_migration ORDER BY timestamp');
  return rows.map(({ name }) => name);
}

type Copied = Pick<BackedUpTable, 'name' | 'columns'>;
const columnsOf = ({ columns }: Copied): string => columns.map((column) => `"${column}"`).join(', ');

async function copyOut(client: pg.Client, table: Copied, path: string): Promise<{ rows: number; sha256: string }> {
  const rows = client.query(copyTo(`COPY (SELECT ${columnsOf(table)} FROM ${table.name}) TO STDOUT`));
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(rows, createGzip({ level: 1 }), hashing, createWriteStream(path, { mode: 0o600, flags: 'wx' }));
  return { rows: rows.rowCount, sha256: hash.digest('hex') };
}

async function copyIn(client: pg.Client, table: Copied, path: string): Promise<number> {
  const rows = client.query(copyFrom(`COPY ${table.name} (${columnsOf(table)}) FROM STDIN`));
  await pipeline(createReadStream(path), createGunzip(), rows);
  return rows.rowCount;
}

async function readManifest(directory: string): Promise<Manifest> {
  const text = await readFile(join(directory, 'manifest.json'), 'utf8').catch(() => undefined);
  if (text === undefined) throw new BackupRefused(`${directory} holds no finished backup`);
  return JSON.parse(text) as Manifest;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** A row arrives after those that it refers to. */
async function parentsFirst<T extends Copied>(client: pg.Client, tables: readonly T[]): Promise<readonly T[]> {
  const { rows } = await client.query<{ child: string; parent: string }>(`
    SELECT format('%I.%I', cn.nspname, c.relname) AS child, format('%I.%I', pn.nspname, p.relname) AS parent
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace cn ON cn.oid = c.relnamespace
      JOIN pg_class p ON p.oid = k.confrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace
    WHERE k.contype = 'f' AND c.oid <> p.oid`);
  const placed = new Map<string, T>();
  while (placed.size < tables.length) {
    const ready = tables.filter(
      ({ name }) => !placed.has(name) && rows.every(({ child, parent }) => child !== name || placed.has(parent)),
    );
    if (ready.length === 0) throw new BackupRefused('Tables refer to each other in a circle');
    for (const table of ready) placed.set(table.name, table);
  }
  return [...placed.values()];
}

const CONTINUE_SEQUENCES = `
  DO $$ DECLARE identity record; BEGIN
    FOR identity IN SELECT format('%I.%I', table_schema, table_name) AS relation, column_name AS name
      FROM information_schema.columns WHERE is_identity = 'YES' AND table_schema NOT IN ('public', 'bullmq')
    LOOP
      EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, %L), COALESCE(max(%I), 0) + 1, false) FROM %s',
        identity.relation, identity.name, identity.name, identity.relation);
    END LOOP;
  END $$`;

const WITHOUT_KEY = `FROM customers.customer c WHERE c.erased_at IS NULL
  AND NOT EXISTS (SELECT FROM vault.subject_key k WHERE k.subject_id = c.customer_id)`;

/** Whose key is gone, was erased since: what else told who it was goes again, as far as the term allows (`customers.erase`). */
async function eraseAgain(client: pg.Client): Promise<number> {
  const { rowCount } = await client.query(
    `WITH erased AS (
       SELECT e.* FROM (SELECT array_agg(c.customer_id) AS ids ${WITHOUT_KEY}) gone,
         customers.erase(gone.ids, (now() AT TIME ZONE 'Asia/Shanghai')::date, now()) e
     )
     INSERT INTO platform.outbox (name, customer_id, payload, occurred_at, recorded_at)
     SELECT $1, erased_customer, jsonb_build_object('customerId', erased_customer, 'partyId', former_party), now(), now()
     FROM erased`,
    [CustomerErased.name],
  );
  return rowCount ?? 0;
}
