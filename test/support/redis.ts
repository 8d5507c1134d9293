import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { needsProgram } from './debian-package.js';
import { eventually } from './eventually.js';

export interface TestRedis {
  readonly url: string;
  /** Loses everything, as a server without persistence does when it restarts. */
  flush(): Promise<void>;
  /** Resolves when so many others have connected and found it ready. */
  isUsedBy(others: number): Promise<void>;
  stop(): Promise<void>;
}

export type RedisOrReason =
  { readonly redis: TestRedis; readonly reason?: undefined } | { readonly redis?: undefined; readonly reason: string };

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
  const missing = await needsProgram('redis-server', 'redis-server');
  if (missing !== undefined) return { reason: missing };
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
      isUsedBy: async (others) => {
        const ready = async (): Promise<number> =>
          String(await client.client('LIST'))
            .split('\n')
            .filter((line) => / cmd=info/.test(line)).length;
        await eventually(async () => (await ready()) >= others);
      },
      stop: async () => {
        client.disconnect();
        server.kill('SIGTERM');
        await exited(server);
        await rm(directory, { recursive: true, force: true });
      },
    },
  };
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
