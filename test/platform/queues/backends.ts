import type { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { startRedis, type TestRedis } from '../../support/redis.js';

export interface Backend {
  readonly name: string;
  readonly redis: TestRedis | undefined;
  /** Set when the backend could not be started here: its tests are skipped, and say why. */
  readonly missing: string | undefined;
}

/** Both places where jobs can wait; the tests of the queues run on each. */
export async function startBackends(): Promise<readonly Backend[]> {
  const { redis, reason } = await startRedis();
  const missing = reason === undefined ? undefined : `Redis could not be started: ${reason}`;
  return [
    { name: 'on PostgreSQL', redis: undefined, missing: undefined },
    { name: missing ? `on Redis (not shown: ${missing})` : 'on Redis', redis, missing },
  ];
}

/** The queue forgets everything: jobs, timetables, ids. */
export async function loseQueue(redis: TestRedis | undefined, database: TestDatabase): Promise<void> {
  if (redis) return redis.flush();
  const [all] = await database.query<{ names: string }>(
    `SELECT string_agg('bullmq.' || quote_ident(tablename), ', ') AS names FROM pg_tables
     WHERE schemaname = 'bullmq' AND tablename <> 'migration'`,
  );
  // Workers lock these tables in an order of their own: of a deadlock with them either side may be the victim.
  await eventually(() =>
    database.query(`TRUNCATE ${all?.names}`).then(
      () => true,
      (error: { readonly code?: string }) => {
        if (error.code !== '40P01') throw error;
        return false;
      },
    ),
  );
}
