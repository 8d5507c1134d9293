import { jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { StartedApplication } from '../support/started-application.js';
import { Chance } from './support/billing-history.js';
import {
  damagesOf,
  fileWithOneWrongValue,
  goodFile,
  nameOf,
  RECORDS,
  WRONG_VALUES,
  type Good,
} from './support/damages.js';
import { SEED } from '../support/seed.js';

jest.setTimeout(900_000);
const MAX_MEMORY_MB = 400;
const MSISDN = '13800000001';
const INTAKE = '/care-api/intake/v1';

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

describe(`[promise 10] [promise 11] [USG-02] a good file that was damaged (seed ${SEED})`, () => {
  let database: TestDatabase;
  let application: StartedApplication;
  let address: string;
  let authorization: string;
  const good: Good = { source: 'BOSS', sequence: 1, msisdn: MSISDN };

  beforeAll(async () => {
    database = await createTestDatabase();
    const secret = (): string => randomBytes(32).toString('base64');
    application = StartedApplication.start({
      DATABASE_URL: database.url, GUIBIN_ROLE: 'api', GUIBIN_JWT_SECRET: secret(), GUIBIN_DATA_KEYS: `test:${secret()}`,
      GUIBIN_INDEX_KEY: secret(), GUIBIN_REQUESTS_PER_MINUTE: '0', LOG_LEVEL: 'error', GUIBIN_MAX_UPLOAD_BYTES: '500000000',
    }); // prettier-ignore
    address = await application.ready();
    const password = (await application.says(/password (\S+)/))[1];
    const session = await ask(
      'POST',
      '/care-api/organization/v1/session',
      'application/json',
      JSON.stringify({ login: 'admin', password }),
    );
    authorization = `Bearer ${String(session.body['accessToken'])}`;
    const SUB = `D|S-1|2025-01-01T00:00:00+08:00|A-1|${MSISDN}|||||GOTONE|440000||2018-03-01|ACTIVE|2025-01-01T00:00:00+08:00|T59|5900|MAIN||1||NEW|1`;
    const names = [
      'recordId', 'eventTime', 'accountNo', 'msisdn', 'name', 'idType', 'idNumber', 'birthDate', 'brand', 'regionHome', 'branchCode',
      'activatedOn', 'status', 'statusAt', 'tariffCode', 'packageFeeFen', 'simKind', 'contractEndsOn', 'realName', 'creditGrade',
      'operation', 'version',
    ]; // prettier-ignore
    const values = SUB.split('|').slice(1);
    const record = Object.fromEntries(names.map((name, nth) => [name, values[nth]]));
    const batch = JSON.stringify({ kind: 'SUB', source: 'BOSS', records: [record] });
    const opened = await ask('POST', `${INTAKE}/recordBatch`, 'application/json', batch);
    expect(opened.body).toMatchObject({ results: [{ outcome: 'ACCEPTED' }] });
  });
  afterAll(async () => {
    await application.end('SIGKILL');
    await database.drop();
  });

  const send = (of: Good, body: Buffer | AsyncIterable<Buffer>): Promise<Answer> =>
    ask('POST', `${INTAKE}/file?name=${nameOf(of)}`, 'application/gzip', body);

  async function ask(
    method: string,
    path: string,
    type: string,
    body?: string | Buffer | AsyncIterable<Buffer>,
  ): Promise<Answer> {
    const headers = { 'content-type': type, ...(authorization && { authorization }) };
    const sent = request(address + path, { method, headers });
    const answered = once(sent, 'response') as Promise<[AsyncIterable<Buffer> & { statusCode: number }]>;
    let isOver = false;
    const over = (): void => void (isOver = true);
    answered.then(over, over);
    sent.on('error', over);
    if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) sent.end(body);
    else {
      for await (const block of body) {
        if (isOver) break;
        if (!sent.write(block))
          await Promise.race([once(sent, 'drain'), answered.catch(() => undefined), once(sent, 'close')]);
      }
      sent.end();
    }
    const [response] = await answered;
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    return {
      status: response.statusCode,
      body: text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : { text },
    };
  }

  const stored = async (): Promise<unknown> =>
    database.query(
      `SELECT (SELECT count(*) FROM usage.usage_record) AS records, (SELECT count(*) FROM usage.record_directory WHERE kind = 'USG') AS ids,
         (SELECT COALESCE(sum(calls), 0)::bigint FROM usage.customer_month) AS calls, (SELECT count(*) FROM usage.held_record) AS held`,
    );

  /** The most that the server has ever taken, of its own memory. */
  const peakMb = async (): Promise<number> => {
    const status = await readFile(`/proc/${application.child.pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
  };

  it('is loaded wholly, in part, or not at all, and the answer says why: a hundred damages', async () => {
    const damages = damagesOf(good, new Chance(SEED));
    expect(damages.length + WRONG_VALUES.length).toBeGreaterThanOrEqual(100);
    const nothing = await stored();
    for (const { what, body, verdict } of damages.filter(({ verdict: { state } }) => state === 'BAD')) {
      const { status, body: answer } = await send(good, body);
      expect({ what, status, state: answer['state'], problem: answer['problem'], loaded: answer['counts'] }).toEqual({
        what, status: 201, state: 'BAD', problem: expect.objectContaining({ code: verdict.code }),
        loaded: expect.objectContaining({ loaded: 0 }),
      }); // prettier-ignore
      expect({ what, stored: await stored() }).toEqual({ what, stored: nothing });
    }
  });

  it('after all that is still taken when it comes whole, and once only', async () => {
    const first = await send(good, goodFile(good));
    expect(first.body).toMatchObject({ state: 'OK', isRepeat: false, counts: { loaded: RECORDS } });
    const after = await stored();
    expect((await send(good, gzipSync(goodFile(good)))).body).toMatchObject({ isRepeat: true, id: first.body['id'] });
    const other = await send(good, Buffer.from(goodFile(good).toString().replace('|61|', '|62|')));
    expect(other.body).toMatchObject({ state: 'BAD', problem: { code: 'E_SEQ' } });
    const next = { ...good, sequence: 2 };
    expect((await send(next, goodFile(next))).body).toMatchObject({
      state: 'OK',
      counts: { loaded: 0, duplicate: RECORDS },
    });
    expect(await stored()).toEqual(after);
  });

  it('with one in a hundred records wrong loses those', async () => {
    const source = { ...good, source: 'PART' };
    const damage = damagesOf(source, new Chance(SEED)).find(({ verdict: { state } }) => state === 'PARTIAL');
    if (!damage) throw new Error('No such damage');
    const { body } = await send(source, damage.body);
    expect(body).toMatchObject({
      state: 'PARTIAL',
      counts: { rejected: damage.verdict.rejected, loaded: RECORDS - (damage.verdict.rejected ?? 0) },
    });
  });

  it.each(WRONG_VALUES.map((row, nth) => [row[0], nth] as const))(
    'with one record that has %s loses that one',
    async (_, nth) => {
      const [, field, value, code] = WRONG_VALUES[nth] ?? ['', 0, '', ''];
      const source = { ...good, source: `W${String(nth).padStart(2, '0')}` };
      const { body } = await send(source, fileWithOneWrongValue(source, field, value));
      expect(body).toMatchObject({ state: 'PARTIAL', counts: { received: 200, loaded: 199, rejected: 1 } });
      const answer = await ask('GET', `${INTAKE}/file/${String(body['id'])}/answer`, 'text/plain');
      expect(String(answer.body['text']).split('\n')[1]).toMatch(new RegExp(`^R\\|102\\|[^|]*\\|${code}\\|`));
    },
  );

  it('that is a bomb, or ten gigabytes of one line, is refused and costs no memory', async () => {
    const bomb = { ...good, source: 'BOMB' };
    const line = goodFile(bomb).toString().split('\n')[1] ?? '';
    const header = goodFile(bomb).toString().split('\n')[0] ?? '';
    // A million times the same record: fifty megabytes on the wire would be ten gigabytes here.
    const packed = gzipSync(Buffer.from(`${header}\n${`${line}\n`.repeat(1_000_000)}`), { level: 9 });
    expect((await send(bomb, packed)).body).toMatchObject({ state: 'BAD', problem: { code: 'E_FORMAT' } });

    async function* endless(): AsyncGenerator<Buffer> {
      yield Buffer.from(`${header}\nD|`);
      const block = Buffer.alloc(1 << 20, 0x39);
      for (let n = 0; n < 10 * 1024; n++) yield block;
    }
    const { status, body } = await send(bomb, endless());
    expect([status, body['code'] ?? (body['problem'] as { code: string }).code]).toEqual(
      status === 413 ? [413, 'request.file-too-large'] : [201, 'E_FORMAT'],
    );
    expect(await peakMb()).toBeLessThan(MAX_MEMORY_MB);
    process.stderr.write(`the server took at most ${Math.round(await peakMb())} MB\n`);
  });
});
