import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { DataDirectoryInUse, startEmbeddedPostgres } from '../../../src/platform/database/embedded-postgres.js';
import { transpiled } from '../../support/transpiled.mjs';

const say = (): void => undefined;

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A killed process that its parent has not waited for is dead too. */
const isAlive = async (pid: number): Promise<boolean> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat !== undefined && !stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
};

describe('the embedded database', () => {
  let dataDir: string;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'guibin-embedded-'));
    await chmod(dataDir, 0o755);
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('keeps its data between starts', async () => {
    const first = await startEmbeddedPostgres({ dataDir, say });
    await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    const second = await startEmbeddedPostgres({ dataDir, say });
    expect(await ask(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await second.stop();
  });

  it('stops the server that a killed application left behind, and starts anew', async () => {
    const module = await transpiled('src/platform/database/embedded-postgres.ts');
    const script = `
      const { startEmbeddedPostgres } = await import(${JSON.stringify(module)});
      const { url } = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, say() {} });
      console.log(url);
      setInterval(() => {}, 1000);`;
    const application = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [chunk] = (await once(application.stdout, 'data')) as [Buffer];
    const url = chunk.toString().trim();
    await ask(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await expect(startEmbeddedPostgres({ dataDir, say })).rejects.toThrow(DataDirectoryInUse);

    application.kill('SIGKILL');
    await once(application, 'exit');
    const orphan = Number((await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
    expect(await isAlive(orphan)).toBe(true);

    const said: string[] = [];
    const next = await startEmbeddedPostgres({ dataDir, say: (message) => said.push(message) });
    expect(said.join()).toContain('left behind');
    expect(await isAlive(orphan)).toBe(false);
    expect(await ask(next.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await next.stop();
  });

  it('is not stopped by a lock and a server file that name processes which are gone', async () => {
    const first = await startEmbeddedPostgres({ dataDir, say });
    await first.stop();
    await writeFile(join(dataDir, 'guibin.pid'), '4194303 1');
    await writeFile(join(dataDir, 'postgres/postmaster.pid'), '4194303\n/nowhere\n1\n1\n\nlocalhost\n 1 1\nready\n');
    const second = await startEmbeddedPostgres({ dataDir, say });
    expect(await ask(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await second.stop();
  });

  it('does not take a half-made cluster for a whole one', async () => {
    await writeFile(join(dataDir, 'postgres.creating'), 'what a killed first start left');
    const server = await startEmbeddedPostgres({ dataDir, say });
    expect(await ask(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
  });

  it('works below a folder that only its owner may enter, and starts over when its data directory is thrown away', async () => {
    await chmod(dataDir, 0o700);
    const options = { dataDir: join(dataDir, 'data'), say };
    const first = await startEmbeddedPostgres(options);
    await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    const second = await startEmbeddedPostgres(options);
    expect(await ask(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    await second.stop();
    const abandoned = await elsewhere(options.dataDir);
    await rm(options.dataDir, { recursive: true });
    const third = await startEmbeddedPostgres(options);
    await expect(ask(third.url, 'SELECT answer FROM kept')).rejects.toThrow('does not exist');
    await third.stop();
    for (const place of [abandoned, await elsewhere(options.dataDir)]) if (place) await rm(place, { recursive: true });
  });
});

/** Where the database of a closed data directory lives; nowhere else unless the test runs as root. */
const elsewhere = (directory: string): Promise<string | undefined> =>
  readFile(join(directory, 'postgres.location'), 'utf8').catch(() => undefined);
