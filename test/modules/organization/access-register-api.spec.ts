import { newId } from '../../../src/platform/database/index.js';
import { startTestApplication, type Credentials, type TestApplication } from '../../support/application.js';

const CUSTOMERS = '/tmf-api/customerManagement/v4/customer';
const ORGANIZATION = '/care-api/organization/v1';

describe('[AUD-01] asking the access register', () => {
  let on: TestApplication;
  let auditor: Credentials;
  let agent: Credentials;
  let customerId: string;

  beforeAll(async () => {
    on = await startTestApplication({ GUIBIN_ROLE: 'api' });
    auditor = await on.staff('auditor');
    agent = await on.staff('hotline-agent');
    const supervisor = await on.staff('supervisor');
    const payload = { name: 'Li', engagedParty: { '@referredType': 'Individual', name: 'Li' } };
    const made = await on.call({ method: 'POST', url: CUSTOMERS, payload, headers: supervisor });
    customerId = made.body.id;
  });
  afterAll(() => on.close());

  const ask = (path: string, headers = auditor) => on.call({ url: `${ORGANIZATION}/${path}`, headers });
  const verify = (payload: object = {}) =>
    on.call({ method: 'POST', url: `${ORGANIZATION}/registerVerification`, payload, headers: auditor });

  it('tells by customer and by member of the staff who looked, from where and why, before they got an answer', async () => {
    const headers = { ...agent, 'x-request-id': 'look-at-li-1' };
    expect((await on.call({ url: `${CUSTOMERS}/${customerId}`, headers })).status).toBe(200);
    const [entry] = (await ask(`accessEntry?customerId=${customerId}&requestId=look-at-li-1`)).body;
    expect(entry).toMatchObject({
      '@type': 'AccessEntry',
      actorKind: 'staff',
      actorRole: 'hotline-agent',
      clientAddress: expect.stringMatching(/127\.0\.0\.1$/),
      requestId: 'look-at-li-1',
      action: 'customers.read',
      customerIds: [customerId],
      customerCount: 1,
      fieldGroups: expect.arrayContaining(['identity']),
      purpose: 'service',
      result: 'granted',
      seq: expect.any(Number),
    });
    const ofAgent = await ask(`accessEntry?actorId=${entry.actorId}&occurredAt.lte=${entry.occurredAt}&limit=1`);
    expect(ofAgent.body).toEqual([entry]);
    expect(JSON.stringify(ofAgent.body)).not.toContain('Li"');
  });

  it('tells a customer who looked, without ids of the staff', async () => {
    const told = (id: string, headers = auditor) =>
      on.call({ url: `/care-api/customers/v1/customerAccess/${id}?action=customers.read`, headers });
    const { body } = await told(customerId);
    expect(body[0]).toEqual({
      '@type': 'CustomerAccess', occurredAt: expect.any(String), actorKind: 'staff', actorRole: 'hotline-agent',
      unitName: 'Group headquarters', action: 'customers.read', fieldGroups: expect.arrayContaining(['identity']),
      purpose: 'service', result: 'granted',
    }); // prettier-ignore
    expect((await told(newId())).body).toEqual([]);
    expect((await told('nobody')).status).toBe(404);
    expect((await told(customerId, agent)).status).toBe(403);
    const elsewhere = await on.staffIn({ kind: 'province', code: '450000' }, 'auditor');
    expect((await told(customerId, elsewhere)).status).toBe(404);
  });

  it('[AUD-02] holds every refusal: without credentials, with bad ones, and without permission', async () => {
    const tries = [
      { id: 'refused-none', headers: {}, status: 401, refusal: 'access.not-signed-in', actorKind: 'unknown' },
      { id: 'refused-bad', headers: { 'x-api-key': 'gbk_x' }, status: 401, refusal: 'access.invalid-credentials', actorKind: 'unknown' },
      { id: 'refused-agent', headers: agent, status: 403, refusal: 'access.permission-missing', actorKind: 'staff' },
    ]; // prettier-ignore
    for (const { id, headers, status, refusal, actorKind } of tries) {
      const answer = await ask('accessEntry', { ...headers, 'x-request-id': id });
      expect(answer.status).toBe(status);
      expect((await ask(`accessEntry?requestId=${id}`)).body).toMatchObject([
        { actorKind, action: `GET ${ORGANIZATION}/accessEntry`, result: 'refused', refusal, customerCount: 0 },
      ]);
    }
  });

  it('[AUD-02] holds a look at somebody out of scope, which is answered as if there were nobody', async () => {
    const elsewhere = await on.staffIn({ kind: 'province', code: '450000' }, 'hotline-agent');
    const headers = { ...elsewhere, 'x-request-id': 'out-of-scope' };
    expect((await on.call({ url: `${CUSTOMERS}/${customerId}`, headers })).status).toBe(404);
    expect((await ask('accessEntry?requestId=out-of-scope')).body).toMatchObject([
      { result: 'refused', customerIds: [customerId], customerCount: 0 },
    ]);
  });

  it('proves that it is whole, and gives heads to keep outside, with which it proves it again', async () => {
    expect((await verify()).body).toMatchObject({ ok: true, chains: 16, unchained: 0, broken: [] });
    const heads = (await ask('registerHead')).body;
    expect(heads[0]).toMatchObject({ '@type': 'RegisterHead', seq: expect.any(Number), hash: expect.any(String) });
    expect((await verify({ heads })).body).toMatchObject({ ok: true });
    const [first, ...others] = heads;
    const wrong = [{ ...first, hash: 'ab'.repeat(32) }, ...others];
    expect((await verify({ heads: wrong })).body).toMatchObject({
      ok: false,
      broken: [{ chain: first.chain, seq: first.seq, kind: 'head-mismatch', day: first.day, entryId: first.entryId }],
    });
    expect((await ask('registerHead?day=2025-01-01')).body).toEqual([]);
    expect((await verify({ heads: [{ chain: 16, seq: 1, hash: 'x' }] })).status).toBe(400);
  });

  it('answers nobody who may not ask', async () => {
    for (const path of ['accessEntry', 'registerHead']) {
      expect((await ask(path, agent)).status).toBe(403);
      expect((await ask(path, on.administrator)).status).toBe(403);
    }
  });

  it('shows no customer when the look cannot be registered', async () => {
    await on.database.query('ALTER TABLE organization.register_head RENAME TO away');
    try {
      const answer = await on.call({ url: `${CUSTOMERS}/${customerId}`, headers: agent });
      expect(answer.status).toBe(500);
      expect(answer.text).not.toContain('Li');
      expect((await on.call({ url: `${ORGANIZATION}/accessEntry` })).status).toBe(401);
    } finally {
      await on.database.query('ALTER TABLE organization.away RENAME TO register_head');
    }
    expect((await on.call({ url: `${CUSTOMERS}/${customerId}`, headers: agent })).status).toBe(200);
  });
});
