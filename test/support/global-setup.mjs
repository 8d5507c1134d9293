import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transpiled } from './transpiled.mjs';

/** One PostgreSQL for the whole run, without durability, started by the application's own supervisor. */
export default async function setUp() {
  if (process.env.TEST_CLUSTER_URL) return;
  const { startEmbeddedPostgres } = await import(await transpiled('src/platform/database/embedded-postgres.ts'));
  const dataDir = await mkdtemp(join(tmpdir(), 'guibin-test-'));
  await chmod(dataDir, 0o755);
  const server = await startEmbeddedPostgres({
    dataDir,
    say: () => undefined,
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      shared_buffers: '256MB',
      max_connections: '300',
    },
  });
  process.env.TEST_CLUSTER_URL = server.url;
  globalThis.guibinTestCluster = { server, dataDir };
}
