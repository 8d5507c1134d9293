import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccessRegister } from '../../src/modules/organization/index.js';
import { newId } from '../../src/platform/database/index.js';
import { TestClock } from '../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const COMMAND = 'dist/src/startup/verify-register-command.js';

describe('[AUD-01] npm run register:verify', () => {
  let database: TestDatabase;
  let directory: string;
  let headsFile: string;

  beforeAll(async () => {
    if (!existsSync(COMMAND)) throw new Error('This test starts the compiled command: npm run build first');
    database = await createTestDatabase();
    directory = await mkdtemp(join(tmpdir(), 'guibin-heads-'));
    headsFile = join(directory, 'heads.json');
    const register = new AccessRegister(await database.dataSource(), new TestClock());
    const actor = { kind: 'staff', id: newId(), role: 'viewer', unitId: undefined, requestId: 'r' } as const;
    for (let n = 0; n < 5; n++) {
      await register.record({ actor, action: 'customers.read', customerIds: [newId()], fieldGroups: ['identity'] });
    }
    await register.onApplicationShutdown();
    const heads = await database.query<{ chain: number; seq: number; hash: Buffer }>(
      'SELECT chain, seq, hash FROM organization.register_head WHERE seq > 0',
    );
    await writeFile(headsFile, JSON.stringify(heads.map((head) => ({ ...head, hash: head.hash.toString('hex') }))));
  });
  afterAll(async () => {
    await database?.drop();
    await rm(directory, { recursive: true, force: true });
  });

  async function verify(
    ...args: readonly string[]
  ): Promise<{ readonly exitCode: number | null; readonly said: string }> {
    const key = (): string => randomBytes(32).toString('base64');
    const environment = {
      DATABASE_URL: database.url,
      GUIBIN_JWT_SECRET: key(),
      GUIBIN_DATA_KEYS: `test:${key()}`,
      GUIBIN_INDEX_KEY: key(),
      NODE_OPTIONS: '',
      REDIS_URL: '',
    };
    const child = spawn(process.execPath, [COMMAND, ...args], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await once(child, 'close');
    return { exitCode: child.exitCode, said };
  }

  it('ends well when the register is as it was written', async () => {
    const { exitCode, said } = await verify('--heads', headsFile);
    expect(said).toContain('"lines": 5');
    expect(said).toContain('"heads": 1');
    expect(exitCode).toBe(0);
  });

  it('ends with 1 when the last lines were cut off and the head moved back, which the heads kept outside show', async () => {
    await database.query('DELETE FROM organization.access_register WHERE seq > 3');
    await database.query(
      `UPDATE organization.register_head h SET seq = 3, hash = a.row_hash
       FROM organization.access_register a WHERE a.chain = h.chain AND a.seq = 3`,
    );
    expect((await verify()).exitCode).toBe(0);
    const { exitCode, said } = await verify('--heads', headsFile);
    expect(said).toContain('"kind": "missing"');
    expect(said).toContain('"seq": 4');
    expect(exitCode).toBe(1);
  });
});
