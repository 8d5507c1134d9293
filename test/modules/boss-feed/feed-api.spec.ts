import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { PublishFiles } from '../../../src/modules/boss-feed/application/publish-files.js';
import { newId, Transaction } from '../../../src/platform/database/index.js';
import { Outbox } from '../../../src/platform/events/index.js';
import { TierChanged } from '../../../src/modules/tiering/index.js';
import { startTestApplication, type Credentials, type TestApplication } from '../../support/application.js';
import { eventually } from '../../support/eventually.js';
import { keepCustomers } from '../customers/facts.js';

const FEED = '/care-api/feed/v1';

describe('[USG-09] BOSS and the data warehouse ask for what happened', () => {
  let on: TestApplication;
  let boss: Credentials;
  let administrator: Credentials;
  const [guangdong, jiangsu] = [newId(), newId()];

  beforeAll(async () => {
    on = await startTestApplication();
    boss = await on.system('boss', 'BOSS');
    ({ administrator } = on);
    await keepCustomers(on.database, [
      { customerId: guangdong, region: '440000' },
      { customerId: jiangsu, region: '320000' },
    ]);
    for (const [customerId, accountNo] of [[guangdong, 'A-GD'], [jiangsu, 'A-JS']]) {
      await on.database.query(`UPDATE customers.customer SET source = 'BOSS', account_no = $2 WHERE customer_id = $1`, [customerId, accountNo]);
    } // prettier-ignore
    const made = await as(administrator, 'POST', '/feed', { kind: 'TIR', target: '440000' });
    expect([made.status, made.headers['location']]).toEqual([201, `${FEED}/feed/TIR-440000`]);
    await on.app.get(Transaction).run((tx) =>
      on.app.get(Outbox).publishMany(
        tx,
        TierChanged,
        [guangdong, jiangsu].map((customerId) => ({
          payload: {
            customerId,
            from: 'SILVER' as const,
            to: 'GOLD' as const,
            decisionId: newId(),
            effectiveOn: '2026-02-01',
          },
          customerId,
          occurredAt: new Date('2026-01-31T16:00:00Z'),
        })),
      ),
    );
    await eventually(async () => (await as(boss, 'GET', '/feed/TIR-ALL')).body.lastSequence === 2);
    // As if it had been yesterday.
    await on.database.query(`UPDATE boss_feed.item SET given_at = now() - interval '24 hours'`);
    await on.database.query(`UPDATE boss_feed.feed SET created_at = now() - interval '24 hours'`);
    await on.app.get(PublishFiles, { strict: false }).execute();
  });
  afterAll(() => on.close());

  const as = (who: Credentials, method: string, path: string, payload?: object) =>
    on.call({ method, url: `${FEED}${path}`, headers: { ...who }, ...(payload && { payload }) });
  const fileOf = async (feed: string): Promise<Record<string, string>> => {
    const { body } = await as(boss, 'GET', `/file?feed=${feed}`);
    return body[0];
  };
  const fetched = async (who: Credentials, id: string) => {
    const answer = await fetch(`${on.address}${FEED}/file/${id}/content`, { headers: { ...who } });
    return { answer, bytes: Buffer.from(await answer.arrayBuffer()) };
  };

  it('[promise 30] from a number on, by account, and each look is in the register', async () => {
    const { status, body, headers } = await as(boss, 'GET', '/item?feed=TIR-ALL&after=0&limit=1');
    expect([status, body]).toMatchObject([
      200,
      {
        feed: 'TIR-ALL',
        toSequence: 1,
        lastSequence: 2,
        items: [{ sequence: 1, accountSource: 'BOSS', detail: { to: 'GOLD' } }],
      },
    ]);
    expect(body.items[0].customerId).toBeUndefined();
    const next = await as(boss, 'GET', `/item?feed=TIR-ALL&after=${body.toSequence}`);
    expect([body.items[0].accountNo, next.body.items[0].accountNo].sort()).toEqual(['A-GD', 'A-JS']);
    expect((await as(boss, 'GET', '/item?feed=TIR-ALL&after=2')).body.items).toEqual([]);
    expect((await as(boss, 'GET', '/item?feed=TIR-ALL&after=3')).body.code).toBe('feed.beyond-the-end');
    expect((await as(boss, 'GET', '/item?feed=XXX-ALL')).status).toBe(404);
    const lines = await on.database.query<{ action: string; customer_ids: string[] }>(
      'SELECT action, customer_ids FROM organization.access_register WHERE request_id = $1',
      [headers['x-request-id']],
    );
    expect(lines).toMatchObject([{ action: 'feed.read', customer_ids: [expect.any(String)] }]);
  });

  it('[promise 30] as a file that says what it holds; the register counts everybody in it', async () => {
    const file = await fileOf('TIR-ALL');
    const { answer, bytes } = await fetched(boss, file['id'] ?? '');
    expect(answer.headers.get('content-type')).toContain('application/gzip');
    expect(answer.headers.get('content-disposition')).toContain(file['fileName']);
    const text = gunzipSync(bytes).toString();
    expect(createHash('sha256').update(text).digest('hex')).toBe(file['contentSha256']);
    expect(text.split('\n')).toHaveLength(5);
    const [line] = await on.database.query<{ customer_count: number; customer_ids: string[]; object_id: string }>(
      `SELECT * FROM organization.access_register WHERE action = 'feed.download' ORDER BY occurred_at DESC LIMIT 1`,
    );
    expect(line).toMatchObject({ customer_count: 2 });
    expect(line?.customer_ids.sort()).toEqual([guangdong, jiangsu].sort());
  });

  it('[promise 30] [promise 17] and says what it got: the same is done with, a difference calls somebody', async () => {
    const file = await fileOf('TIR-ALL');
    const right = { recordCount: 2, sum: 0, sha256: file['sha256'] };
    const wrong = await as(boss, 'POST', `/file/${file['id']}/acknowledgement`, { ...right, recordCount: 1 });
    expect([wrong.status, wrong.body.difference]).toEqual([200, { recordCount: { sent: 2, received: 1 } }]);
    expect(wrong.body.acknowledgedAt).toBeUndefined();
    const alarms = () =>
      on.database.query(`SELECT kind, source, detail FROM usage.intake_alarm WHERE key = $1 AND cleared_at IS NULL`, [
        `feed/${file['fileName']}`,
      ]);
    expect(await alarms()).toEqual([
      { kind: 'DIFFERENCE', source: 'GUIBIN', detail: { file: file['fileName'], attributes: 'recordCount' } },
    ]);
    const again = await as(boss, 'POST', `/file/${file['id']}/reissue`);
    expect([again.status, again.body.id]).toEqual([200, file['id']]);
    const agreed = await as(boss, 'POST', `/file/${file['id']}/acknowledgement`, right);
    expect([agreed.status, agreed.body.difference]).toEqual([200, undefined]);
    expect(agreed.body.acknowledgedAt).toBeDefined();
    expect(await alarms()).toEqual([]);
    expect((await as(boss, 'GET', '/file?feed=TIR-ALL&isAcknowledged=true')).body).toHaveLength(1);
  });

  it('[promise 28] of its own provinces only, when the key is for those', async () => {
    const payload = { name: 'DW of Guangdong', role: 'boss', source: 'DW1', provinces: ['440000'] };
    const { body } = await on.call({
      method: 'POST',
      url: '/care-api/organization/v1/apiKey',
      payload,
      headers: { ...administrator },
    });
    const ofGuangdong = { 'x-api-key': String(body.key) };
    expect((await as(ofGuangdong, 'GET', '/feed')).body.map(({ id }: { id: string }) => id)).toEqual(['TIR-440000']);
    expect((await as(ofGuangdong, 'GET', '/item?feed=TIR-ALL')).status).toBe(404);
    const items = await as(ofGuangdong, 'GET', '/item?feed=TIR-440000');
    expect(items.body.items.map(({ accountNo }: { accountNo: string }) => accountNo)).toEqual(['A-GD']);
    const whole = await fileOf('TIR-ALL');
    expect((await fetched(ofGuangdong, whole['id'] ?? '')).answer.status).toBe(404);
    expect(
      (
        await as(ofGuangdong, 'POST', `/file/${whole['id']}/acknowledgement`, {
          recordCount: 0,
          sum: 0,
          sha256: 'a'.repeat(64),
        })
      ).status,
    ).toBe(404);
    expect(
      (await as(ofGuangdong, 'POST', '/subscription', { feed: 'TIR-ALL', callback: 'https://dw.example.com/' })).status,
    ).toBe(404);
    expect((await as(ofGuangdong, 'POST', '/feed', { kind: 'PTS', target: '440000' })).status).toBe(403);
    const own = await fileOf('TIR-440000');
    // Also when its customer has moved away since: a file is the same for everybody who may have it.
    await on.database.query(`UPDATE customers.customer SET region = '320000' WHERE customer_id = $1`, [guangdong]);
    expect(gunzipSync((await fetched(ofGuangdong, own['id'] ?? '')).bytes).toString()).toContain('|A-GD|');
    await on.database.query(`UPDATE customers.customer SET region = '440000' WHERE customer_id = $1`, [guangdong]);
  });

  it('[promise 30] a download ends before its end when it is not what was published', async () => {
    const file = await fileOf('TIR-440000');
    await on.database.query(`UPDATE customers.customer SET account_no = NULL WHERE customer_id = $1`, [guangdong]);
    await expect(fetched(boss, file['id'] ?? '').then(({ bytes }) => gunzipSync(bytes))).rejects.toThrow();
    await on.database.query(`UPDATE customers.customer SET account_no = 'A-GD' WHERE customer_id = $1`, [guangdong]);
    await on.database.query(`UPDATE boss_feed.file SET state = 'withdrawn', is_tended = true WHERE file_id = $1`, [
      file['id'],
    ]);
    const gone = await as(boss, 'GET', `/file/${file['id']}/content`);
    expect([gone.status, gone.body.code]).toEqual([410, 'feed.file-withdrawn']);
    const next = await as(boss, 'POST', `/file/${file['id']}/reissue`);
    expect(next.body).toMatchObject({ version: 2, sequence: 1, recordCount: 1 });
    const soon = await as(boss, 'GET', `/file/${next.body.id}/content`);
    expect([200, 409]).toContain(soon.status);
    expect((await as(boss, 'POST', `/file/${file['id']}/reissue`)).body.id).toBe(next.body.id);
  });

  it('[promise 30] is not sent to an address of somebody who may only look', async () => {
    await on.database.query(
      `UPDATE organization.role SET permissions = permissions || '{feed.read}' WHERE role = 'viewer'`,
    );
    const viewer = await on.staff('viewer');
    expect((await as(viewer, 'GET', '/feed')).status).toBe(200);
    const asked = await as(viewer, 'POST', '/subscription', { feed: 'TIR-ALL', callback: 'https://home.example.com/' });
    expect([asked.status, asked.body.code]).toEqual([403, 'access.permission-missing']);
  });

  it('subscribes, sees how far it has come, and ends it', async () => {
    const made = await as(boss, 'POST', '/subscription', {
      feed: 'TIR-ALL',
      callback: 'https://dw.example.invalid/',
      after: 0,
    });
    expect([made.status, made.body]).toMatchObject([
      201,
      { acceptedSequence: 0, secret: expect.stringMatching(/^gbf_/) },
    ]);
    const path = `/subscription/${made.body.id}`;
    expect((await as(boss, 'GET', path)).body.secret).toBeUndefined();
    expect((await as(boss, 'GET', '/subscription')).body).toHaveLength(1);
    expect((await as(boss, 'DELETE', path)).status).toBe(204);
    expect((await as(boss, 'GET', path)).body.endedAt).toBeDefined();
  });
});
