import { rm } from 'node:fs/promises';

export default async function tearDown() {
  const cluster = globalThis.guibinTestCluster;
  if (!cluster) return;
  await cluster.server.stop();
  await rm(cluster.dataDir, { recursive: true, force: true });
}
