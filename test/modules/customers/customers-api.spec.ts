import { ROOT_UNIT_ID } from '../../../src/modules/organization/domain/unit.js';
import { PersonalData } from '../../../src/platform/privacy/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { startOrganizationAndCustomers } from './api.js';
import { aSnapshot } from './support.js';

const CUSTOMER = '/tmf-api/customerManagement/v4/customer';
const SEARCH = '/care-api/customers/v1/customerSearch';

describe('customers over HTTP (TMF629)', () => {
  let db: TestDatabase;
  let api: Awaited<ReturnType<typeof startOrganizationAndCustomers>>;
  let authorization: string;
  let ids: string[];

  beforeAll(async () => {
    db = await createTestDatabase();
    api = await startOrganizationAndCustomers(db);
    authorization = await api.signIn(api.administrator.login, api.administrator.password);
    const snapshots = [
      aSnapshot(),
      aSnapshot({
        accountNo: 'A-2',
        msisdn: '13800138001',
        brand: 'MZONE',
        idNumber: '440101199001011234',
        name: '李四',
      }),
      aSnapshot({
        accountNo: 'A-3',
        msisdn: '13800138002',
        status: 'TERMINATED',
        statusAt: new Date('2025-03-01T12:00:00+08:00'),
      }),
    ];
    const applied = await api.transaction.run((tx) =>
      api.customers.applySubscriptions(tx, 'BOSS', snapshots, new Date()),
    );
    ids = applied.map(({ customerId }) => customerId);
  });
  afterAll(async () => {
    await api.app.close();
    await db.drop();
  });
  const call = (method: string, url: string, payload?: object, headers = {}) =>
    api.call({ method, url, payload, headers: { authorization, ...headers } });
  const lastEntry = async (action: string) =>
    (
      await db.query<Record<string, unknown>>(
        `SELECT customer_ids AS "customerIds", customer_count AS "customerCount", actor_kind AS "actorKind", purpose,
           field_groups AS "fieldGroups", ticket_ref AS "ticketRef"
         FROM organization.access_register WHERE action = $1 ORDER BY occurred_at DESC, entry_id DESC LIMIT 1`,
        [action],
      )
    )[0];

  it('shows one masked, and registers who looked', async () => {
    const { status, body, text, headers } = await call('GET', `${CUSTOMER}/${ids[0]}`);
    expect(status).toBe(200);
    expect(headers['etag']).toBe('"1"');
    expect(body).toMatchObject({
      id: ids[0],
      href: `${CUSTOMER}/${ids[0]}`,
      '@type': 'Customer',
      name: '张*',
      status: 'active',
      engagedParty: { name: '张*', '@referredType': 'Individual' },
      account: [{ id: 'A-1', name: 'A-1', '@referredType': 'BillingAccount' }],
      contactMedium: [{ mediumType: 'mobile', characteristic: { phoneNumber: '+86138****8000' } }],
      validFor: { startDateTime: '2020-05-01T00:00:00+08:00' },
    });
    const characteristics = Object.fromEntries(
      body.characteristic.map(({ name, value }: { name: string; value: unknown }) => [name, value]),
    );
    expect(characteristics).toMatchObject({
      archive: 'in-network',
      brand: 'GOTONE',
      region: '440000',
      simKind: 'MAIN',
    });
    expect(characteristics['tenureMonths']).toBeGreaterThanOrEqual(68);
    for (const secret of ['13800138000', '小明', '440101198001011234', '1980-01-01'])
      expect(text).not.toContain(secret);
    expect(await lastEntry('customers.read')).toMatchObject({
      customerIds: [ids[0]],
      customerCount: 1,
      actorKind: 'staff',
    });
  });

  it('lists with filters, pages and fields, and registers all that were shown', async () => {
    const retained = await call('GET', `${CUSTOMER}?archive=retained`);
    expect(retained.body.map(({ id }: { id: string }) => id)).toEqual([ids[2]]);
    expect((await lastEntry('customers.list'))?.['customerIds']).toEqual([ids[2]]);
    const page = await call('GET', `${CUSTOMER}?status=active&fields=name&limit=1`);
    expect([page.status, page.headers['x-total-count'], page.headers['x-result-count']]).toEqual([200, '2', '1']);
    expect(Object.keys(page.body[0]).sort()).toEqual(['@type', 'href', 'id', 'name']);
    const byAccount = await call('GET', `${CUSTOMER}?account.id=A-2&brand=MZONE,GOTONE`);
    expect(byAccount.body).toHaveLength(1);
    expect((await call('GET', `${CUSTOMER}?name=x`)).status).toBe(400);
  });

  it('finds by number or account, never through the address', async () => {
    const found = await call('POST', SEARCH, { msisdn: '+86 138-0013-8001' });
    expect([found.status, found.body.map(({ id }: { id: string }) => id)]).toEqual([200, [ids[1]]]);
    expect(found.text).not.toContain('13800138001');
    expect((await lastEntry('customers.search'))?.['customerIds']).toEqual([ids[1]]);
    const byAccount = await call('POST', SEARCH, { accountNo: 'A-3', source: 'BOSS' });
    expect(byAccount.body[0].id).toBe(ids[2]);
    expect((await call('POST', SEARCH, { msisdn: '13900139000' })).body).toEqual([]);
    expect((await call('POST', SEARCH, { msisdn: '12345' })).status).toBe(400);
    expect((await call('POST', SEARCH, {})).status).toBe(400);
  });

  it('discloses one customer only to those who may, with the purpose in the register', async () => {
    const url = '/care-api/customers/v1/customerDisclosure';
    const { body } = await call('POST', url, { customerId: ids[0], purpose: 'verification', ticketId: 'TT-7' });
    expect(body).toMatchObject({ name: '张小明', msisdn: '+8613800138000', idNumber: '440101198001011234' });
    expect(await lastEntry('customers.unmask')).toMatchObject({
      customerIds: [ids[0]],
      purpose: 'verification',
      ticketRef: 'TT-7',
    });
    const viewer = { login: 'viewer', displayName: 'Viewer', password: 'a long phrase of mine', unitId: ROOT_UNIT_ID };
    await api.organization.ensureStaff({ ...viewer, roles: ['viewer'] });
    const token = await api.signIn('viewer', viewer.password);
    const refused = await call('POST', url, { customerId: ids[0], purpose: 'service' }, { authorization: token });
    expect(refused.status).toBe(403);
    expect((await call('POST', url, { customerId: 'nobody', purpose: 'service' })).status).toBe(404);
  });

  it('keeps what a client adds, unknown attributes too, but nothing of it in the clear', async () => {
    const created = await call('POST', CUSTOMER, {
      name: '王小红',
      engagedParty: { name: '王小红', '@referredType': 'Individual' },
      characteristic: [{ name: 'hobby', value: 'golf' }],
      contactMedium: [{ mediumType: 'mobile', characteristic: { phoneNumber: '13700137000' } }],
      'x-loyalty': { since: 2019 },
    });
    expect([created.status, created.headers['location']]).toEqual([201, created.body.href]);
    expect(created.body).toMatchObject({
      name: '王*',
      status: 'initialized',
      'x-loyalty': { since: 2019 },
      contactMedium: [{ mediumType: 'mobile', characteristic: { phoneNumber: '137****7000' } }],
      characteristic: expect.arrayContaining([{ name: 'hobby', value: 'golf' }]),
    });
    const rows = await db.query(
      'SELECT row_to_json(c)::text AS row FROM customers.customer c UNION ALL SELECT row_to_json(p)::text FROM customers.party p',
    );
    for (const secret of ['王小红', '13700137000', Buffer.from('王小红').toString('hex')])
      expect(JSON.stringify(rows)).not.toContain(secret);
    expect(await db.query('SELECT 1 FROM customers.profile WHERE customer_id = $1', [created.body.id])).toEqual([]);
  });

  it('changes by merge patch, under If-Match, and refuses what only the server sets', async () => {
    const url = `${CUSTOMER}/${ids[1]}`;
    const before = await call('GET', url);
    const patched = await call('PATCH', url, { 'x-note': { a: 1, b: 2 } }, { 'if-match': before.headers['etag'] });
    expect([patched.status, patched.body['x-note'], patched.headers['etag']]).toEqual([200, { a: 1, b: 2 }, '"2"']);
    expect((await call('PATCH', url, { 'x-note': { a: null } })).body['x-note']).toEqual({ b: 2 });
    expect((await call('PATCH', url, { 'x-note': 1 }, { 'if-match': '"1"' })).status).toBe(412);
    for (const change of [{ status: 'terminated' }, { name: 'Mallory' }, { account: [] }, { id: 'x' }]) {
      expect((await call('PATCH', url, change)).status).toBe(400);
    }
    const whole = (await call('GET', url)).body;
    const echoed = await call('PATCH', url, {
      ...whole,
      characteristic: [...whole.characteristic, { name: 'hobby', value: 'tea' }],
    });
    expect(echoed.status).toBe(200);
    expect(echoed.body.characteristic).toEqual([...whole.characteristic, { name: 'hobby', value: 'tea' }]);
    expect(echoed.body.contactMedium).toEqual(whole.contactMedium);
  });

  it('never stores a mask over what it hides', async () => {
    const medium = (phoneNumber: string) => ({ mediumType: 'mobile', characteristic: { phoneNumber } });
    const url = `${CUSTOMER}/${ids[0]}`;
    await call('PATCH', url, { contactMedium: [medium('13700137000')] });
    const shown = (await call('GET', url)).body.contactMedium;
    expect(shown).toHaveLength(2);
    const patched = await call('PATCH', url, { contactMedium: [...shown, medium('13600136001')] });
    expect(patched.body.contactMedium).toEqual([...shown, medium('136****6001')]);
    const [row] = await db.query<{ extra_sealed: Buffer; secret: Buffer }>(
      `SELECT extra_sealed, secret FROM customers.customer JOIN vault.subject_key ON subject_id = customer_id
       WHERE customer_id = $1`,
      [ids[0]],
    );
    const stored = api.app
      .get(PersonalData)
      .open(row?.extra_sealed ?? Buffer.alloc(0), `customer.extra:${ids[0]}`, row?.secret);
    expect(JSON.parse(stored).contactMedium).toEqual([medium('13700137000'), medium('13600136001')]);
  });

  it('[CUS-35] takes back only a customer without history', async () => {
    const { body } = await call('POST', CUSTOMER, { name: 'Prospect', engagedParty: {} });
    expect((await call('DELETE', `${CUSTOMER}/${body.id}`)).status).toBe(204);
    expect((await call('GET', `${CUSTOMER}/${body.id}`)).status).toBe(404);
    const kept = await call('DELETE', `${CUSTOMER}/${ids[0]}`);
    expect([kept.status, kept.body.code]).toEqual([409, 'customers.has-history']);
    expect((await call('DELETE', `${CUSTOMER}/no-such-shape`)).status).toBe(404);
  });
});
