import { mkdtemp, mkdir, writeFile, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformFile } from '@swc/core';

/**
 * One PostgreSQL for the whole run, without durability. It is started by the application's own supervisor, which is
 * translated here because Jest transforms no global set-up.
 */
export default async function setUp() {
  if (process.env.TEST_CLUSTER_URL) return;
  const cache = join(process.cwd(), 'node_modules/.cache/guibin');
  await mkdir(cache, { recursive: true });
  const module = join(cache, `embedded-postgres.${process.pid}.mjs`);
  const { code } = await transformFile('src/platform/database/embedded-postgres.ts', {
    jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
  });
  await writeFile(module, code);
  const { startEmbeddedPostgres } = await import(pathToFileURL(module).href);
  const dataDir = await mkdtemp(join(tmpdir(), 'guibin-test-'));
  await chmod(dataDir, 0o755);
  const server = await startEmbeddedPostgres({
    dataDir,
    say: () => undefined,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '256MB', max_connections: '300' },
  });
  process.env.TEST_CLUSTER_URL = server.url;
  globalThis.guibinTestCluster = { server, dataDir, module };
}
