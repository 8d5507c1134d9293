import { jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

jest.setTimeout(300_000);

describe('[promise 3] [USG-02] an application that is killed while it takes in a file', () => {
  it('holds every record once when billing has sent the file until it was answered (all: npm run torture -- intake)', async () => {
    const seed = process.env.SEED ?? String(Date.now() % 1_000_000);
    const args = ['dist/bench/torture.js', 'intake', '--records', '40000', '--kills', '3', '--seed', seed];
    const torture = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '', NODE_ENV: 'development' },
    });
    let output = '';
    torture.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(torture, 'exit')) as [number];
    const verdict = JSON.parse(output.trim().split('\n').at(-1) ?? '{}') as object;
    expect({ code, verdict, output }).toMatchObject({ code: 0, verdict: { kills: 3, wrong: [], verdict: 'ok' } });
  });
});
