import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const MAIN = 'dist/src/main.js';

/** The compiled application in a process of its own, as `npm start` runs it. */
export class StartedApplication {
  private output = '';
  private exitCode: number | null | undefined;

  private constructor(readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.once('exit', (code) => (this.exitCode = code));
  }

  static start(environment: Readonly<Record<string, string>>): StartedApplication {
    if (!existsSync(MAIN)) throw new Error('This test starts the compiled application: npm run build first');
    const env = {
      ...process.env,
      DATABASE_URL: '',
      REDIS_URL: '',
      NODE_ENV: 'development',
      NODE_OPTIONS: '',
      PORT: '0',
      ...environment,
    };
    return new StartedApplication(spawn(process.execPath, [MAIN], { stdio: ['ignore', 'pipe', 'pipe'], env }));
  }

  /** All that it has said so far. */
  get said(): string {
    return this.output;
  }

  /** The first match in what it says; an error when it ends before. */
  async says(pattern: RegExp, withinMs = 240_000): Promise<RegExpExecArray> {
    for (const end = Date.now() + withinMs; Date.now() < end; await sleep(20)) {
      const found = pattern.exec(this.output);
      if (found) return found;
      if (this.exitCode !== undefined) break;
    }
    throw new Error(`It never said ${pattern}, but:\n${this.output}`);
  }

  async ready(): Promise<string> {
    return (await this.says(/ready on (http:\S+)/))[1] ?? '';
  }

  /** Sends the signal, if any, and returns the exit code. */
  async end(signal?: NodeJS.Signals): Promise<number | null> {
    if (this.exitCode === undefined) {
      const exit = once(this.child, 'exit');
      if (signal) this.child.kill(signal);
      await exit;
    }
    return this.exitCode ?? null;
  }
}
