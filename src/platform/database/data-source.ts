import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { APPLICATION_ROLE } from './migration-tools.js';
import { installPgTypes } from './pg-types.js';

const applicationSession = `-c role=${APPLICATION_ROLE} -c timezone=UTC`;

interface Options {
  readonly url: string;
  readonly poolSize: number;
  readonly entities?: DataSourceOptions['entities'];
  /** So long a statement may run, unless its transaction says otherwise. Absent: for ever. */
  readonly statementSeconds?: number;
}

/** The application's connections: they log in with `url` and take the application role, so its grants bind. */
export function applicationDataSource({ url, poolSize, entities = [], statementSeconds = 0 }: Options): DataSource {
  installPgTypes();
  return new DataSource({
    type: 'postgres',
    url,
    entities,
    installExtensions: false,
    poolSize,
    extra: { options: `${applicationSession} -c statement_timeout=${statementSeconds}s` },
  });
}

/**
 * A few connections beside those of the data source, with the same rights: for work that others wait for and that must not
 * itself wait until one of them gives a connection back. Whoever asks for them ends them.
 */
export function connectionsBeside(
  source: DataSource,
  { max, timeoutMs }: { readonly max: number; readonly timeoutMs: number },
): pg.Pool {
  const { options } = source;
  if (options.type !== 'postgres') throw new Error('There is no other database than PostgreSQL');
  const pool = new pg.Pool({
    connectionString: options.url,
    options: `${applicationSession} -c statement_timeout=${timeoutMs}`,
    connectionTimeoutMillis: timeoutMs,
    max,
    allowExitOnIdle: true,
  });
  // An idle connection that ends is no news; the next use opens another.
  pool.on('error', () => undefined);
  return pool;
}
