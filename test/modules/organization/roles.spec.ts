import { startTestApplication, type Credentials, type TestApplication } from '../../support/application.js';

describe('roles of the operator’s own', () => {
  let application: TestApplication;
  let second: Credentials;

  beforeAll(async () => {
    application = await startTestApplication();
    second = await application.staff('administrator');
  }, 60_000);
  afterAll(() => application?.close());

  const ROLE = '/care-api/organization/v1/role';
  const nightShift = {
    role: 'night-shift',
    name: 'Night shift',
    scope: 'unit',
    permissions: ['organization.read', 'tickets.read'],
    reason: 'They only take complaints',
  };
  const propose = (payload: object, headers: Credentials = application.administrator) =>
    application.call({ method: 'POST', url: ROLE, payload, headers });
  const approve = (href: string, headers: Credentials) =>
    application.call({ method: 'POST', url: `${href}/approve`, payload: {}, headers });

  it('permit what two administrators decided, from then on and nothing else', async () => {
    const { status, body } = await propose(nightShift);
    expect(status).toBe(202);
    expect((await approve(body.approvalHref, application.administrator)).status).toBe(403);
    expect((await approve(body.approvalHref, second)).status).toBe(200);

    const worker = await application.staff('night-shift');
    const asked = async (url: string) => (await application.call({ url, headers: worker })).status;
    expect(await asked('/tmf-api/troubleTicket/v4/troubleTicket')).toBe(200);
    expect(await asked('/tmf-api/customerManagement/v4/customer')).toBe(403);

    const wider = await propose({ ...nightShift, permissions: [...nightShift.permissions, 'customers.read'] });
    expect(await asked('/tmf-api/customerManagement/v4/customer')).toBe(403);
    expect((await approve(wider.body.approvalHref, second)).status).toBe(200);
    expect(await asked('/tmf-api/customerManagement/v4/customer')).toBe(200);
  });

  it.each([
    ['a shipped role changed', { role: 'viewer' }, 409, 'organization.role-is-fixed'],
    ['the role of customers given to people', { role: 'customer' }, 409, 'organization.role-is-fixed'],
    ['a permission that does not exist', { permissions: ['customers.delete'] }, 422, 'organization.unknown-permission'],
    ['everything at once', { permissions: ['*'] }, 422, 'organization.unknown-permission'],
    [
      'accounts and their audit in one hand',
      { permissions: ['organization.manage', 'organization.audit'] },
      422,
      'organization.duties-together',
    ],
    ['the scope of a customer', { scope: 'self' }, 400, 'request.invalid'],
  ])('cannot be %s', async (_, changes, status, code) => {
    const answer = await propose({ ...nightShift, ...changes });
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  });

  it('[AUD-03] of the product give nobody accounts, decisions about people’s data and audit together', async () => {
    const { body } = await application.call({ url: `${ROLE}?limit=100`, headers: application.administrator });
    const duties = [['organization.manage', 'organization.keys'], ['privacy.approve'], ['organization.audit']];
    for (const { id, permissions } of body as { id: string; permissions: string[] }[]) {
      const held = duties.filter((duty) => duty.some((permission) => permissions.includes(permission)));
      expect(`${id} ${held.length}`).toBe(`${id} ${Math.min(held.length, 1)}`);
    }
    expect(body.length).toBeGreaterThanOrEqual(15);
  });

  it('are not made by whoever works for a province', async () => {
    const local = await application.staffIn({ kind: 'province', code: '440000' }, 'administrator');
    expect(await propose({ ...nightShift, role: 'local' }, local)).toMatchObject({
      status: 403,
      body: { code: 'access.whole-operator-only' },
    });
  });
});
