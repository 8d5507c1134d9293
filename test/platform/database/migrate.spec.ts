import pg from 'pg';
import { getMetadataArgsStorage } from 'typeorm';
import { applicationDataSource } from '../../../src/platform/database/data-source.js';
import { loadMigrations, migrate } from '../../../src/platform/database/migrate.js';
import { createTestDatabase } from '../../support/database.js';

describe('migrations', () => {
  const cluster = new URL(process.env.TEST_CLUSTER_URL ?? '');
  let admin: pg.Client;
  let url: string;

  beforeAll(async () => {
    admin = new pg.Client({ connectionString: cluster.href });
    await admin.connect();
  });
  beforeEach(async () => {
    const name = `migrate_${Date.now()}`;
    await admin.query(`CREATE DATABASE ${name}`);
    url = Object.assign(new URL(cluster), { pathname: `/${name}` }).href;
  });
  afterEach(() => admin.query(`DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`));
  afterAll(() => admin.end());

  it('are applied once, however many processes start together', async () => {
    const applied = await Promise.all([migrate(url), migrate(url), migrate(url)]);
    expect(applied.flat()).toEqual((await loadMigrations()).map(({ name }) => name));
    expect(await migrate(url)).toEqual([]);
  });

  it('have not happened when they were killed, and happen at the next start', async () => {
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    await other.query(
      'CREATE TABLE guibin_migration (id serial PRIMARY KEY, timestamp bigint NOT NULL, name varchar NOT NULL)',
    );
    // Holds the first migration at its last statement, the entry that it is done.
    await other.query('BEGIN');
    await other.query('LOCK TABLE guibin_migration IN SHARE MODE');
    const killed = migrate(url);
    const cut = expect(killed).rejects.toThrow();
    for (let waiting = 0; waiting === 0;) {
      const { rowCount } = await admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND wait_event_type = 'Lock' AND query LIKE 'INSERT%'`,
        [new URL(url).pathname.slice(1)],
      );
      waiting = rowCount ?? 0;
    }
    await cut;
    await other.query('COMMIT');
    expect((await other.query(`SELECT to_regnamespace('platform') AS schema`)).rows).toEqual([{ schema: null }]);
    expect(await migrate(url)).toEqual((await loadMigrations()).map(({ name }) => name));
    await other.end();
  });

  it('agree with the entities', async () => {
    await import('../../../src/app.module.js');
    const entities = getMetadataArgsStorage().tables.map(({ target }) => target as new () => object);
    expect(entities.length).toBeGreaterThan(0);
    const db = await createTestDatabase();
    // As the owner: the difference is read from the catalogue, nothing is changed.
    const source = applicationDataSource({ url: db.url, poolSize: 2, entities });
    await source.initialize();
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    await source.destroy();
    await db.drop();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });
});
