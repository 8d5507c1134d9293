import { jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

jest.setTimeout(300_000);

describe('[AUD-01] an application that is killed while customers are read', () => {
  it('has registered every read that it answered, in whole chains (all: npm run torture -- register)', async () => {
    const seed = process.env.SEED ?? String(Date.now() % 1_000_000);
    const args = ['dist/bench/torture.js', 'register', '--reads', '600', '--kills', '2', '--seed', seed];
    const torture = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: 'development' },
    });
    let output = '';
    torture.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(torture, 'exit')) as [number];
    const verdict = JSON.parse(output.trim().split('\n').at(-1) ?? '{}') as object;
    expect({ code, verdict, output }).toMatchObject({
      code: 0,
      verdict: { kills: 2, missing: 0, chain: { whole: true, broken: [] }, verdict: 'ok' },
    });
  });
});
