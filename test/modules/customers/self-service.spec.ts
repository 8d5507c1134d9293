import { randomUUID } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import type { Answer } from '../../support/http.js';
import { CUSTOMER_SESSION, ONE_TIME_CODE, openOnlineHall, type OnlineHall } from './online-hall.js';
import { aSnapshot } from './support.js';

const CUSTOMER = '/tmf-api/customerManagement/v4/customer';
const ME = '/care-api/customers/v1/me';
const OWN = '13800138000';
const NEIGHBOURS = '13800138001';

type Headers = Readonly<Record<string, string>>;

describe('[SELF-02] a customer in the online hall', () => {
  let hall: OnlineHall;
  let own: string;
  let neighbour: string;

  beforeEach(async () => {
    hall = await openOnlineHall();
    [own = '', neighbour = ''] = await hall.bring(
      aSnapshot({ msisdn: OWN }),
      aSnapshot({ accountNo: 'A-2', msisdn: NEIGHBOURS, name: '李四', idNumber: '440101198502021234' }),
    );
  });
  afterEach(() => hall.close());

  const get = (url: string, headers: Headers): Promise<Answer> => hall.call({ url, headers });
  const signedIn = async (msisdn = OWN): Promise<Headers> => hall.signedIn(msisdn, await hall.codeFor(msisdn));
  const statusOf = async (headers: Headers): Promise<number> => (await get(ME, headers)).status;
  const tokenOf = ({ authorization = '' }: Headers): string => authorization.slice('Bearer '.length);

  it('is told what can be done, and all of it can be', async () => {
    const headers = await signedIn();
    const { body } = await get(ME, headers);
    expect(body.customer).toEqual({ id: own, href: `${CUSTOMER}/${own}`, '@type': 'Customer' });
    expect(body.link).toContainEqual({
      title: expect.stringContaining('客户资料'),
      method: 'GET',
      href: `${CUSTOMER}/${own}`,
    });
    const links: { method: string; href: string }[] = body.link;
    const whole = links.filter(({ method, href }) => method === 'GET' && !href.includes('{'));
    expect(whole.length).toBeGreaterThan(3);
    for (const { method, href } of whole) {
      expect([href, (await hall.call({ method, url: href, headers })).status]).toEqual([href, 200]);
    }
  });

  it('sees himself, masked, and nobody else: a neighbour is not there', async () => {
    const headers = await signedIn();
    const seen = await get(`${CUSTOMER}/${own}`, headers);
    expect([seen.status, seen.body.name]).toEqual([200, expect.stringMatching(/^张\*+$/)]);
    const other = await get(`${CUSTOMER}/${neighbour}`, headers);
    const nobody = await get(`${CUSTOMER}/${randomUUID()}`, headers);
    expect([other.status, other.body]).toEqual([404, nobody.body]);
    const lines = await hall.db.query(
      `SELECT actor_kind, actor_id, result, customer_ids FROM organization.access_register
       WHERE actor_kind = 'customer' AND result = 'refused' ORDER BY occurred_at`,
    );
    expect(lines).toContainEqual({
      actor_kind: 'customer',
      actor_id: own,
      result: 'refused',
      customer_ids: [neighbour],
    });
  });

  it('finds every route closed that was not opened to customers, whatever the role permits', async () => {
    const headers = await signedIn();
    const search = { method: 'POST', url: '/care-api/customers/v1/customerSearch', payload: { msisdn: NEIGHBOURS } };
    for (const request of [{ url: CUSTOMER }, search]) {
      const { status, body } = await hall.call({ ...request, headers });
      expect([status, body.code]).toEqual([403, 'access.not-for-customers']);
    }
    expect((await get('/care-api/organization/v1/staff', headers)).body.code).toBe('access.permission-missing');
    await hall.db.query(
      `UPDATE organization.role SET permissions = permissions || '{organization.read}' WHERE role = 'customer'`,
    );
    expect((await get('/care-api/organization/v1/staff', headers)).body.code).toBe('access.not-for-customers');
  });

  it('sees the own data in plain while the sign-in is fresh; later it takes a code, once', async () => {
    const headers = await signedIn();
    const plain = (code?: string): Promise<Answer> =>
      get(`${ME}/personalData`, { ...headers, ...(code !== undefined && { 'one-time-code': code }) });
    expect((await plain()).body).toMatchObject({ name: '张小明', msisdn: `+86${OWN}`, idNumber: '440101198001011234' });
    hall.clock.pass(600);
    expect((await plain()).status).toBe(200);
    hall.clock.pass(1);
    const stale = await plain();
    expect([stale.status, stale.body.code]).toEqual([403, 'access.fresh-code-needed']);

    const signInCode = await hall.codeFor(OWN);
    expect((await plain(signInCode)).status).toBe(403);
    hall.clock.pass(60);
    const code = await hall.codeFor(OWN, 'REDEEM');
    expect((await plain('abc')).status).toBe(403);
    const racing = await Promise.all(Array.from({ length: 10 }, () => plain(code)));
    expect(racing.map(({ status }) => status)).toContain(200);
    expect((await plain()).status).toBe(200);
    hall.clock.pass(601);
    expect((await plain(code)).status).toBe(403);
    const [line] = await hall.db.query(
      `SELECT action, purpose, field_groups FROM organization.access_register WHERE action = 'customers.unmask' LIMIT 1`,
    );
    expect(line).toEqual({
      action: 'customers.unmask',
      purpose: 'own-request',
      field_groups: ['identity-plain', 'contact-plain', 'personal-plain'],
    });
  });

  it('confirms with codes of the number that signed in, not of another one', async () => {
    const headers = await signedIn();
    hall.clock.pass(601);
    const others = await hall.codeFor(NEIGHBOURS, 'REDEEM');
    expect((await get(`${ME}/personalData`, { ...headers, 'one-time-code': others })).status).toBe(403);
  });

  it('is signed out after half an hour', async () => {
    const headers = await signedIn();
    hall.clock.pass(1799);
    expect(await statusOf(headers)).toBe(200);
    hall.clock.pass(1);
    expect(await statusOf(headers)).toBe(401);
  });

  it('signs out here, or everywhere', async () => {
    const [phone, tablet, desk] = [
      await signedIn(),
      (hall.clock.pass(60), await signedIn()),
      (hall.clock.pass(60), await signedIn()),
    ];
    const others = await signedIn(NEIGHBOURS);
    expect((await hall.call({ method: 'DELETE', url: `${CUSTOMER_SESSION}/current`, headers: phone })).status).toBe(
      204,
    );
    expect([await statusOf(phone), await statusOf(tablet)]).toEqual([401, 200]);
    expect((await hall.call({ method: 'DELETE', url: CUSTOMER_SESSION, headers: tablet })).status).toBe(204);
    expect([await statusOf(tablet), await statusOf(desk), await statusOf(others)]).toEqual([401, 401, 200]);
  });

  it.each([
    ['the number has ended', { status: 'TERMINATED' }],
    ['the phone was reported lost', { status: 'SUSPENDED_TWO_WAY' }],
  ] as const)('is out at once when %s, and not let in again', async (_, change) => {
    const headers = await signedIn();
    expect(await statusOf(headers)).toBe(200);
    await hall.bring(aSnapshot({ msisdn: OWN, ...change, version: 2, statusAt: hall.clock.now() }));
    expect(await statusOf(headers)).toBe(401);
    hall.clock.pass(60);
    const sent = hall.gateway.received.length;
    expect((await hall.requestCode(OWN)).status).toBe(202);
    expect((await hall.requestCode(NEIGHBOURS)).status).toBe(202);
    await hall.gateway.codeSentTo(NEIGHBOURS);
    expect(hall.gateway.received.length).toBe(sent + 1);
  });

  it('is out at once after fraud', async () => {
    const headers = await signedIn();
    await hall.db.query(`UPDATE customers.customer SET status_reason = 'fraud' WHERE customer_id = $1`, [own]);
    expect(await statusOf(headers)).toBe(401);
  });

  it('is out at once when the number is given to somebody else, who is let in as himself', async () => {
    const headers = await signedIn();
    await hall.bring(aSnapshot({ msisdn: OWN, status: 'TERMINATED', version: 2, statusAt: hall.clock.now() }));
    hall.clock.pass(3600);
    const [heir = ''] = await hall.bring(
      aSnapshot({
        accountNo: 'A-3',
        msisdn: OWN,
        name: '王五',
        idNumber: '440101199003031234',
        activatedOn: '2026-02-01',
        statusAt: hall.clock.now(),
      }),
    );
    expect(await statusOf(headers)).toBe(401);
    const { body } = await get(ME, await signedIn());
    expect(body.customer.id).toBe(heir);
    expect(heir).not.toBe(own);
  });

  it('is not let in as the next holder with a code that was sent before the number was given away', async () => {
    const code = await hall.codeFor(OWN);
    await hall.bring(
      aSnapshot({ msisdn: OWN, status: 'TERMINATED', version: 2, statusAt: hall.clock.now() }),
      aSnapshot({ accountNo: 'A-3', msisdn: OWN, idNumber: '440101199003031234', activatedOn: '2026-02-01' }),
    );
    expect((await hall.openSession(OWN, code)).body.code).toBe('customers.invalid-code');
  });

  it.each([
    ['a secondary card', { simKind: 'SECONDARY' }],
    ['a machine', { simKind: 'IOT' }],
  ] as const)('is not let in through %s of the account', async (_, change) => {
    await hall.bring(aSnapshot({ msisdn: '13800138009', ...change }));
    expect((await hall.requestCode('13800138009')).status).toBe(202);
    expect((await hall.requestCode(NEIGHBOURS)).status).toBe(202);
    await hall.gateway.codeSentTo(NEIGHBOURS);
    expect(hall.gateway.received.map(({ to }) => to)).toEqual([`+86${NEIGHBOURS}`]);
  });

  it('cannot pass as staff, nor staff as a customer', async () => {
    const headers = await signedIn();
    const agent = await hall.agent('administrator');
    const { body } = await get(ME, agent);
    expect(body.code).toBe('customers.not-a-customer');
    for (const url of [CUSTOMER_SESSION, `${CUSTOMER_SESSION}/current`]) {
      expect((await hall.call({ method: 'DELETE', url, headers: agent })).status).toBe(403);
    }

    const secret = new TextEncoder().encode('x'.repeat(40)); // of the settings that tests are served with
    const claims = decodeJwt(tokenOf(headers));
    const forged = (change: object, typ: string, staffLike: object = {}): Promise<string> =>
      new SignJWT({ ...claims, ...staffLike, ...change }).setProtectedHeader({ alg: 'HS256', typ }).sign(secret);
    const [{ staff_id: staffId } = { staff_id: '' }] = await hall.db.query<{ staff_id: string }>(
      'SELECT staff_id FROM organization.staff LIMIT 1',
    );
    const staffClaims = decodeJwt(tokenOf(agent));
    const attempts = [
      await forged({}, 'customer+jwt'), // signed with the key of the staff's tokens
      await forged({}, 'JWT'), // and shown as one of those
      await forged({ sub: staffId, ver: 1 }, 'JWT', { sid: staffClaims['sid'] === undefined ? '' : randomUUID() }),
      await new SignJWT(staffClaims).setProtectedHeader({ alg: 'HS256', typ: 'customer+jwt' }).sign(secret),
      `${Buffer.from('{"alg":"none","typ":"customer+jwt"}').toString('base64url')}.${tokenOf(headers).split('.')[1]}.`,
      `${Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')}.${tokenOf(headers).split('.').slice(1).join('.')}`,
      `${Buffer.from('{"alg":"HS256","typ":"customer+jwt"}').toString('base64url')}.${tokenOf(agent).split('.').slice(1).join('.')}`,
      'customer+jwt',
    ];
    for (const token of attempts)
      expect([token, await statusOf({ authorization: `Bearer ${token}` })]).toEqual([token, 401]);
    expect(decodeProtectedHeader(tokenOf(headers)).typ).toBe('customer+jwt');
    expect(claims).toMatchObject({ aud: 'guibin-online-hall', sub: own, auth_time: hall.clock.now().getTime() / 1000 });
  });

  it('tells nobody by the refusal of a sign-in which numbers are customers’', async () => {
    await hall.codeFor(OWN);
    await hall.requestCode('13900139000');
    const answers = await Promise.all(
      [OWN, '13900139000', '13900139001'].map(async (msisdn) => (await hall.openSession(msisdn, '000000')).body),
    );
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ code: 'customers.invalid-code', status: '401' });
  });

  it('leaves each refused sign-in in the register', async () => {
    await hall.openSession(OWN, '000000');
    const lines = await hall.db.query(
      `SELECT actor_kind, result FROM organization.access_register WHERE action = 'POST ${CUSTOMER_SESSION}'`,
    );
    expect(lines).toEqual([{ actor_kind: 'unknown', result: 'refused' }]);
    expect((await hall.call({ method: 'POST', url: ONE_TIME_CODE, payload: {} })).status).toBe(400);
  });
});
