import { loadSettings } from '../platform/config/index.js';
import { runningEmbeddedPostgres, startEmbeddedPostgres } from '../platform/database/embedded-postgres.js';

/** The database that a command works on: the given one, the one of the application that runs here, or its own, started for it. */
export async function databaseOfCommand(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const { databaseUrl, dataDir } = loadSettings(process.env);
  const url = databaseUrl ?? (await runningEmbeddedPostgres(dataDir));
  if (url) return { url, stop: () => Promise.resolve() };
  return startEmbeddedPostgres({ dataDir, say: (message) => console.log(`▸ ${message}`) });
}

/** `DIR --vault FILE` */
export function backupPlaces(usage: string): { readonly directory: string; readonly vaultFile: string } {
  const [directory, flag, vaultFile, ...more] = process.argv.slice(2);
  if (directory && flag === '--vault' && vaultFile && more.length === 0) return { directory, vaultFile };
  console.error(usage);
  process.exit(1);
}
