import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEMO_CALENDAR, writePopulation } from '../demo/index.js';
import { OrganizationFacade } from '../modules/organization/index.js';
import { Database } from '../platform/database/index.js';
import type { RunningApplication, Say } from './application.js';
import { printSummary } from './print-summary.js';
import { pushFiles, type PushTotals } from './push-files.js';
import { recompute } from './recompute.js';

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
  if (!existsSync(manifest)) {
    const [found] = await app.get(Database).query('SELECT 1 FROM customers.profile LIMIT 1');
    if (found) return;
    await writeFiles(settings.demoCustomers, directory, manifest, say);
  }
  const started = Date.now();
  const paths = JSON.parse(await readFile(manifest, 'utf8')) as string[];
  const apiKey = await app.get(OrganizationFacade).ensureSystemKey('demo billing system', 'boss', 'BOSS');
  say(`pushing ${paths.length} BOSS files through the intake`);
  const totals: PushTotals = await pushFiles({ address, apiKey }, paths.map((name) => join(directory, name)), say);
  await recomputeEverything(running, 'demo', say);
  await printSummary(running, totals, (Date.now() - started) / 1000);
  await writeFile(finished, '');
}

/** Tiers, then the points of every month (their factor is the tier's), then the risk of leaving. */
export async function recomputeEverything({ app }: RunningApplication, key: string, say: Say): Promise<void> {
  const { asOf, months } = DEMO_CALENDAR;
  say(`deciding tiers as of ${asOf}`);
  await recompute(app, { kind: 'tiering.review', key: `${key}:${asOf}`, asOf }, say);
  say(`earning points from the bills of ${months.length} months`);
  for (const month of months) {
    await recompute(app, { kind: 'points.accrue', key: `${key}:${month}`, asOf, parameters: { cycle: month } }, say);
  }
  say('scoring the risk of leaving');
  await recompute(app, { kind: 'analytics.churn', key: `${key}:${asOf}`, asOf }, say);
}

async function writeFiles(customers: number, directory: string, manifest: string, say: Say): Promise<void> {
  say(`writing the BOSS files of ${customers.toLocaleString('en')} customers and ${DEMO_CALENDAR.months.length} months`);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  let said = Date.now();
  const { files } = await writePopulation({
    customers,
    directory,
    onProgress: (done: number, total: number) => {
      if (Date.now() - said < 2000) return;
      said = Date.now();
      say(`  ${Math.floor((100 * done) / total)} %`);
    },
  });
  await writeFile(`${manifest}.new`, JSON.stringify(files.map((file) => file.name)));
  await rename(`${manifest}.new`, manifest);
}
