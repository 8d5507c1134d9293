import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';

export interface TestRedis {
  readonly url: string;
  /** Loses everything, as a server without persistence does when it restarts. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

export type RedisOrReason =
  { readonly redis: TestRedis; readonly reason?: undefined } | { readonly redis?: undefined; readonly reason: string };

const run = promisify(execFile);

/**
 * A real `redis-server` on a port of its own, from PATH or from the distribution's package. Where there is none and none
 * can be installed, says why; in CI that is an error.
 */
export async function startRedis(): Promise<RedisOrReason> {
  const started = await tryToStart();
  if (started.reason !== undefined && process.env.CI === 'true') throw new Error(started.reason);
  return started;
}

async function tryToStart(): Promise<RedisOrReason> {
  if (!(await isInstalled())) {
    if (process.getuid?.() !== 0) return { reason: 'there is no redis-server in PATH' };
    try {
      // Two suites may come here at once, and apt does not wait for itself.
      const install = 'command -v redis-server || { apt-get update -qq && apt-get install -y -qq redis-server; }';
      await run('flock', [join(tmpdir(), 'guibin-apt.lock'), 'sh', '-c', install], {
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    } catch {
      return { reason: 'there is no redis-server in PATH and the package could not be installed' };
    }
    if (!(await isInstalled())) return { reason: 'the package brought no redis-server' };
  }
  const port = await freePort();
  const directory = await mkdtemp(join(tmpdir(), 'guibin-redis-'));
  const server = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', directory],
    { stdio: 'ignore' },
  );
  const url = `redis://127.0.0.1:${port}`;
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  client.on('error', () => undefined); // refused until the server listens
  const isUp = await Promise.race([client.ping().then(() => true), exited(server).then(() => false)]);
  if (!isUp) {
    client.disconnect();
    await rm(directory, { recursive: true, force: true });
    return { reason: 'redis-server ended as soon as it was started' };
  }
  return {
    redis: {
      url,
      flush: async () => void (await client.flushall()),
      stop: async () => {
        client.disconnect();
        server.kill('SIGTERM');
        await exited(server);
        await rm(directory, { recursive: true, force: true });
      },
    },
  };
}

async function isInstalled(): Promise<boolean> {
  return run('redis-server', ['--version']).then(
    () => true,
    () => false,
  );
}

function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
