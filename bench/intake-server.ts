import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { firstWordOf } from './served-application.js';

export interface IntakeServer {
  readonly address: string;
  /** `X-API-Key` of the source BOSS. */
  readonly key: string;
  /** Seconds until the file was answered as loaded. */
  push(path: string): Promise<number>;
  /** Since it was last asked. */
  peakRssMb(): Promise<number>;
  /** At once, as when the power goes. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const SERVER_SCRIPT = `
  const { startApplication } = await import(process.env.BENCH_APPLICATION);
  const { OrganizationFacade } = await import(process.env.BENCH_ORGANIZATION);
  const running = await startApplication(process.env, () => undefined);
  const { key } = await running.app.get(OrganizationFacade).ensureSystemKey('bench', 'boss', 'BOSS');
  let peak = 0;
  setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20).unref();
  process.on('message', () => { process.send({ rss: peak }); peak = 0; });
  process.send({ address: running.address, key });`;

/** The API in a process of its own (role api), over a database that outlives it. */
export async function startIntakeServer(
  databaseUrl: string,
  dataDir: string,
  secrets: Readonly<Record<string, string>>,
): Promise<IntakeServer> {
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', SERVER_SCRIPT], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      GUIBIN_ROLE: 'api',
      GUIBIN_REQUESTS_PER_MINUTE: '0',
      GUIBIN_DATA_DIR: dataDir,
      ...secrets,
      PORT: '0',
      LOG_LEVEL: 'error',
      BENCH_APPLICATION: new URL('../src/startup/application.js', import.meta.url).href,
      BENCH_ORGANIZATION: new URL('../src/modules/organization/index.js', import.meta.url).href,
    },
  });
  const started = await firstWordOf<{ address: string; key: string }>(child);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return; // there is no end to wait for any more
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  return {
    ...started,
    push: async (path) => {
      const began = performance.now();
      const response = await fetch(`${started.address}/care-api/intake/v1/file?name=${basename(path)}`, {
        method: 'POST',
        headers: { 'x-api-key': started.key, 'content-type': 'application/gzip' },
        body: Readable.toWeb(createReadStream(path)) as ReadableStream,
        duplex: 'half',
      });
      const answer = (await response.json()) as { state?: string };
      if (answer.state !== 'OK') throw new Error(`${basename(path)} was not loaded: ${JSON.stringify(answer)}`);
      return round((performance.now() - began) / 1000);
    },
    peakRssMb: async () => {
      child.send('rss');
      const [{ rss }] = (await once(child, 'message')) as [{ rss: number }];
      return Math.round(rss / 1e6);
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
