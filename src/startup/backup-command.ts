import { backUp } from './backup.js';
import { backupPlaces, databaseOfCommand } from './database-of-command.js';

/** `npm run backup -- DIR --vault FILE` */
const { directory, vaultFile } = backupPlaces(
  'npm run backup -- DIR --vault FILE\n  DIR: a new directory for the data\n  FILE: the keys of the customers, replaced each time; keep it apart from every DIR',
);
const database = await databaseOfCommand();
try {
  const { tables } = await backUp(database.url, directory, vaultFile);
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  console.log(
    `${rows} rows of ${tables.length} tables are in ${directory}, the keys of the customers in ${vaultFile}.`,
  );
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await database.stop();
}
