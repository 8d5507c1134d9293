import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath, URL } from 'node:url';

export interface TrialWorker {
  /** SIGKILL: nothing in the process can see it coming. */
  kill(): Promise<void>;
  /** Resolves when the process has ended by itself. */
  readonly ended: Promise<void>;
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** A worker process of its own, ready to take jobs and events. */
export async function startTrialWorker(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<TrialWorker> {
  const child: ChildProcess = fork(path('./trial.process.ts'), {
    execArgv: ['--import', new URL('../../support/typescript-process.mjs', import.meta.url).href],
    env: { ...process.env, ...environment, NODE_OPTIONS: '' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code, signal) => reject(new Error(`The worker ended while it started (${code ?? signal})`)));
  });
  return {
    ended,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
