import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { SEED } from './seed.js';

/** Runs `npm run torture -- …` with fewer of everything; answers how it ended, and the last line that it printed. */
export async function tortured(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly verdict: object; readonly output: string }> {
  const torture = spawn(process.execPath, ['dist/bench/torture.js', ...args, '--seed', String(SEED)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: 'development' },
  });
  let output = '';
  torture.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(torture, 'exit')) as [number];
  return { code, verdict: JSON.parse(output.trim().split('\n').at(-1) ?? '{}') as object, output };
}
