import { randomUUID } from 'node:crypto';
import { churnRisks } from '../../src/modules/analytics/http/analytics.resources.js';
import { customers } from '../../src/modules/customers/http/customer.resource.js';
import { troubleTickets } from '../../src/modules/tickets/application/ticket.resource.js';
import { usages } from '../../src/modules/usage/application/usage.resource.js';
import { CustomerPlaces } from '../../src/platform/http/index.js';
import type { Resource } from '../../src/platform/http/index.js';
import type { Credentials } from '../support/application.js';
import type { Answer, Request } from '../support/http.js';
import { startWorld, type World } from './world.js';

/** Lists that keep to the scope by the column that they declare. */
const LISTS: readonly Resource[] = [customers, troubleTickets, churnRisks, usages];

describe('[AUD-02] somebody of another province', () => {
  let world: World;
  /** Of the province where the customers are. */
  let near: Credentials;
  let far: Credentials;
  let ticketId: string;
  let redemptionId: string;

  beforeAll(async () => {
    world = await startWorld();
    near = await world.staffIn({ kind: 'province', code: '440000' }, 'supervisor', 'analyst');
    far = await world.staffIn({ kind: 'province', code: '450000' }, 'supervisor', 'analyst');
    const customerId = world.customers.rich;
    ticketId = (
      await world.done({
        method: 'POST',
        url: '/tmf-api/troubleTicket/v4/troubleTicket',
        payload: {
          description: 'No signal at home',
          severity: 'Minor',
          ticketType: 'complaint',
          relatedParty: [{ id: customerId, role: 'customer' }],
        },
      })
    ).body.id;
    redemptionId = (
      await world.done({
        method: 'POST',
        url: '/care-api/points/v1/redemption',
        payload: { customerId, points: 500, channel: 'HOTLINE', purpose: 'MOBILE_PRODUCT' },
        headers: { 'idempotency-key': 'scope-1' },
      })
    ).body.id;
  }, 120_000);
  afterAll(() => world?.close());

  /** Looks at single customers, by every way there is. */
  const looks = (): readonly Request[] => {
    const id = world.customers.rich;
    return [
      { url: `/tmf-api/customerManagement/v4/customer/${id}` },
      { method: 'PATCH', url: `/tmf-api/customerManagement/v4/customer/${id}`, payload: { characteristic: [] } },
      { method: 'DELETE', url: `/tmf-api/customerManagement/v4/customer/${id}` },
      {
        method: 'POST',
        url: '/care-api/customers/v1/customerDisclosure',
        payload: { customerId: id, purpose: 'complaint' },
      },
      { url: `/care-api/tiering/v1/customerTier/${id}` },
      { url: `/care-api/tiering/v1/customerGrade/${id}?program=CREDIT` },
      { url: `/care-api/tiering/v1/customerTier/${id}/explanation?asOf=2026-02-01` },
      { url: `/care-api/points/v1/account/${id}` },
      { url: `/care-api/points/v1/account/${id}/entry` },
      { url: `/care-api/points/v1/account/${id}/expiry` },
      { url: `/care-api/points/v1/redemption/${redemptionId}` },
      {
        method: 'POST',
        url: `/care-api/points/v1/redemption/${redemptionId}/reversal`,
        payload: { channel: 'HOTLINE' },
      },
      {
        method: 'POST',
        url: '/care-api/points/v1/redemption',
        payload: { customerId: id, points: 500, channel: 'HOTLINE', purpose: 'MOBILE_PRODUCT' },
      },
      { url: `/care-api/analytics/v1/churnRisk/${id}` },
      { url: `/tmf-api/troubleTicket/v4/troubleTicket/${ticketId}` },
      {
        method: 'PATCH',
        url: `/tmf-api/troubleTicket/v4/troubleTicket/${ticketId}`,
        payload: { note: [{ text: 'seen' }] },
      },
      {
        method: 'POST',
        url: '/tmf-api/troubleTicket/v4/troubleTicket',
        payload: {
          description: 'x',
          severity: 'Minor',
          ticketType: 'complaint',
          relatedParty: [{ id, role: 'customer' }],
        },
      },
    ];
  };
  const lists = (): readonly Request[] => [
    { url: '/tmf-api/customerManagement/v4/customer?limit=100' },
    { url: '/tmf-api/troubleTicket/v4/troubleTicket?limit=100' },
    { url: `/tmf-api/usageManagement/v4/usage?relatedParty.id=${world.customers.rich}` },
    { url: '/care-api/analytics/v1/churnRisk?asOf=2026-02-01' },
    { url: '/care-api/tiering/v1/customerGrade?program=GOTONE' },
    { method: 'POST', url: '/care-api/customers/v1/customerSearch', payload: { msisdn: '13912340001' } },
    { method: 'POST', url: '/care-api/customers/v1/customerSearch', payload: { accountNo: 'A-rich', source: 'BOSS' } },
  ];

  const asked = (request: Request, who: Credentials): Promise<Answer> =>
    world.call({ ...request, headers: { ...who, ...request.headers } });

  async function seesNothing(who: Credentials): Promise<void> {
    for (const request of looks()) {
      const answer = await asked(request, who);
      expect(`${request.method ?? 'GET'} ${request.url} ${answer.status}`).toBe(
        `${request.method ?? 'GET'} ${request.url} 404`,
      );
    }
    for (const request of lists()) {
      const { status, body } = await asked(request, who);
      expect({ url: request.url, status, body }).toEqual({ url: request.url, status: 200, body: [] });
    }
    const { body } = await asked({ url: '/care-api/tiering/v1/distribution' }, who);
    expect(JSON.stringify(body)).not.toContain('DIAMOND');
    for (const report of ['levelCrossTable', 'valueStage?asOf=2026-02-01', 'concentration?asOf=2026-02-01']) {
      const { body: totals } = await asked({ url: `/care-api/tiering/v1/${report}` }, who);
      expect({ report, customers: totals.customers }).toEqual({ report, customers: 0 });
    }
    const { body: shares } = await asked({ url: '/care-api/tiering/v1/levelShare?from=2026-02&until=2026-02' }, who);
    expect(shares.months).toEqual([expect.objectContaining({ customers: 0 })]);
    const { body: movement } = await asked(
      { url: '/care-api/tiering/v1/levelMovement?from=2026-01-01&to=2026-02-01' },
      who,
    );
    expect(movement.moves).toEqual([]);
  }

  it('sees none of our customers, and each attempt is in the register', async () => {
    await seesNothing(far);
    const requestId = `scope-${randomUUID()}`;
    const { status, body } = await asked(
      {
        url: `/tmf-api/customerManagement/v4/customer/${world.customers.rich}`,
        headers: { 'x-request-id': requestId },
      },
      far,
    );
    const unknown = await asked({ url: `/tmf-api/customerManagement/v4/customer/${randomUUID()}` }, far);
    expect({ status, ...body }).toEqual({ status: unknown.status, ...unknown.body });
    const lines = await world.database.query(
      `SELECT result, customer_ids FROM organization.access_register WHERE request_id = $1`,
      [requestId],
    );
    expect(lines).toEqual([{ result: 'refused', customer_ids: [world.customers.rich] }]);
  });

  it('while somebody of the province sees them all', async () => {
    const { body } = await asked({ url: '/tmf-api/customerManagement/v4/customer?limit=100' }, near);
    expect(body.map(({ id }: { id: string }) => id).sort()).toEqual(Object.values(world.customers).sort());
    for (const request of looks().filter(({ method = 'GET' }) => method === 'GET')) {
      const { status } = await asked(request, near);
      expect(`${request.url} ${status}`).toBe(`${request.url} 200`);
    }
  });

  it('still sees none with the first line taken away: the database hides them', async () => {
    const places = world.app.get(CustomerPlaces, { strict: false });
    const asks = places.placesOf.bind(places);
    const columns = LISTS.map(({ rowsOf }) => rowsOf);
    expect(columns).not.toContain(undefined);
    try {
      places.placesOf = () => Promise.resolve([]);
      for (const list of LISTS) Object.assign(list, { rowsOf: undefined });
      await seesNothing(far);
    } finally {
      places.placesOf = asks;
      LISTS.forEach((list, at) => Object.assign(list, { rowsOf: columns[at] }));
    }
  });

  it('sees none of single customers with the second line taken away: the guard refuses them', async () => {
    const tables = await world.database.query<{ name: string }>(
      `SELECT oid::regclass::text AS name FROM pg_class WHERE relrowsecurity`,
    );
    expect(tables.length).toBeGreaterThan(15);
    try {
      for (const { name } of tables) await world.database.query(`ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY`);
      const { body } = await asked({ url: '/tmf-api/customerManagement/v4/customer?limit=100' }, far);
      expect(body).toEqual([]);
      for (const request of looks()) {
        const { status } = await asked(request, far);
        expect(`${request.method ?? 'GET'} ${request.url} ${status}`).toBe(
          `${request.method ?? 'GET'} ${request.url} 404`,
        );
      }
    } finally {
      for (const { name } of tables) await world.database.query(`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`);
    }
  });

  it('[PLT-01] of a branch sees the customers of the branch, an account manager those of the portfolio', async () => {
    const branch = await world.staffIn({ kind: 'branch', code: '440100' }, 'hall-staff');
    const elsewhere = await world.staffIn({ kind: 'branch', code: '440300' }, 'hall-staff');
    const url = `/tmf-api/customerManagement/v4/customer/${world.customers.rich}`;
    expect((await asked({ url }, branch)).status).toBe(200);
    expect((await asked({ url }, elsewhere)).status).toBe(404);

    const manager = await world.staff('account-manager');
    expect((await asked({ url }, manager)).status).toBe(404);
    const staff = await world.done({ url: '/care-api/organization/v1/staff?limit=100&fields=login' });
    const { id: staffId } = staff.body.find(({ login }: { login: string }) => login.startsWith('account-manager'));
    const agent = await world.done({
      method: 'POST',
      url: '/care-api/routing/v1/agent',
      payload: { kind: 'manager', pool: 'hotline', endpoint: 'PJSIP/7001', staffId },
    });
    await world.done({ method: 'PUT', url: `${agent.body.href}/customer/${world.customers.rich}` });
    expect((await asked({ url }, manager)).status).toBe(200);
    const own = await asked({ url: '/tmf-api/customerManagement/v4/customer' }, manager);
    expect(own.body.map(({ id }: { id: string }) => id)).toEqual([world.customers.rich]);
  });

  it('[USG-01] whose key sends for one province, neither changes customers of another nor takes them over', async () => {
    const created = await world.done({
      method: 'POST',
      url: '/care-api/organization/v1/apiKey',
      payload: { name: 'BOSS of Guangxi', role: 'boss', source: 'BOSS', provinces: ['450000'] },
    });
    const guangxi = { 'x-api-key': created.body.key as string };
    const push = (kind: string, records: readonly object[]): Promise<Answer> =>
      asked(
        { method: 'POST', url: '/care-api/intake/v1/recordBatch', payload: { kind, source: 'BOSS', records } },
        guangxi,
      );
    const subscription = (changes: object): object => ({
      recordId: `S-${randomUUID()}`,
      eventTime: '2026-01-02T00:00:00+08:00',
      accountNo: 'A-guangxi',
      msisdn: '13912349999',
      name: '韦小明',
      brand: 'GOTONE',
      regionHome: '450000',
      activatedOn: '2012-05-01',
      status: 'ACTIVE',
      statusAt: '2012-05-01T00:00:00+08:00',
      tariffCode: 'GT128',
      packageFeeFen: 12800,
      simKind: 'MAIN',
      realName: true,
      operation: 'NEW',
      version: 1,
      ...changes,
    });
    const payment = (accountNo: string): object => ({
      paymentId: `P-${randomUUID()}`,
      accountNo,
      msisdn: '13912349999',
      paidAt: new Date().toISOString(),
      amountFen: 100,
      method: 'WECHAT',
      operation: 'NEW',
      version: 1,
    });
    const before = await world.database.query('SELECT * FROM customers.customer ORDER BY 1');
    expect(await push('SUB', [subscription({ regionHome: '440000' })])).toMatchObject({ status: 403 });
    expect(await push('SUB', [subscription({ accountNo: 'A-rich' })])).toMatchObject({ status: 403 });
    expect(await push('PAY', [payment('A-rich')])).toMatchObject({
      status: 403,
      body: { code: 'intake.not-your-records' },
    });
    expect(await world.database.query('SELECT * FROM customers.customer ORDER BY 1')).toEqual(before);
    expect(await push('SUB', [subscription({})])).toMatchObject({ body: { results: [{ outcome: 'ACCEPTED' }] } });
    expect(await push('PAY', [payment('A-guangxi')])).toMatchObject({ body: { results: [{ outcome: 'ACCEPTED' }] } });
    expect((await asked({ url: '/tmf-api/customerManagement/v4/customer' }, far)).body).toHaveLength(1);
  });

  it('[MCRM-01] of one tenant sees neither customers nor anything of another tenant, nor can rise above it', async () => {
    const ours = await world.staffIn({ kind: 'tenant', code: 'MALL-1' }, 'tenant-administrator');
    await world.staffIn({ kind: 'tenant', code: 'MALL-2' }, 'tenant-administrator');
    expect((await asked({ url: '/care-api/organization/v1/unit' }, ours)).body).toMatchObject([{ code: 'MALL-1' }]);
    expect((await asked({ url: '/care-api/organization/v1/staff' }, ours)).body).toHaveLength(1);
    const all = await world.done({ url: '/care-api/organization/v1/unit?limit=100' });
    const theirs = all.body.find(({ code }: { code: string }) => code === 'MALL-2');
    const mine = all.body.find(({ code }: { code: string }) => code === 'MALL-1');
    const staff = await world.done({ url: '/care-api/organization/v1/staff?limit=100' });
    const foreign = staff.body.find(({ unitId }: { unitId: string }) => unitId === theirs.id);

    const requestId = `tenant-${randomUUID()}`;
    const attempts: readonly Request[] = [
      { url: theirs.href },
      { method: 'PATCH', url: theirs.href, payload: { name: 'Ours now' } },
      { url: foreign.href },
      { method: 'PATCH', url: foreign.href, payload: { status: 'deactivated' } },
      {
        method: 'POST',
        url: '/care-api/organization/v1/staff',
        payload: {
          login: 'intruder',
          displayName: 'I',
          password: 'correct horse battery staple',
          unitId: theirs.id,
          roles: ['tenant-administrator'],
        },
      },
    ];
    for (const attempt of attempts) {
      const { status } = await asked({ ...attempt, headers: { 'x-request-id': requestId } }, ours);
      expect(`${attempt.method ?? 'GET'} ${attempt.url} ${status}`).toBe(
        `${attempt.method ?? 'GET'} ${attempt.url} 404`,
      );
    }
    const lines = await world.database.query(
      `SELECT 1 FROM organization.access_register WHERE request_id = $1 AND result = 'refused'`,
      [requestId],
    );
    expect(lines).toHaveLength(attempts.length);

    const rise = await asked(
      {
        method: 'POST',
        url: '/care-api/organization/v1/staff',
        payload: {
          login: 'riser',
          displayName: 'R',
          password: 'correct horse battery staple',
          unitId: mine.id,
          roles: ['supervisor'],
        },
      },
      ours,
    );
    expect(rise).toMatchObject({ status: 403, body: { code: 'organization.role-beyond-yours' } });
    expect((await asked({ url: '/tmf-api/customerManagement/v4/customer' }, ours)).status).toBe(403);
  });
});
