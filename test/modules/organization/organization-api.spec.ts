import { ROOT_UNIT_ID } from '../../../src/modules/organization/domain/unit.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { startOrganizationAndCustomers } from '../customers/api.js';

const AREA = '/care-api/organization/v1';

describe('the organization over HTTP', () => {
  let db: TestDatabase;
  let api: Awaited<ReturnType<typeof startOrganizationAndCustomers>>;
  let authorization: string;

  beforeAll(async () => {
    db = await createTestDatabase();
    api = await startOrganizationAndCustomers(db);
    authorization = await api.signIn(api.administrator.login, api.administrator.password);
  });
  afterAll(async () => {
    await api.app.close();
    await db.drop();
  });
  const call = (method: string, path: string, payload?: object, headers = {}) =>
    api.call({ method, url: AREA + path, payload, headers: { authorization, ...headers } });

  it('signs in with JSON and with the form of an OAuth client', async () => {
    const { login, password } = api.administrator;
    const form = await api.call({
      method: 'POST',
      url: `${AREA}/session`,
      payload: new URLSearchParams({ grant_type: 'password', username: login, password, scope: '' }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(form.status).toBe(200);
    expect(form.body).toMatchObject({ tokenType: 'Bearer', token_type: 'Bearer', expiresIn: 3600 });
    expect(form.body.accessToken).toBe(form.body.access_token);

    const wrong = (payload: object) => api.call({ method: 'POST', url: `${AREA}/session`, payload });
    const answers = [await wrong({ login, password: 'x' }), await wrong({ login: 'nobody', password: 'x' })];
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    expect(answers[0]?.text).toBe(answers[1]?.text);
    expect((await wrong({ password: 'x' })).status).toBe(400);
  });

  it('keeps units, staff and keys', async () => {
    const province = await call('POST', '/unit', {
      parentId: ROOT_UNIT_ID,
      kind: 'province',
      code: '440000',
      name: 'Guangdong',
    });
    expect([province.status, province.headers['location']]).toEqual([201, province.body.href]);
    expect((await call('PATCH', `/unit/${province.body.id}`, { name: 'Guangdong province' })).body.name).toBe(
      'Guangdong province',
    );
    expect((await call('PATCH', `/unit/${province.body.id}`, { code: '1' })).status).toBe(400);
    const below = await call('GET', `/unit?within=${ROOT_UNIT_ID}`);
    expect(below.body.map(({ code }: { code: string }) => code)).toEqual(['GROUP', '440000']);

    const member = await call('POST', '/staff', {
      login: 'li.ming',
      displayName: 'Li Ming',
      password: 'a long phrase of mine',
      unitId: province.body.id,
      roles: ['hotline-agent'],
    });
    expect(member.status).toBe(201);
    expect(member.text).not.toContain('hash');
    const agent = await api.signIn('li.ming', 'a long phrase of mine');
    const listed = await call('GET', '/staff?role=hotline-agent', undefined, { authorization: agent });
    expect([listed.status, listed.body.length]).toEqual([200, 1]);
    expect((await call('POST', '/staff', {}, { authorization: agent })).status).toBe(403);
    expect((await call('GET', '/accessEntry', undefined, { authorization: agent })).status).toBe(403);

    expect((await call('PATCH', `/staff/${member.body.id}`, { status: 'deactivated' })).status).toBe(200);
    expect((await call('GET', '/staff', undefined, { authorization: agent })).status).toBe(401);
    expect((await call('DELETE', `/staff/${member.body.id}`)).status).toBeGreaterThanOrEqual(404);

    const key = await call('POST', '/apiKey', { name: 'POS', role: 'pbx' });
    expect(key.status).toBe(201);
    const withKey = { authorization: '', 'x-api-key': key.body.key };
    expect((await call('GET', '/unit', undefined, withKey)).status).toBe(403);
    expect((await call('GET', '/apiKey')).text).not.toContain(key.body.key);
    expect((await call('DELETE', `/apiKey/${key.body.id}`)).status).toBe(204);
    expect((await call('GET', '/unit', undefined, withKey)).status).toBe(401);

    const roles = await call('GET', '/role?isForSystems=true');
    expect(roles.body.map(({ id }: { id: string }) => id)).toEqual(['boss', 'customer', 'pbx', 'pos', 'sms']);
    expect((await call('GET', '/unit/no-such-shape')).status).toBe(404);
    expect((await call('GET', '/staff/019a9d00-0000-7000-8000-00000000ffff')).status).toBe(404);
  });
});
