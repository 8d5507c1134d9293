import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';

type MigrationClass = new () => MigrationInterface;

const here = fileURLToPath(import.meta.url);
const migrationsDirectory = join(dirname(here), '../../../migrations');

/** The migrations of this release, in order. */
export async function loadMigrations(): Promise<MigrationClass[]> {
  const files = (await readdir(migrationsDirectory)).filter((file) => /^\d{13}-[\w-]+\.(ts|js)$/.test(file)).sort();
  const classes: MigrationClass[] = [];
  for (const file of files.filter((file) => extname(file) === extname(here))) {
    const loaded = (await import(pathToFileURL(join(migrationsDirectory, file)).href)) as Record<
      string,
      MigrationClass
    >;
    const found = Object.values(loaded);
    if (found.length !== 1 || !found[0]) throw new Error(`${basename(file)} must export exactly one migration`);
    classes.push(found[0]);
  }
  return classes;
}

/**
 * Brings the database of `url` (its owner's) to this release and returns the names of what was applied. Every migration
 * is one transaction, so a killed one has not happened; several processes that start together take turns.
 */
export async function migrate(url: string): Promise<string[]> {
  const turn = new pg.Client({ connectionString: url });
  await turn.connect();
  try {
    await turn.query(`SELECT pg_advisory_lock(hashtext('guibin.migrate'))`);
    const source = new DataSource({
      type: 'postgres',
      url,
      installExtensions: false,
      migrations: await loadMigrations(),
      migrationsTableName: 'guibin_migration',
      migrationsTransactionMode: 'each',
    });
    await source.initialize();
    try {
      return (await source.runMigrations()).map((migration) => migration.name);
    } finally {
      await source.destroy();
    }
  } finally {
    await turn.end();
  }
}
