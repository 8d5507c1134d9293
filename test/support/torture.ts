import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs `npm run torture -- …` with fewer of everything; answers how it ended, and the last line that it printed. */
export async function tortured(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly verdict: object; readonly output: string }> {
  const seed = process.env.SEED ?? String(Date.now() % 1_000_000);
  const torture = spawn(process.execPath, ['dist/bench/torture.js', ...args, '--seed', seed], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: 'development' },
  });
  let output = '';
  torture.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(torture, 'exit')) as [number];
  return { code, verdict: JSON.parse(output.trim().split('\n').at(-1) ?? '{}') as object, output };
}
