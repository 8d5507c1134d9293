import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TableKinds } from '../../src/platform/database/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/** Every list of tables in the code: each module, and each part of the platform, names its own. */
async function declaredTables(): Promise<TableKinds> {
  const files = (await readdir('src', { recursive: true })).filter((file) => /(^|\/)tables\.ts$/.test(file));
  const lists = await Promise.all(
    files.map(async (file) => {
      const { tables } = (await import(pathToFileURL(join(process.cwd(), 'src', file)).href)) as { tables: TableKinds };
      return tables;
    }),
  );
  return Object.assign({}, ...lists) as TableKinds;
}

describe('tables are ready to be distributed', () => {
  let db: TestDatabase;
  let declared: TableKinds;

  beforeAll(async () => {
    db = await createTestDatabase();
    declared = await declaredTables();
  });
  afterAll(() => db.drop());

  it('names the kind of every table that exists, and of no other', async () => {
    const existing = await db.query<{ name: string }>(`
      SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'public', 'bullmq') ORDER BY 1`);
    expect(Object.keys(declared).sort()).toEqual(existing.map(({ name }) => name));
  });

  it('leads every key of a customer table with customer_id', async () => {
    const keys = await db.query<{ table: string; key: string; columns: string[] }>(`
      SELECT n.nspname || '.' || c.relname AS table, i.relname AS key,
        array_agg(a.attname::text ORDER BY k.position) AS columns
      FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS k (attribute, position)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attribute
      WHERE x.indisunique AND NOT c.relispartition GROUP BY 1, 2`);
    const wrong = keys.filter(({ table, columns }) => declared[table] === 'customer' && columns[0] !== 'customer_id');
    expect(wrong).toEqual([]);
    const keyed = new Set(keys.map(({ table }) => table));
    expect(Object.keys(declared).filter((table) => declared[table] === 'customer' && !keyed.has(table))).toEqual([]);
  });

  it('[AUD-02] hides the rows of customers and of tenants from whoever has no business with them', async () => {
    const policies = await db.query<{ table: string; roles: string; kind: string }>(`
      SELECT schemaname || '.' || tablename AS table, roles::text, permissive AS kind FROM pg_policies
      JOIN pg_class c ON c.relname = tablename AND c.relnamespace = schemaname::regnamespace AND c.relrowsecurity`);
    const isProtected = (table: string): boolean =>
      policies.some((each) => each.table === table && each.kind === 'RESTRICTIVE' && each.roles === '{guibin_request}');
    const owned = Object.keys(declared).filter((table) => ['customer', 'tenant'].includes(declared[table] ?? ''));
    expect(owned.filter((table) => !isProtected(table))).toEqual([]);
    expect(owned.length).toBeGreaterThan(15);
    expect(isProtected('tickets.service_level')).toBe(false);
    const views = await db.query<{ name: string }>(`
      SELECT c.oid::regclass::text AS name FROM pg_class c
      WHERE c.relkind = 'v' AND c.relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema', 'bullmq')
        AND NOT COALESCE(c.reloptions @> ARRAY['security_invoker=true'], false)`);
    expect(views).toEqual([]);
  });

  it('[AUD-02] lets the application reach a month only through its whole table, where the policies are', async () => {
    const reachable = await db.query(`
      SELECT c.oid::regclass::text AS name FROM pg_class c
      WHERE c.relispartition AND c.relkind = 'r' AND (has_table_privilege('guibin_app', c.oid, 'SELECT')
        OR has_table_privilege('guibin_request', c.oid, 'SELECT'))`);
    expect(reachable).toEqual([]);
  });

  it('[AUD-02] lets one role add to the months of usage directly, for COPY, and that role nothing else', async () => {
    await db.query(`SELECT usage.open_month('2025-01-17')`);
    const month = `'usage.usage_record_202501'::regclass`;
    for (const role of ['guibin_app', 'guibin_request']) {
      const rights = await db.query<{ right: string }>(
        `SELECT "right" FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS "right"
         WHERE has_table_privilege('${role}', ${month}, "right") OR has_any_column_privilege('${role}', ${month}, 'INSERT')`,
      );
      expect([role, rights]).toEqual([role, []]);
      expect(await db.query(`SELECT pg_has_role('${role}', 'guibin_intake', 'MEMBER') AS may`)).toEqual([
        { may: false },
      ]);
    }
    const rights = await db.query<{ name: string; right: string }>(`
      SELECT c.oid::regclass::text AS name, "right" FROM pg_class c,
        unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS "right"
      WHERE c.relkind IN ('r', 'p', 'v') AND c.relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')
        AND has_table_privilege('guibin_intake', c.oid, "right")`);
    expect(rights).toEqual([{ name: 'usage.usage_record_202501', right: 'INSERT' }]);
  });

  it('lets no foreign key leave its schema, except to the customer', async () => {
    const foreign = await db.query<{ from: string; to: string }>(`
      SELECT conrelid::regclass::text AS from, confrelid::regclass::text AS to FROM pg_constraint k
        JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class r ON r.oid = k.confrelid
      WHERE k.contype = 'f' AND c.relnamespace <> r.relnamespace`);
    expect(foreign.filter(({ to }) => to !== 'customers.customer')).toEqual([]);
  });

  it('uses neither sequences named serial nor triggers on customer tables', async () => {
    const triggers = await db.query<{ name: string }>(
      `SELECT tgrelid::regclass::text AS name FROM pg_trigger WHERE NOT tgisinternal`,
    );
    expect(triggers.filter(({ name }) => declared[name] === 'customer')).toEqual([]);
    const serials = await db.query(`
      SELECT table_schema, table_name FROM information_schema.columns
      WHERE column_default LIKE 'nextval%' AND table_schema NOT IN ('public', 'bullmq')`);
    expect(serials).toEqual([]);
  });
});
