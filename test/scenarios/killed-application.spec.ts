import { jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

jest.setTimeout(600_000);

describe('an application that is killed', () => {
  it('ends in the state of one that was not: once in intake, tier run and points run (all: npm run torture -- kill)', async () => {
    const seed = process.env.SEED ?? String(Date.now() % 1_000_000);
    const args = ['dist/bench/torture.js', 'kill', '--kills', '1', '--customers', '300', '--seed', seed];
    const torture = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: 'development' },
    });
    let output = '';
    torture.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(torture, 'exit')) as [number];
    const verdict = JSON.parse(output.trim().split('\n').at(-1) ?? '{}') as object;
    expect({ code, verdict, output }).toMatchObject({ code: 0, verdict: { total: 3, wrong: 0, verdict: 'ok' } });
  });
});
