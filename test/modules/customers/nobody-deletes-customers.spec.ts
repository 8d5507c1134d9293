import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { APPLICATION_ROLE, type TableKinds } from '../../../src/platform/database/migration-tools.js';
import { REQUEST_ROLE } from '../../../src/platform/database/acting.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

/** What of customers the application deletes, and why that loses nothing of them. */
const DELETED: Readonly<Record<string, string>> = {
  'analytics.churn_score': 'a score is made anew by every assessment',
  'customers.customer_session': 'sessions that are over',
  'customers.fact_source': 'the source of a fact goes with the fact',
  'customers.subject_export_chunk': 'copies that were fetched or have expired',
  'points.point_account': 'sums of the ledger, rebuilt from it',
  'points.point_bucket': 'sums of the ledger, rebuilt from it',
  'tiering.incremental_customer': 'whose changed profile a run has taken up, until its end',
  'tiering.pending_downgrade': 'what a run would lower, until it is carried out as a decision or decided anew',
  'tiering.tier_grace': 'an announced downgrade that came or was taken back; both are decisions',
  'tiering.preview_drop': 'whom a preview of rules names, until it can be approved by no more; nothing was decided',
  'usage.bill_preference': 'how an erased customer wanted the bill',
  'usage.arrears_day': 'a snapshot of a day is made anew from what billing says; after a year nobody compares with it',
  'usage.itemised_list':
    'requests of more than a year ago, and those of an erased customer; the lists are read from the usage',
};

describe('[CUS-35] service staff may not delete customer data', () => {
  let db: TestDatabase;

  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.drop());

  async function tablesOfCustomers(): Promise<string[]> {
    const files = (await readdir('src/modules', { recursive: true })).filter((file) => /(^|\/)tables\.ts$/.test(file));
    const lists = await Promise.all(
      files.map(async (file) => {
        const path = pathToFileURL(join(process.cwd(), 'src/modules', file)).href;
        return ((await import(path)) as { tables: TableKinds }).tables;
      }),
    );
    const kinds = Object.assign({}, ...lists) as TableKinds;
    const directories = ['party', 'party_directory', 'msisdn_directory', 'account_directory'].map(
      (t) => `customers.${t}`,
    );
    const others = ['vault.subject_key', 'usage.subscription_record', 'usage.rejected_record', 'routing.contact'];
    return [...Object.keys(kinds).filter((table) => kinds[table] === 'customer'), ...directories, ...others].sort();
  }

  it('neither may the application, but for what is made anew or has served', async () => {
    const tables = await tablesOfCustomers();
    expect(tables.length).toBeGreaterThan(25);
    const may = await db.query<{ name: string }>(
      `SELECT DISTINCT name FROM unnest($1::text[]) name, unnest($2::text[]) role
       WHERE has_table_privilege(role, name, 'DELETE') OR has_table_privilege(role, name, 'TRUNCATE') ORDER BY name`,
      [tables, [APPLICATION_ROLE, REQUEST_ROLE]],
    );
    expect(may.map(({ name }) => name)).toEqual(Object.keys(DELETED).sort());
  });

  it('and each of those exceptions is used', async () => {
    const sources = (await readdir('src/modules', { recursive: true })).filter((file) => /(?<!\.spec)\.ts$/.test(file));
    const code = (await Promise.all(sources.map((file) => readFile(join('src/modules', file), 'utf8')))).join('\n');
    for (const table of Object.keys(DELETED)) expect(code).toContain(`DELETE FROM ${table}`);
  });

  it('may call the two functions that take customers away, which look at the term themselves; nobody else may', async () => {
    const open = await db.query(`
      SELECT p.oid::regprocedure::text AS name, p.prosecdef AS definer, has_function_privilege('${APPLICATION_ROLE}', p.oid, 'EXECUTE') AS ours,
        EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0) AS everybodys
      FROM pg_proc p WHERE p.pronamespace = 'customers'::regnamespace AND p.proname IN ('erase', 'withdraw') ORDER BY 1`);
    expect(open).toEqual([
      { name: 'customers.erase(uuid[],date,timestamp with time zone)', definer: true, ours: true, everybodys: false },
      { name: 'customers.withdraw(uuid)', definer: true, ours: true, everybodys: false },
    ]);
  });
});
