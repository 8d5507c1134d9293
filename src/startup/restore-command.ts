import { restore } from './backup.js';
import { backupPlaces, databaseOfCommand } from './database-of-command.js';

/** `npm run restore -- DIR --vault FILE` */
const { directory, vaultFile } = backupPlaces(
  'npm run restore -- DIR --vault FILE\n  DIR: a backup\n  FILE: the latest copy of the keys of the customers\n  The database must be empty.',
);
const database = await databaseOfCommand();
try {
  const { rows, erasedAgain, withoutKey } = await restore(database.url, directory, vaultFile);
  console.log(`${rows} rows are back. ${erasedAgain} customers were erased since, and are erased again.`);
  if (withoutKey > 0)
    console.log(
      `${withoutKey} customers have no key: the copy of the keys is older than the backup. Look for a later one.`,
    );
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await database.stop();
}
