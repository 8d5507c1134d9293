import { createHash } from 'node:crypto';
import { NUMBERS, startWorld, type World } from '../api/world.js';
import type { Credentials } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import type { Answer } from '../support/http.js';

const PRIVACY = '/care-api/privacy/v1';
const ORGANIZATION = '/care-api/organization/v1';

describe('a customer asks what is known of her', () => {
  let world: World;
  let clerk: Credentials;
  let supervisor: Credentials;
  let auditor: Credentials;
  let customerId: string;

  beforeAll(async () => {
    world = await startWorld();
    [clerk, supervisor, auditor] = await Promise.all([
      world.staff('hall-staff'),
      world.staff('supervisor'),
      world.staff('auditor'),
    ]);
    customerId = world.customers.rich;
  });
  afterAll(() => world.close());

  const as = (who: Credentials, method: string, url: string, payload?: object, headers = {}): Promise<Answer> =>
    world.call({ method, url, payload, headers: { ...who, ...headers } });
  const ask = async (who = clerk): Promise<Answer> =>
    as(who, 'POST', `${PRIVACY}/subjectExport`, { customerId, reason: '客户来函, 回电 13912340001', channel: 'hall' });
  const ready = (url: string, who = clerk): Promise<Answer> =>
    eventually(async () => {
      const answer = await as(who, 'GET', url);
      return answer.body.status === 'ready' && answer;
    });

  it('gives her a copy of everything that is known, after four eyes have looked at the request', async () => {
    const asked = await ask();
    expect([asked.status, asked.body.status]).toEqual([201, 'awaiting-approval']);
    const { href, approvalId } = asked.body;
    expect((await as(clerk, 'GET', `${href}/file`)).body.code).toBe('privacy.copy-not-ready');

    // The clerk who asked may not decide, whoever else he is; the one who decides sees why.
    expect((await as(clerk, 'POST', `${ORGANIZATION}/approval/${approvalId}/approve`, {})).status).toBe(403);
    const waiting = await as(supervisor, 'GET', `${ORGANIZATION}/approval?status=pending&kind=privacy.export`);
    expect(waiting.body).toEqual([
      expect.objectContaining({
        id: approvalId,
        customerId,
        title: 'Copy of the own data (个人信息副本)',
        reason: '客户来函, 回电 139****0001',
        status: 'pending',
      }),
    ]);
    const decision = { comment: 'Identity card seen' };
    const approved = await as(supervisor, 'POST', `${ORGANIZATION}/approval/${approvalId}/approve`, decision);
    expect([approved.status, approved.body.status]).toEqual([200, 'approved']);
    const again = await as(supervisor, 'POST', `${ORGANIZATION}/approval/${approvalId}/approve`, {});
    expect([again.status, again.body.code]).toEqual([409, 'approval.closed']);

    const { body: copy } = await ready(href);
    expect(copy.sections).toMatchObject({ 'customers.customer': 1, 'usage.bill': 1, 'points.account': 1 });
    // Not even who approved it may take it away.
    expect((await as(supervisor, 'GET', `${href}/file`)).body.code).toBe('privacy.not-your-copy');
    const file = await as(clerk, 'GET', `${href}/file`);
    expect(file.status).toBe(200);
    expect(file.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-disposition': expect.stringContaining('attachment'),
    });
    expect(createHash('sha256').update(file.text).digest('hex')).toBe(copy.sha256);
    const document = JSON.parse(file.text) as { schemaVersion: string; sections: { name: string; items: object[] }[] };
    expect(document.schemaVersion).toBe('1.0');
    const items = (name: string): object[] => document.sections.find((section) => section.name === name)?.items ?? [];
    expect(items('customers.customer')).toEqual([
      expect.objectContaining({ name: '欧阳小明', birthDate: '1980-01-01' }),
    ]);
    expect(items('customers.subscription')).toEqual([expect.objectContaining({ msisdn: `+86${NUMBERS.rich}` })]);
    expect(items('usage.bill')).toEqual([expect.objectContaining({ payableFen: 1_000_000 })]);
    expect(items('tiering.decision')).toContainEqual(
      expect.objectContaining({ reasons: expect.arrayContaining([expect.objectContaining({ kind: 'route' })]) }),
    );
    expect(items('points.journal').length).toBeGreaterThan(0);
    expect(items('register.access').length).toBeGreaterThan(0);
    // Nothing of anybody else.
    expect(file.text).not.toMatch(new RegExp(`${NUMBERS.poor}|${NUMBERS.suspended}|小红|${world.customers.poor}`));

    // It lies in the database where nobody can read it.
    const chunks = await world.database.query<{ sealed: Buffer }>('SELECT sealed FROM customers.subject_export_chunk');
    expect(chunks.length).toBeGreaterThan(0);
    for (const { sealed } of chunks) expect(sealed.includes('欧阳')).toBe(false);
  });

  it('writes down who asked, who decided, who fetched it, and everything that it showed', async () => {
    const seen = await as(auditor, 'GET', `${ORGANIZATION}/accessEntry?customerId=${customerId}&action=privacy.export`);
    expect(seen.body).toEqual([
      expect.objectContaining({
        fieldGroups: expect.arrayContaining(['identity-plain', 'usage', 'points']),
        result: 'granted',
      }),
    ]);
    const { body: lines } = await as(
      auditor,
      'GET',
      `${ORGANIZATION}/auditEntry?customerId=${customerId}&sort=occurredAt&limit=100`,
    );
    const actions = lines.map(({ action }: { action: string }) => action);
    expect(actions).toEqual(
      expect.arrayContaining(['approval.ask', 'approval.approve', 'privacy.prepare-copy', 'privacy.fetch-copy']),
    );
    expect(JSON.stringify(lines)).not.toMatch(/13912340001|欧阳|小明/);
    // Whoever looks after accounts does not look after the audit, and nobody is both.
    expect((await as(world.administrator, 'GET', `${ORGANIZATION}/auditEntry`)).status).toBe(403);
    expect((await as(clerk, 'GET', `${ORGANIZATION}/auditEntry`)).status).toBe(403);
    const both = await as(world.administrator, 'POST', `${ORGANIZATION}/staff`, {
      ...{ login: 'both', displayName: 'Both', password: 'a long phrase that nobody guesses' },
      ...{ unitId: '019a9d00-0000-7000-8000-000000000001', roles: ['administrator', 'auditor'] },
    });
    expect([both.status, both.body.code]).toEqual([422, 'organization.roles-in-conflict']);
    const [admin] = (await as(world.administrator, 'GET', `${ORGANIZATION}/staff?login=admin`)).body;
    const own = await as(world.administrator, 'PATCH', admin.href, { roles: ['administrator', 'rule-author'] });
    expect([own.status, own.body.code]).toEqual([403, 'organization.own-roles']);
    const refused = await as(
      auditor,
      'GET',
      `${ORGANIZATION}/accessEntry?result=refused&requestId=${own.headers['x-request-id']}`,
    );
    expect(refused.body).toHaveLength(1);
  });

  it('hands it out five times, and not after a week', async () => {
    const asked = await ask();
    await as(supervisor, 'POST', `${ORGANIZATION}/approval/${asked.body.approvalId}/approve`, {});
    await ready(asked.body.href);
    const answers = await Promise.all(Array.from({ length: 8 }, () => as(clerk, 'GET', `${asked.body.href}/file`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 410, 410, 410]);
    const refused = answers.find(({ status }) => status === 410);
    expect(refused?.body.code).toBe('privacy.copy-fetched-often');

    await world.database.query(
      `UPDATE customers.subject_export SET downloads = 0, expires_at = now() WHERE export_id = $1`,
      [asked.body.id],
    );
    expect((await as(clerk, 'GET', `${asked.body.href}/file`)).body.code).toBe('privacy.copy-expired');
    expect((await as(clerk, 'GET', asked.body.href)).body.status).toBe('expired');
  });

  it('tells her why when it is refused', async () => {
    const asked = await ask();
    const comment = '未核实申请人身份';
    await as(supervisor, 'POST', `${ORGANIZATION}/approval/${asked.body.approvalId}/reject`, { comment });
    expect((await as(clerk, 'GET', asked.body.href)).body.status).toBe('refused');
    const { body: request } = await as(clerk, 'GET', `${PRIVACY}/subjectRequest/${asked.body.subjectRequestId}`);
    expect(request).toMatchObject({ kind: 'COPY', status: 'refused', answer: comment });
  });

  it('keeps the reason that came with a change, without what it says of her', async () => {
    const reason = encodeURIComponent('客户更正, 电话 13912340001');
    const changed = await as(
      clerk,
      'PATCH',
      `/tmf-api/customerManagement/v4/customer/${customerId}`,
      { favouriteHall: '1' },
      { 'x-reason': reason },
    );
    expect(changed.status).toBe(200);
    const lines = await as(auditor, 'GET', `${ORGANIZATION}/auditEntry?requestId=${changed.headers['x-request-id']}`);
    expect(lines.body).toEqual([
      expect.objectContaining({
        action: 'customers.change',
        changedFields: ['favouriteHall'],
        reason: '客户更正, 电话 139****0001',
      }),
    ]);
    const bad = await as(
      clerk,
      'PATCH',
      `/tmf-api/customerManagement/v4/customer/${customerId}`,
      {},
      { 'x-reason': '100%' },
    );
    expect([bad.status, bad.body.code]).toEqual([400, 'request.invalid-reason']);
  });

  it('is told when the account of somebody who saw her data was stolen', async () => {
    const [{ actorId }] = (
      await as(auditor, 'GET', `${ORGANIZATION}/accessEntry?customerId=${customerId}&action=privacy.export`)
    ).body;
    const affected = (who: Credentials, from: string, until: string) =>
      as(who, 'GET', `${ORGANIZATION}/affectedCustomers?actorId=${actorId}&from=${from}&until=${until}`);
    const { body } = await affected(auditor, '2020-01-01T00:00:00Z', '2199-01-01T00:00:00Z');
    expect(body).toMatchObject({
      unnamedLooks: 0,
      customers: [{ customerId, fieldGroups: expect.arrayContaining(['usage']) }],
    });
    expect((await affected(auditor, '2020-01-01T00:00:00Z', '2020-02-01T00:00:00Z')).body.customers).toEqual([]);
    expect((await affected(supervisor, '2020-01-01T00:00:00Z', '2199-01-01T00:00:00Z')).status).toBe(403);
  });

  it('loses no other request of hers: each has a day, and those that are late are seen', async () => {
    const recorded = await as(clerk, 'POST', `${PRIVACY}/subjectRequest`, {
      ...{ kind: 'CORRECTION', customerId, channel: 'hotline', receivedAt: '2026-02-02T10:00:00+08:00' },
      detail: '出生日期应为 1981-01-01',
    });
    expect([recorded.status, recorded.body.dueOn, recorded.body.isOverdue]).toEqual([201, '2026-02-23', true]);
    const late = await as(supervisor, 'GET', `${PRIVACY}/subjectRequest?isOverdue=true`);
    expect(late.body.map(({ id }: { id: string }) => id)).toEqual([recorded.body.id]);
    expect(await world.database.query(`SELECT FROM customers.subject_request WHERE detail_sealed IS NULL`)).toEqual([]);

    const silent = await as(clerk, 'POST', `${recorded.body.href}/answer`, { outcome: 'refused' });
    expect([silent.status, silent.body.code]).toEqual([400, 'privacy.answer-missing']);
    const answered = await as(clerk, 'POST', `${recorded.body.href}/answer`, { outcome: 'done', answer: '已更正' });
    expect(answered.body).toMatchObject({ status: 'done', answer: '已更正', isOverdue: false });
    expect((await as(clerk, 'POST', `${recorded.body.href}/answer`, { outcome: 'done' })).body.code).toBe(
      'privacy.request-closed',
    );
    const early = { kind: 'ACCESS', customerId, channel: 'hall', receivedAt: '2199-01-01T00:00:00Z' };
    expect((await as(clerk, 'POST', `${PRIVACY}/subjectRequest`, early)).body.code).toBe('privacy.received-in-future');
  });

  it('shows nobody of another province that there is anything', async () => {
    const stranger = await world.staffIn({ kind: 'province', code: '450000' }, 'supervisor');
    const asked = await ask();
    const { href, approvalId } = asked.body;
    expect((await ask(stranger)).body.code).toBe('customers.not-found');
    for (const url of [href, `${href}/file`, `${ORGANIZATION}/approval/${approvalId}`]) {
      expect([url, (await as(stranger, 'GET', url)).status]).toEqual([url, 404]);
    }
    const approval = await as(stranger, 'POST', `${ORGANIZATION}/approval/${approvalId}/approve`, {});
    expect([approval.status, approval.body.code]).toEqual([404, 'approval.not-found']);
    for (const url of [`${PRIVACY}/subjectExport`, `${PRIVACY}/subjectRequest`, `${ORGANIZATION}/approval`]) {
      expect([url, (await as(stranger, 'GET', url)).body]).toEqual([url, []]);
    }
    expect((await as(clerk, 'POST', `${ORGANIZATION}/approval/${approvalId}/withdraw`)).body.status).toBe('withdrawn');
    expect((await as(clerk, 'GET', href)).body.status).toBe('withdrawn');
  });
});
