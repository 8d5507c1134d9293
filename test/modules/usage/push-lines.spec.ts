import { gzipSync } from 'node:zlib';
import { startTestApplication, type Credentials, type TestApplication } from '../../support/application.js';
import type { Answer, Request } from '../../support/http.js';
import { aUsage, usageText } from './support/boss-file.js';

const PUSH = '/care-api/intake/v1/recordBatch';
const NOW = new Date();
const today = new Date(NOW.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
const usage = (recordId: string, given: object = {}): string =>
  usageText(aUsage({ recordId, eventTime: `${today}T00:00:01+08:00`, ...given }));

describe('lines pushed online over HTTP', () => {
  let application: TestApplication;
  let boss: Credentials;
  beforeAll(async () => {
    application = await startTestApplication();
    boss = await application.system('boss', 'BOSS');
    const snapshot =
      `D|S-1|2025-01-20T10:00:00+08:00|A-1|13800000001|||||GOTONE|440000||2020-05-01|ACTIVE|2025-01-10T00:00:00+08:00` +
      `|T128|12800|MAIN||1||NEW|1`;
    const { body } = await push(snapshot, '?kind=SUB&source=BOSS&lane=backfill&asOf=2025-01-21T00:00:00Z');
    expect(body.results).toEqual([{ outcome: 'ACCEPTED' }]);
  }, 120_000);
  afterAll(() => application.close());

  const push = (
    payload: string | Uint8Array<ArrayBuffer>,
    query = '?kind=USG&source=BOSS',
    headers: Record<string, string> = {},
  ): Promise<Answer> => application.call({
      method: 'POST',
      url: PUSH + query,
      payload,
      headers: { 'content-type': 'text/csv', ...boss, ...headers },
    }); // prettier-ignore

  it('[promise 1] are read as lines of a file are, plain or packed, and share identities with JSON', async () => {
    expect((await push(`${usage('L-1')}\n${usage('L-2')}\r\n`)).body).toEqual({
      '@type': 'RecordBatchAnswer',
      results: [{ outcome: 'ACCEPTED' }, { outcome: 'ACCEPTED' }],
    });
    const packed = await push(
      gzipSync(`${usage('L-2')}\n${usage('L-3', { feeFen: -1 })}\n${usage('L-4')}`),
      undefined,
      {
        'content-type': 'application/gzip',
      },
    );
    expect(packed.body.results).toMatchObject([
      { outcome: 'DUPLICATE' },
      { outcome: 'REJECTED', code: 'E_AMOUNT' },
      { outcome: 'ACCEPTED' },
    ]);
    const record = {
      recordId: 'L-1', eventTime: `${today}T00:00:01+08:00`, msisdn: '13800000001', eventType: 'VOICE_MO',
      counterpartyClass: 'ON_NET', durationSec: 61, volumeKB: 0, count: 1, feeFen: 20, taxFen: 0, regionHome: '440000',
      forwarded: false, tariffCode: 'T59', cycle: today.slice(0, 7).replace('-', ''), operation: 'NEW', version: 1,
    }; // prettier-ignore
    const json: Request = {
      method: 'POST',
      url: PUSH,
      headers: boss,
      payload: { kind: 'USG', source: 'BOSS', records: [record] },
    };
    expect((await application.call(json)).body.results).toEqual([{ outcome: 'DUPLICATE' }]);
  });

  it('[promise 26] may have the columns of format 02 in their own order', async () => {
    const header =
      'H|02|version,recordId,eventTime,msisdn,eventType,counterpartyClass,durationSec,feeFen,operation,refRecordId,cellId';
    const answer = await push(
      `${header}\nD|1|V-1|${today}T00:00:02+08:00|13800000001|VOICE_MO|ON_NET|61|20|NEW||C77\nD|1|V-2\n`,
    );
    expect(answer.body.results).toMatchObject([{ outcome: 'ACCEPTED' }, { outcome: 'REJECTED', code: 'E_FORMAT' }]);
  });

  it.each([
    ['without a kind', '?source=BOSS', usage('B'), 'kind'],
    ['of an unknown kind', '?kind=CDR&source=BOSS', usage('B'), 'kind'],
    ['that are none', '?kind=USG&source=BOSS', '', 'body'],
    ['that are more than a thousand', '?kind=USG&source=BOSS', `${usage('B')}\n`.repeat(1001), 'body'],
    ['after a header of another version', '?kind=USG&source=BOSS', `H|03|a\n${usage('B')}`, 'body'],
    ['as of another day, but not as history', '?kind=USG&source=BOSS&asOf=2025-01-01', usage('B'), 'asOf'],
  ])('are refused %s', async (_, query, text, field) => {
    const { status, body } = await push(text, query);
    expect({ status, code: body.code, field: body.detail.field }).toEqual({
      status: 400,
      code: 'request.invalid',
      field,
    });
  });

  it('are refused alone where one of them is no record, and may not be lines that only we write', async () => {
    const { body } = await push(`X|1\n${usage('E-0').replace('D|', 'E|')}\n${usage('E-1')}`);
    expect(body.results).toMatchObject([
      { outcome: 'REJECTED', code: 'E_FORMAT' },
      { outcome: 'REJECTED', code: 'E_FORMAT' },
      { outcome: 'ACCEPTED' },
    ]);
  });

  it('are refused when they unpack to far more than they may, and when the gzip is damaged', async () => {
    const bomb = gzipSync(Buffer.alloc(64 << 20, 0x41));
    expect((await push(bomb)).status).toBe(413);
    expect((await push(gzipSync(usage('B')).subarray(0, 30))).body).toMatchObject({ code: 'request.invalid' });
  });

  it('[promise 3] get the answer of the first time when the reply was lost, and 409 under a key of something else', async () => {
    const headers = { 'idempotency-key': 'batch-7' };
    const lines = `${usage('K-1')}\n${usage('K-2')}\n`;
    const first = await push(lines, undefined, headers);
    const again = await push(lines, undefined, headers);
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(first.body.results).toEqual([{ outcome: 'ACCEPTED' }, { outcome: 'ACCEPTED' }]);
    const other = await push(usage('K-3'), undefined, headers);
    expect({ status: other.status, code: other.body.code }).toEqual({ status: 409, code: 'idempotency.key-reused' });
    expect((await push(lines)).body.results).toEqual([{ outcome: 'DUPLICATE' }, { outcome: 'DUPLICATE' }]);
  });

  it('[promise 28] of another source than the key’s are refused, whatever the channel', async () => {
    const { status, body } = await push(usage('F'), '?kind=USG&source=CRM');
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'intake.not-your-records' });
  });

  it('[AUD-12] leave a line of the audit for each request, though they are stored together', async () => {
    const before = await written();
    await Promise.all(Array.from({ length: 12 }, (_, n) => push(usage(`A-${n}`))));
    expect(await written()).toBe(before + 12);
  });
  const written = async (): Promise<number> =>
    (
      await application.database.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM organization.audit_entry WHERE operation = 'POST ${PUSH}'`,
      )
    )[0]?.n ?? 0;
});
