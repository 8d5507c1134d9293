import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePopulation } from '../demo/index.js';
import { PROFILE_VIEW } from '../modules/customers/index.js';
import { OrganizationFacade } from '../modules/organization/index.js';
import { Database } from '../platform/database/index.js';
import type { RunningApplication, Say } from './application.js';
import { printSummary } from './print-summary.js';
import { pushFiles } from './push-files.js';
import { recomputeEverything } from './recompute.js';

/**
 * Fills an empty system with a population that a billing system could have sent: writes its BOSS files, pushes them
 * through the real intake over HTTP, and runs tiers, points and churn. Killed anywhere, the next start goes on with the
 * same files; what was already taken is not taken twice.
 */
export async function loadDemo(running: RunningApplication, say: Say): Promise<void> {
  const { app, settings, address } = running;
  const directory = join(settings.dataDir, 'demo');
  const manifest = join(directory, 'files.json');
  const finished = join(directory, 'finished');
  if (existsSync(finished)) return;
  const started = Date.now();
  if (!existsSync(manifest)) {
    const [found] = await app.get(Database).query(`SELECT FROM ${PROFILE_VIEW} LIMIT 1`);
    if (found) return;
    await writeFiles(settings.demoCustomers, directory, manifest, say);
  }
  const names = JSON.parse(await readFile(manifest, 'utf8')) as string[];
  const system = await app.get(OrganizationFacade).ensureSystemKey('demo billing system', 'boss', 'BOSS');
  say(`pushing ${names.length} BOSS files through the intake`);
  const paths = names.map((name) => join(directory, name));
  const totals = await pushFiles({ address, system, lane: 'backfill' }, paths, say);
  await recomputeEverything(running, '', say);
  await printSummary(app, totals, (Date.now() - started) / 1000);
  await writeFile(finished, '');
}

async function writeFiles(customers: number, directory: string, manifest: string, say: Say): Promise<void> {
  say(`writing the BOSS files of ${customers.toLocaleString('en')} customers`);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  let said = Date.now();
  const { files } = await writePopulation({
    customers,
    directory,
    onProgress: ({ customersWritten, customers: all }) => {
      if (Date.now() - said < 2000) return;
      said = Date.now();
      say(`  ${Math.floor((100 * customersWritten) / all)} %`);
    },
  });
  await writeFile(`${manifest}.new`, JSON.stringify(files.map((file) => file.name)));
  await rename(`${manifest}.new`, manifest);
}
