import { loadSettings } from '../platform/config/index.js';
import { startEmbeddedPostgres } from '../platform/database/embedded-postgres.js';
import { migrate } from '../platform/database/migrate.js';

/** `npm run migrate`: brings the database up to date and ends. */
const settings = loadSettings(process.env);
const embedded = settings.databaseUrl
  ? undefined
  : await startEmbeddedPostgres({ dataDir: settings.dataDir, say: (message) => console.log(`▸ ${message}`) });
const applied = await migrate(settings.databaseUrl ?? embedded?.url ?? '');
console.log(applied.length === 0 ? 'The database is up to date.' : `Applied:\n  ${applied.join('\n  ')}`);
await embedded?.stop();
