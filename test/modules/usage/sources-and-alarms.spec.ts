import { startTestApplication, type Credentials, type TestApplication } from '../../support/application.js';
import { eventually } from '../../support/eventually.js';
import type { Answer } from '../../support/http.js';
import { aUsage, usageFile } from './support/boss-file.js';

const INTAKE = '/care-api/intake/v1';
const KEYS = '/care-api/organization/v1/apiKey';

describe('sources and alarms over HTTP', () => {
  let application: TestApplication;
  let admin: Credentials;
  beforeAll(async () => {
    application = await startTestApplication();
    admin = application.administrator;
  }, 120_000);
  afterAll(() => application.close());

  const ask = (headers: Credentials, method: string, url: string, payload?: unknown): Promise<Answer> =>
    application.call({ method, url, payload, headers: { ...headers } });
  const file = (headers: Credentials, { name, text }: { name: string; text: string }): Promise<Answer> =>
    application.call({
      method: 'POST',
      url: `${INTAKE}/file?name=${name}`,
      payload: text,
      headers: { ...headers, 'content-type': 'text/csv' },
    });
  const standing = async (kind: string): Promise<Answer['body']> =>
    (await ask(admin, 'GET', `${INTAKE}/alarm?isStanding=true&kind=${kind}`)).body;

  it('[USG-01] [USG-10] shows a source from its first file on, and how far it has come', async () => {
    const boss = await application.system('boss', 'BOSS');
    expect((await ask(admin, 'GET', `${INTAKE}/source`)).body).toEqual([]);
    await file(boss, usageFile([aUsage()], { sequence: 1 }));
    const { status, body } = await ask(boss, 'GET', `${INTAKE}/source/BOSS`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: 'BOSS',
      '@type': 'IntakeSource',
      feed: [
        {
          kind: 'USG', encoding: 'UTF-8', expectedDaily: false, deadlineDays: 0, lastSequence: 1, closedSequence: 1,
          lastBusinessDate: '2025-02-01', lastSuccessAt: expect.any(String), lagSeconds: expect.any(Number),
        },
      ],
    }); // prettier-ignore
    expect(body.feed[0].lagSeconds).toBeLessThan(60);
  });

  it('[USG-01] registers and changes what is agreed, and shows a system its own source only', async () => {
    const terms = { kind: 'BIL', encoding: 'GBK', expectedDaily: true, deadline: '06:30', deadlineDays: 1 };
    const made = await ask(admin, 'POST', `${INTAKE}/source`, { source: 'CRM', filesAtOnce: 2, feed: [terms] });
    expect(made).toMatchObject({ status: 201, body: { id: 'CRM', filesAtOnce: 2, feed: [terms] } });
    expect((await ask(admin, 'POST', `${INTAKE}/source`, { source: 'CRM' })).body.code).toBe('intake.source-taken');
    const changed = await ask(admin, 'PATCH', `${INTAKE}/source/CRM`, {
      filesAtOnce: null,
      name: 'Analytical CRM',
      feed: [{ kind: 'BIL', deadline: '07:00' }],
    });
    expect(changed.body).toMatchObject({ name: 'Analytical CRM', feed: [{ ...terms, deadline: '07:00' }] });
    expect(changed.body).not.toHaveProperty('filesAtOnce');
    const boss = await application.system('boss', 'BOSS');
    expect((await ask(boss, 'GET', `${INTAKE}/source/CRM`)).status).toBe(404);
    expect((await ask(boss, 'GET', `${INTAKE}/source`)).body).toHaveLength(1);
    expect((await ask(boss, 'POST', `${INTAKE}/source`, { source: 'OWN' })).status).toBe(403);
    expect(
      (await ask(admin, 'PATCH', `${INTAKE}/source/CRM`, { feed: [{ kind: 'BIL', deadline: '25:00' }] })).status,
    ).toBe(400);
  });

  it('[promise 28] a key sends for its source, kinds and provinces; a revoked one is refused, and an alarm tells of it', async () => {
    const { body: key } = await ask(admin, 'POST', KEYS, {
      name: 'BOSS of Guangdong', role: 'boss', source: 'GDBOSS', kinds: ['USG'], provinces: ['440000'],
    }); // prettier-ignore
    const south = { 'x-api-key': key.key as string };
    const own = usageFile([], { source: 'GDBOSS' });
    expect((await file(south, own)).status).toBe(201);
    const foreign = [
      usageFile([], { source: 'BOSS' }),
      { ...own, name: own.name.replace('USG_', 'BIL_') },
      { ...own, name: own.name.replace('_440000_', '_310000_') },
    ];
    for (const each of foreign) expect((await file(south, each)).body.code).toBe('intake.not-your-records');

    await ask(admin, 'DELETE', `${KEYS}/${key.id}`);
    for (let n = 0; n < 2; n++) {
      const { status, body, text } = await file(south, own);
      expect({ status, code: body.code }).toEqual({ status: 401, code: 'access.key-revoked' });
      expect(text).not.toContain(key.id);
    }
    const [alarm] = await eventually(async () => {
      const alarms = await standing('KEY_REFUSED');
      return alarms[0]?.occurrences === 2 && alarms;
    });
    expect(alarm).toMatchObject({ source: 'GDBOSS', detail: { apiKeyId: key.id, name: 'BOSS of Guangdong' } });
    const ended = await ask(admin, 'PATCH', `${INTAKE}/alarm/${alarm.id}`, { isAcknowledged: true });
    expect(ended.body).toMatchObject({ acknowledgedBy: expect.any(String), clearedAt: expect.any(String) });
    expect(await standing('KEY_REFUSED')).toEqual([]);
  });

  it('[promise 9] an alarm that is acknowledged stands until the missing file has come', async () => {
    const boss = await application.system('boss', 'BOSS');
    await file(boss, usageFile([aUsage({ recordId: 'U-3' })], { sequence: 3 }));
    const [alarm] = await standing('SEQUENCE_GAP');
    expect(alarm).toMatchObject({ source: 'BOSS', recordKind: 'USG', detail: { from: 2, to: 2 } });
    await ask(admin, 'PATCH', `${INTAKE}/alarm/${alarm.id}`, { isAcknowledged: true });
    expect(await standing('SEQUENCE_GAP')).toHaveLength(1);
    expect((await ask(boss, 'GET', `${INTAKE}/alarm?isStanding=true`)).body).toHaveLength(1);
    await file(boss, usageFile([aUsage({ recordId: 'U-2' })], { sequence: 2 }));
    expect(await standing('SEQUENCE_GAP')).toEqual([]);
    expect((await ask(admin, 'PATCH', `${INTAKE}/alarm/${key404}`, { isAcknowledged: true })).status).toBe(404);
  });
  const key404 = '019a0000-0000-7000-8000-000000000404';

  it('[promise 22] shows operators what waits and who was asked to come back', async () => {
    const { text } = await application.call({ url: '/metrics' });
    for (const name of [
      'waiting_records',
      'waiting_files',
      'files_total',
      'records_total',
      'turned_away_total',
      'alarms',
    ]) {
      expect(text).toContain(`guibin_intake_${name}`);
    }
    expect(text).not.toMatch(/1380000000/);
  });
});
