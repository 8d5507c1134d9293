import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { DataSource, type EntitySchema } from 'typeorm';
import { installPgTypes } from '../../src/platform/database/pg-types.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { applicationDataSource } from '../../src/platform/database/data-source.js';

export interface TestDatabase {
  /** URL of the owner of the tables; the application itself connects through {@link applicationDataSource}. */
  readonly url: string;
  /** Runs one statement as the owner. */
  query<R extends object = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /** A data source with the rights of the running application, closed with the database. */
  dataSource(entities?: readonly (EntitySchema | (new () => object))[], statementSeconds?: number): Promise<DataSource>;
  drop(): Promise<void>;
}

const TEMPLATE = 'guibin_template';

/** A database of its own with all migrations applied, cloned from a template that the first caller of the run makes. */
export async function createTestDatabase(): Promise<TestDatabase> {
  installPgTypes();
  const cluster = process.env.TEST_CLUSTER_URL;
  if (!cluster) throw new Error('Tests run through npm run jest, which starts the test database');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await inCluster(cluster, async (client) => {
    await client.query(`SELECT pg_advisory_lock(1)`);
    const made = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [TEMPLATE]);
    if (made.rowCount === 0) {
      const draft = `${TEMPLATE}_draft`;
      await client.query(`DROP DATABASE IF EXISTS ${draft}`);
      await client.query(`CREATE DATABASE ${draft}`);
      await migrate(urlOf(cluster, draft));
      await client.query(`ALTER DATABASE ${draft} RENAME TO ${TEMPLATE}`);
    }
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  });
  const url = urlOf(cluster, name);
  const owner = new pg.Pool({ connectionString: url, max: 4 });
  owner.on('error', () => undefined); // dropping the database ends idle connections
  const sources: DataSource[] = [];
  return {
    url,
    query: async <R extends object>(sql: string, params: readonly unknown[] = []) =>
      (await owner.query<R & Record<string, unknown>>(sql, params as unknown[])).rows,
    dataSource: async (entities = [], statementSeconds) => {
      const source = applicationDataSource({ url, poolSize: 20, entities: [...entities], statementSeconds });
      await source.initialize();
      sources.push(source);
      return source;
    },
    drop: async () => {
      await Promise.all(sources.map((source) => source.destroy()));
      await owner.end();
      await inCluster(cluster, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
    },
  };
}

function urlOf(cluster: string, database: string): string {
  const url = new URL(cluster);
  url.pathname = `/${database}`;
  return url.href;
}

async function inCluster(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
