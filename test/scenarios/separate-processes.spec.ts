import { randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { StartedApplication } from '../support/started-application.js';

jest.setTimeout(120_000);

describe('an API and a worker as processes of their own on a given database', () => {
  const key = (): string => randomBytes(32).toString('base64');
  let db: TestDatabase;
  let api: StartedApplication;
  let worker: StartedApplication;
  let environment: Record<string, string>;

  beforeAll(async () => {
    db = await createTestDatabase();
    environment = {
      DATABASE_URL: db.url,
      DATABASE_POOL_SIZE: '5',
      GUIBIN_JWT_SECRET: key(),
      GUIBIN_DATA_KEYS: `test:${key()}`,
      GUIBIN_INDEX_KEY: key(),
    };
    api = StartedApplication.start({ ...environment, GUIBIN_ROLE: 'api' });
    worker = StartedApplication.start({ ...environment, GUIBIN_ROLE: 'worker' });
    await Promise.all([api.ready(), worker.says(/working/)]);
  });
  afterAll(async () => {
    const codes = await Promise.all([api.end('SIGTERM'), worker.end('SIGTERM')]);
    await db.drop();
    expect(codes).toEqual([0, 0]);
  });

  it('share the work: the run that the API is asked for is carried out by the worker', async () => {
    const address = await api.ready();
    const password = (await api.says(/the password (\S+)/))[1];
    const ask = async (method: string, path: string, body?: object, token?: string) => {
      const response = await fetch(`${address}${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return (await response.json()) as Record<string, string>;
    };
    const session = await ask('POST', '/care-api/organization/v1/session', { username: 'admin', password });
    const request = { kind: 'analytics.churn', key: 'of two processes', asOf: '2026-02-01' };
    const { href = '' } = await ask('POST', '/care-api/operations/v1/run', request, session.access_token);
    for (;;) {
      const run = await ask('GET', href, undefined, session.access_token);
      if (run.status === 'completed') break;
      expect(['pending', 'running']).toContain(run.status);
    }
  });

  it('refuse to start on a given database without keys, and name what is missing', async () => {
    const keyless = StartedApplication.start({ DATABASE_URL: db.url });
    expect(await keyless.end()).toBe(1);
    expect(keyless.said).toMatch(
      /GUIBIN_JWT_SECRET must be given.*GUIBIN_DATA_KEYS must be given.*GUIBIN_INDEX_KEY must be given/s,
    );
  });
});
