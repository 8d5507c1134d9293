import { jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { startTestApplication, type TestApplication } from '../support/application.js';
import { needsProgram } from '../support/debian-package.js';

jest.setTimeout(120_000);
const run = promisify(execFile);
const SCRIPT = resolve('docs/boss-simulator.py');

describe('[USG-01] a billing system in another language', () => {
  let application: TestApplication;
  let folder: string;
  beforeAll(async () => {
    const missing = await needsProgram('python3', 'python3-minimal');
    if (missing !== undefined) throw new Error(missing);
    folder = await mkdtemp(join(tmpdir(), 'guibin-simulator-'));
    application = await startTestApplication();
  });
  afterAll(async () => {
    await application.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function simulate(...args: readonly string[]): Promise<readonly string[]> {
    const key = (await application.system('boss', 'BOSS'))['x-api-key'];
    const env = { ...process.env, GUIBIN: application.address, KEY: key };
    const { stdout } = await run('python3', [SCRIPT, ...args], { cwd: folder, env });
    return stdout.trim().split('\n');
  }

  it('pushes a day and reads its answers with nothing but what comes with Python', async () => {
    expect((await readFile(SCRIPT, 'utf8')).trimEnd().split('\n').length).toBeLessThanOrEqual(60);
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const day = yesterday.replaceAll('-', '');
    expect(await simulate('25', yesterday)).toEqual(
      ['SUB', 'USG', 'BIL', 'PAY'].map((kind) => `H|${kind}_BOSS_440000_${day}_000001_01.csv.gz|OK|25|25|0|0|0`),
    );
    expect(await simulate('25', yesterday)).toEqual(
      ['SUB', 'USG', 'BIL', 'PAY'].map(
        (kind) => `H|${kind}_BOSS_440000_${day}_000001_01.csv.gz|OK|25|25|0|0|0 (repeat)`,
      ),
    );
    expect(
      await application.database.query(
        'SELECT count(*) AS bills, sum(payable_fen)::bigint AS fen FROM usage.customer_bill',
      ),
    ).toEqual([{ bills: 25, fen: 150_000 }]);
  });
});
