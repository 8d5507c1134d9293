import { randomUUID } from 'node:crypto';
import { CallerVerifications } from '../../../src/modules/customers/application/caller-verifications.query.js';
import { WRONG_ANSWERS_PER_HOUR } from '../../../src/modules/customers/domain/caller-verification.js';
import type { Answer } from '../../support/http.js';
import { openOnlineHall, type OnlineHall } from './online-hall.js';
import { aSnapshot } from './support.js';

const NUMBER = '13800138000';

type Headers = Readonly<Record<string, string>>;

describe('[AUD-10] a caller', () => {
  let hall: OnlineHall;
  let customerId: string;
  let neighbour: string;
  let agent: Headers;
  let agentId: string;

  beforeEach(async () => {
    hall = await openOnlineHall();
    [customerId = '', neighbour = ''] = await hall.bring(
      aSnapshot({ msisdn: NUMBER, idNumber: '11010519491231002X' }),
      aSnapshot({ accountNo: 'A-2', msisdn: '13800138001', idNumber: undefined, birthDate: '1949-12-31' }),
    );
    agent = await hall.agent('hotline-agent');
    agentId = await idOf('agent-1');
  });
  afterEach(() => hall.close());

  const idOf = async (login: string): Promise<string> => {
    const [row] = await hall.db.query<{ staff_id: string }>(
      'SELECT staff_id FROM organization.staff WHERE login = $1',
      [login],
    );
    return row?.staff_id ?? '';
  };
  const post = (url: string, payload: object, headers = agent): Promise<Answer> =>
    hall.call({ method: 'POST', url: `/care-api/customers/v1/${url}`, payload, headers });
  const lastFour = (answer: string, of = customerId, headers = agent): Promise<Answer> =>
    post('callerVerification', { customerId: of, method: 'ID_CHECK_LAST4', answer }, headers);
  const byCode = (answer: string): Promise<Answer> =>
    post('callerVerification', { customerId, method: 'ONE_TIME_CODE', answer });
  const require = (actorId: string, ofCustomer: string, verificationId: string): Promise<string> =>
    hall.app
      .get(CallerVerifications)
      .require({ id: actorId }, ofCustomer, verificationId)
      .then(
        () => 'verified',
        (error: { code: string }) => error.code,
      );

  it('who knows the end of the ID number is verified for a quarter of an hour, with this agent, as this customer', async () => {
    const { status, body } = await lastFour('002x');
    expect([status, body.customerId]).toEqual([200, customerId]);
    expect(new Date(body.validUntil as string)).toEqual(new Date(hall.clock.now().getTime() + 900_000));
    const colleague = await idOf('admin');
    expect(await require(agentId, customerId, body.verificationId)).toBe('verified');
    for (const [who, whom, what] of [
      [colleague, customerId, body.verificationId],
      [agentId, neighbour, body.verificationId],
      [agentId, customerId, randomUUID()],
      [agentId, customerId, "' OR true --"],
      [agentId, customerId, ''],
    ]) {
      expect(await require(who, whom, what)).toBe('customers.caller-not-verified');
    }
    hall.clock.pass(899);
    expect(await require(agentId, customerId, body.verificationId)).toBe('verified');
    hall.clock.pass(1);
    expect(await require(agentId, customerId, body.verificationId)).toBe('customers.caller-not-verified');
  });

  it('reads the code from the own phone; the agent sees neither number nor code', async () => {
    const sent = await post('callerVerificationCode', { customerId });
    expect([sent.status, Object.keys(sent.body as object)]).toEqual([
      202,
      ['codeRequestId', '@type', 'validForSeconds'],
    ]);
    expect(hall.gateway.received.at(-1)?.text).toMatch(/客服确认身份.*Never tell it to anybody who calls you/);
    const code = await hall.gateway.codeSentTo(NUMBER);
    expect((await hall.openSession(NUMBER, code)).status).toBe(401);
    const verified = await byCode(code);
    expect(verified.status).toBe(200);
    expect((await byCode(code)).body.code).toBe('customers.wrong-answer');
  });

  it('is not verified by a code for something else', async () => {
    expect((await byCode(await hall.codeFor(NUMBER))).body.code).toBe('customers.wrong-answer');
  });

  it('has three wrong answers an hour, each of them registered; the right one does not help any more', async () => {
    for (const triesLeft of [2, 1, 0]) {
      const { status, body } = await lastFour('0000');
      expect([status, body.code, body.detail]).toEqual([403, 'customers.wrong-answer', { triesLeft }]);
    }
    const blocked = await lastFour('002X');
    expect([blocked.status, blocked.body.code, blocked.headers['retry-after']]).toEqual([
      403,
      'customers.too-many-wrong-answers',
      '3600',
    ]);
    const refused = await hall.db.query(
      `SELECT actor_id FROM organization.access_register
       WHERE action = 'POST /care-api/customers/v1/callerVerification' AND result = 'refused'`,
    );
    expect(refused).toEqual(Array.from({ length: 4 }, () => ({ actor_id: agentId })));
    // A colleague may, and about somebody else so may the agent.
    expect((await lastFour('002X', customerId, await hall.agent('hotline-agent'))).status).toBe(200);
    expect((await lastFour('0000', neighbour)).body.detail).toEqual({ triesLeft: 2 });
    hall.clock.pass(3600);
    expect((await lastFour('002X', customerId, await hall.firstAgentAgain())).status).toBe(200);
  });

  it('has three wrong answers, however many are given at once', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => lastFour(String(1000 + i))));
    const codes = answers.map(({ body }) => body.code as string);
    expect(codes.filter((code) => code === 'customers.wrong-answer')).toHaveLength(WRONG_ANSWERS_PER_HOUR);
    expect(codes.filter((code) => code === 'customers.too-many-wrong-answers')).toHaveLength(27);
  });

  it('cannot be verified by an ID number that is not on file', async () => {
    for (const answer of ['ined', '    ']) expect((await lastFour(answer, neighbour)).status).toBe(403);
    const shown = { customerId: neighbour, documentKind: 'ID_CARD', documentNumber: '11010519491231002X' };
    expect((await post('realNameVerification', shown, await hall.agent('hall-staff'))).status).toBe(201);
    expect((await lastFour('002X', neighbour)).status).toBe(200);
  });

  it('hears the own data from the agent who verified him, and from nobody else', async () => {
    const { verificationId } = (await lastFour('002X')).body;
    const disclose = (payload: object, headers = agent): Promise<Answer> =>
      post('customerDisclosure', { groups: ['contact'], ...payload }, headers);
    const told = await disclose({ customerId, verificationId });
    expect([told.status, told.body.msisdn]).toEqual([200, `+86${NUMBER}`]);
    const colleague = await hall.agent('hotline-agent');
    for (const refused of [
      await disclose({ customerId, verificationId }, colleague),
      await disclose({ customerId: neighbour, verificationId }),
      await disclose({ customerId, verificationId: randomUUID() }),
    ]) {
      expect([refused.status, refused.body.code]).toEqual([403, 'customers.caller-not-verified']);
    }
    hall.clock.pass(901);
    expect((await disclose({ customerId, verificationId })).body.code).toBe('customers.caller-not-verified');
  });

  it('is verified in rows that nobody can change, and that hold no answer', async () => {
    await lastFour('002X');
    await lastFour('9999');
    const source = await hall.db.dataSource();
    await expect(source.query('UPDATE customers.caller_verification SET is_right = true')).rejects.toThrow(
      'permission denied',
    );
    await expect(source.query('DELETE FROM customers.caller_verification')).rejects.toThrow('permission denied');
    const rows = await hall.db.query<{ row: string }>(
      'SELECT row_to_json(v)::text AS row FROM customers.caller_verification v',
    );
    expect(rows).toHaveLength(2);
    for (const { row } of rows) expect(row).not.toMatch(/002X|"9999"/);
  });

  it('is nobody when there is no such customer, and has a number to be sent a code to', async () => {
    for (const id of [randomUUID(), 'of no shape']) {
      expect((await lastFour('002X', id)).body.code).toBe('customers.not-found');
      expect((await post('callerVerificationCode', { customerId: id })).body.code).toBe('customers.not-found');
    }
    await hall.bring(aSnapshot({ msisdn: NUMBER, status: 'TERMINATED', version: 2, statusAt: hall.clock.now() }));
    expect((await post('callerVerificationCode', { customerId })).body.code).toBe('customers.no-number');
  });

  it('is not verified by himself in the online hall', async () => {
    const headers = await hall.signedIn(NUMBER, await hall.codeFor(NUMBER));
    expect((await lastFour('002X', customerId, headers)).body.code).toBe('access.not-for-customers');
  });
});
