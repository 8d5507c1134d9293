import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const COMMAND = 'dist/src/startup/prove-points-command.js';

describe('npm run points:prove', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    if (!existsSync(COMMAND)) throw new Error('This test starts the compiled command: npm run build first');
    database = await createTestDatabase();
  });
  afterAll(() => database?.drop());

  async function prove(): Promise<{ readonly exitCode: number | null; readonly said: string }> {
    const key = (): string => randomBytes(32).toString('base64');
    const environment = {
      DATABASE_URL: database.url,
      GUIBIN_JWT_SECRET: key(),
      GUIBIN_DATA_KEYS: `test:${key()}`,
      GUIBIN_INDEX_KEY: key(),
      NODE_OPTIONS: '',
      REDIS_URL: '',
    };
    const child = spawn(process.execPath, [COMMAND], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await once(child, 'close');
    return { exitCode: child.exitCode, said };
  }

  it('ends well when every balance equals its history', async () => {
    const { exitCode, said } = await prove();
    expect(said).toContain('"ok": true');
    expect(exitCode).toBe(0);
  });

  it('ends with 1 and shows the row when somebody has points from nowhere', async () => {
    const customerId = '019a9d00-0000-7000-8000-00000000abcd';
    await database.query('INSERT INTO points.point_account (customer_id, available) VALUES ($1, 100)', [customerId]);
    const { exitCode, said } = await prove();
    expect(said).toContain('"ok": false');
    expect(said).toContain(customerId);
    expect(exitCode).toBe(1);
  });
});
