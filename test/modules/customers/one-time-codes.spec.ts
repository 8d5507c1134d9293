import { PurgeSelfService } from '../../../src/modules/customers/application/purge-self-service.js';
import { openOnlineHall, type OnlineHall } from './online-hall.js';
import { aSnapshot } from './support.js';

const KNOWN = '13800138000';
const UNKNOWN = '13900139000';
/** Longer than any request here takes on a busy machine. */
const GATEWAY_MS = 4500;

describe('[SELF-02] one-time codes', () => {
  let hall: OnlineHall;
  let number = 0;
  /** A number of a new customer. */
  const aNumber = async (): Promise<string> => {
    const msisdn = `136001360${String((number += 1)).padStart(2, '0')}`;
    await hall.bring(aSnapshot({ accountNo: `N-${number}`, msisdn, idNumber: `44010119800101${1000 + number}` }));
    return msisdn;
  };

  beforeAll(async () => {
    hall = await openOnlineHall();
    await hall.bring(aSnapshot({ msisdn: KNOWN }));
  });
  afterAll(() => hall.close());

  const codes = (): Promise<{ ended_at: Date | null; tries: number }[]> =>
    hall.db.query('SELECT ended_at, tries FROM customers.one_time_code ORDER BY requested_at DESC');

  it('say what they are for and sign the customer in', async () => {
    const code = await hall.codeFor(KNOWN);
    expect(hall.gateway.received.at(-1)?.text).toMatch(/登录网上营业厅，5分钟内有效.*Never tell it to anybody/);
    const { status, body } = await hall.openSession(KNOWN, code);
    expect([status, body.tokenType, body.expiresIn]).toEqual([200, 'Bearer', 1800]);
  });

  it('are sent to customers only, but answered alike and before anything is sent', async () => {
    hall.clock.pass(60);
    hall.gateway.behaviour = { ...hall.gateway.behaviour, afterMs: GATEWAY_MS };
    const sent = hall.gateway.received.length;
    const shapeOf = async (msisdn: string): Promise<object> => {
      const began = performance.now();
      const { status, headers, body } = await hall.requestCode(msisdn);
      const { date: _date, 'x-request-id': _id, ...others } = headers;
      return {
        status,
        others,
        attributes: Object.keys(body as object),
        waitsForTheGateway: performance.now() - began >= GATEWAY_MS,
      };
    };
    const known = await shapeOf(KNOWN);
    expect(known).toMatchObject({ status: 202, waitsForTheGateway: false });
    expect(await shapeOf(UNKNOWN)).toEqual(known);
    await hall.gateway.codeSentTo(KNOWN, 2);
    expect(hall.gateway.received.length).toBe(sent + 1);
    hall.gateway.behaviour = { status: 202, body: '{"messageId":"m-1"}' };
    // The allowance of a number that is nobody's runs out in the same way.
    expect((await hall.requestCode(UNKNOWN)).body).toMatchObject({ code: 'customers.too-many-codes' });
    expect((await hall.requestCode(KNOWN)).body).toMatchObject({ code: 'customers.too-many-codes' });
  });

  it('leave no trace of number or code in the database', async () => {
    const msisdn = await aNumber();
    const code = await hall.codeFor(msisdn);
    const rows = await hall.db.query<{ row: string }>(
      'SELECT row_to_json(c)::text AS row FROM customers.one_time_code c',
    );
    expect(rows.length).toBeGreaterThan(2);
    for (const { row } of rows) {
      expect(row).not.toContain(msisdn);
      expect(row).not.toContain(code);
      expect(row).not.toContain(Buffer.from(code).toString('hex'));
    }
  });

  it('are sent once a minute, however many ask at once', async () => {
    const msisdn = await aNumber();
    const answers = await Promise.all(Array.from({ length: 30 }, () => hall.requestCode(msisdn)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.headers['retry-after']).toMatch(/^(60|59)$/);
    await hall.gateway.codeSentTo(msisdn);
    hall.clock.pass(59);
    expect((await hall.requestCode(msisdn)).status).toBe(429);
    hall.clock.pass(1);
    expect((await hall.requestCode(msisdn)).status).toBe(202);
  });

  it('are sent five times an hour and ten times a day', async () => {
    const msisdn = await aNumber();
    const accepted: number[] = [];
    for (let minute = 0; minute < 25 * 60; minute += 5) {
      if ((await hall.requestCode(msisdn)).status === 202) accepted.push(minute);
      hall.clock.pass(300);
    }
    expect(accepted).toEqual([0, 5, 10, 15, 20, 60, 65, 70, 75, 80, 1440, 1445, 1450, 1455, 1460]);
  });

  it('work once: of fifty right answers at the same time one signs in', async () => {
    const msisdn = await aNumber();
    const code = await hall.codeFor(msisdn);
    const answers = await Promise.all(Array.from({ length: 50 }, () => hall.openSession(msisdn, code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(49);
    expect((await hall.openSession(msisdn, code)).body).toMatchObject({ code: 'customers.invalid-code' });
  });

  it('can be guessed five times, however many guess at once, and not a sixth time with the right one', async () => {
    const msisdn = await aNumber();
    const code = await hall.codeFor(msisdn);
    const guesses = Array.from({ length: 60 }, (_, i) => String((Number(code) + 1 + i) % 1_000_000).padStart(6, '0'));
    const answers = await Promise.all(guesses.map((guess) => hall.openSession(msisdn, guess)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect((await codes())[0]).toEqual({ tries: 5, ended_at: hall.clock.now() });
    expect((await hall.openSession(msisdn, code)).status).toBe(401);
  });

  it('are right at the fifth try', async () => {
    const msisdn = await aNumber();
    const code = await hall.codeFor(msisdn);
    const wrong = code === '000000' ? '000001' : '000000';
    for (let i = 0; i < 4; i += 1) expect((await hall.openSession(msisdn, wrong)).status).toBe(401);
    expect((await hall.openSession(msisdn, code)).status).toBe(200);
  });

  it('hold for five minutes and not longer', async () => {
    const [soon, late] = [await aNumber(), await aNumber()];
    const [kept, lost] = [await hall.codeFor(soon), await hall.codeFor(late)];
    hall.clock.pass(299);
    expect((await hall.openSession(soon, kept)).status).toBe(200);
    hall.clock.pass(1);
    expect((await hall.openSession(late, lost)).status).toBe(401);
  });

  it('end with the next one of the same purpose, and are worth nothing for another', async () => {
    const msisdn = await aNumber();
    const first = await hall.codeFor(msisdn);
    hall.clock.pass(60);
    const toRedeem = await hall.codeFor(msisdn, 'REDEEM');
    if (toRedeem !== first) expect((await hall.openSession(msisdn, toRedeem)).status).toBe(401);
    hall.clock.pass(60);
    const second = await hall.codeFor(msisdn);
    if (second !== first) expect((await hall.openSession(msisdn, first)).status).toBe(401);
    expect((await hall.openSession(msisdn, second)).status).toBe(200);
  });

  it('of one number are worth nothing for another', async () => {
    const [own, others] = [await aNumber(), await aNumber()];
    const code = await hall.codeFor(own);
    await hall.codeFor(others);
    expect((await hall.openSession(others, code)).status).toBe(
      hall.gateway.received.at(-1)?.text.includes(code) ? 200 : 401,
    );
    expect((await hall.openSession(own, code)).status).toBe(200);
  });

  it('take a number in any form, and nothing that is none', async () => {
    const msisdn = await aNumber();
    const code = await hall.codeFor(msisdn);
    expect((await hall.openSession(`+86 ${msisdn.slice(0, 3)}-${msisdn.slice(3)}`, code)).status).toBe(200);
    for (const none of ['12345', '1380013800０', `${msisdn}0`, "138'; --", '１３８００１３８０００']) {
      expect([none, (await hall.requestCode(none)).status]).toEqual([none, 400]);
    }
    expect((await hall.requestCode(KNOWN, 'VERIFY_CALLER')).status).toBe(400);
    expect((await hall.openSession(msisdn, '１２３４５６')).body.code).toBe('request.invalid');
  });

  it('are purged after a day, and sessions with them', async () => {
    hall.clock.pass(2 * 86_400);
    const msisdn = await aNumber();
    await hall.signedIn(msisdn, await hall.codeFor(msisdn));
    await hall.app.get(PurgeSelfService).execute();
    const [left] = await hall.db.query(
      `SELECT (SELECT count(*) FROM customers.one_time_code) AS codes, (SELECT count(*) FROM customers.customer_session) AS sessions`,
    );
    expect(left).toEqual({ codes: 1, sessions: 1 });
  });
});

describe('when the SMS gateway', () => {
  let hall: OnlineHall;
  let customerId: string;
  beforeEach(async () => {
    hall = await openOnlineHall({ smsGatewayToken: 'the token of the gateway' });
    [customerId = ''] = await hall.bring(aSnapshot({ msisdn: KNOWN }));
  });
  afterEach(() => hall.close());

  /** An agent waits for the gateway and is told. */
  const verify = async (): Promise<{ status: number; code: string | undefined }> => {
    const { status, body } = await hall.call({
      method: 'POST',
      url: '/care-api/customers/v1/callerVerificationCode',
      headers: await hall.agent('hotline-agent'),
      payload: { customerId },
    });
    return { status, code: body.code };
  };

  it.each([
    ['fails', { status: 500 }],
    ['sends elsewhere', { status: 307, headers: { location: 'http://127.0.0.1:9/' } }],
    ['answers no JSON', { status: 200, body: 'OK' }],
    ['names no message', { status: 200, body: '{"messageId":""}' }],
    ['answers too much', { status: 200, body: `{"messageId":"${'m'.repeat(20_000)}"}` }],
  ])('%s, the code is void and everybody is told so for half a minute', async (_, behaviour) => {
    hall.gateway.behaviour = behaviour;
    expect(await verify()).toEqual({ status: 503, code: 'messages.not-sent' });
    const [row] = await hall.db.query<{ ended_at: Date | null }>('SELECT ended_at FROM customers.one_time_code');
    expect(row?.ended_at).toEqual(hall.clock.now());
    for (const msisdn of [KNOWN, UNKNOWN]) {
      expect((await hall.requestCode(msisdn)).body).toMatchObject({ code: 'messages.not-sent', status: '503' });
    }
    hall.gateway.behaviour = { status: 202, body: '{"messageId":"m-1"}' };
    hall.clock.pass(60);
    expect((await hall.requestCode(KNOWN)).status).toBe(202);
    await hall.gateway.codeSentTo(KNOWN, 2);
    expect(hall.gateway.authorizations.at(-1)).toBe('Bearer the token of the gateway');
  });

  it('will not serve one number, nobody else suffers for it', async () => {
    hall.gateway.behaviour = { status: 422, body: '{}' };
    expect(await verify()).toEqual({ status: 503, code: 'messages.not-sent' });
    expect((await hall.requestCode(UNKNOWN)).status).toBe(202);
  });

  it('says nothing for five seconds, the code is void', async () => {
    hall.gateway.behaviour = { status: 202, body: '{"messageId":"m-1"}', afterMs: 7000 };
    expect(await verify()).toEqual({ status: 503, code: 'messages.not-sent' });
  }, 15_000);
});
