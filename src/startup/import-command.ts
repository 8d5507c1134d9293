import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeIbmTelco } from '../demo/index.js';
import { OrganizationFacade } from '../modules/organization/index.js';
import { startApplication } from './application.js';
import { printSummary } from './print-summary.js';
import { pushFiles } from './push-files.js';
import { recomputeEverything } from './recompute.js';

const say = (message: string): void => console.log(`▸ ${message}`);

/** `npm run import -- ibm-telco FILE`: a public set as BOSS files, through the intake, and the runs over everybody. */
const [kind, csvPath] = process.argv.slice(2);
if (kind !== 'ibm-telco' || !csvPath) {
  console.error('npm run import -- ibm-telco FILE\n  FILE: ibm-telco-customer-churn.csv of the public IBM Telco set');
  process.exit(1);
}
// A port of its own: nobody else is to talk to it meanwhile.
const running = await startApplication({ ...process.env, PORT: '0', GUIBIN_ROLE: 'all' }, say);
const { app, settings, address } = running;
// With a database from outside nobody has made it yet.
await mkdir(settings.dataDir, { recursive: true });
const directory = await mkdtemp(join(settings.dataDir, 'import-'));
try {
  const started = Date.now();
  const { files, summary } = await writeIbmTelco({ csvPath, directory });
  say(
    `${summary.customers} customers in the file: ${summary.departed} of them departed, ` +
      `${summary.newcomersWithoutBill} with a blank TotalCharges (tenure 0): they join without a bill`,
  );
  const system = await app.get(OrganizationFacade).ensureSystemKey('ibm-telco import', 'boss', 'IBMTELCO');
  const totals = await pushFiles(
    { address, system },
    files.map(({ path }) => path),
    say,
  );
  say(
    totals.newlyLoaded === 0
      ? 'nothing new: every file had been loaded before'
      : `${totals.newlyLoaded} records loaded`,
  );
  const runs = await recomputeEverything(running, '.ibm_telco', say);
  for (const { kind, key, counts, checksum } of runs)
    say(`${kind} ${key}: ${JSON.stringify(counts)}, checksum ${checksum}`);
  await printSummary(app, totals, (Date.now() - started) / 1000);
} finally {
  await rm(directory, { recursive: true, force: true });
  await running.stop();
}
process.exit(0);
