import { CustomersFacade } from '../../../src/modules/customers/index.js';
import { openWords } from '../../../src/modules/tickets/persistence/sealed-words.js';
import { Database } from '../../../src/platform/database/index.js';
import { NUMBERS, SECRETS, startWorld, type World } from '../../api/world.js';
import type { Credentials } from '../../support/application.js';

const CUSTOMER = '/tmf-api/customerManagement/v4/customer';
const TICKET = '/tmf-api/troubleTicket/v4/troubleTicket';

/** What each shipped role is shown of one customer (API3): `plain` by customerDisclosure for a request by law. */
const EXPECTED = {
  viewer: { customer: true, plain: [], amounts: false, churn: true },
  'hotline-agent': { customer: true, plain: ['contact'], amounts: true, churn: false },
  'hall-staff': { customer: true, plain: ['identity', 'contact'], amounts: true, churn: false },
  supervisor: { customer: true, plain: ['identity', 'contact', 'personal'], amounts: true, churn: true },
  administrator: { customer: true, plain: ['identity', 'contact', 'personal'], amounts: true, churn: true },
  analyst: { customer: false, plain: [], amounts: true, churn: true },
  auditor: { customer: false, plain: [], amounts: false, churn: false },
  'rule-author': { customer: false, plain: [], amounts: false, churn: true },
} as const;
type Role = keyof typeof EXPECTED;
const roles = Object.keys(EXPECTED) as Role[];

const FIELDS = {
  identity: ['age', 'birthDate', 'idNumber', 'idType', 'name'],
  contact: ['email', 'msisdn'],
  personal: ['maritalStatus', 'sex'],
} as const;

describe('[AUD-03] what each role is shown of one customer', () => {
  let world: World;
  let id: string;
  let ticketId: string;
  const as: Partial<Record<Role, Credentials>> = {};

  beforeAll(async () => {
    world = await startWorld();
    id = world.customers.rich;
    for (const role of roles) as[role] = await world.staff(role);
    const consent = { customerId: id, purpose: 'profile.personal', entry: 'GIVEN', channel: 'HALL' };
    await world.done({ method: 'POST', url: '/care-api/customers/v1/consent', payload: consent });
    await world.done({
      method: 'PATCH',
      url: `${CUSTOMER}/${id}`,
      payload: {
        factSource: 'survey',
        characteristic: [
          { name: 'sex', value: 'female' },
          { name: 'maritalStatus', value: 'married' },
          { name: 'remark', value: 'her office is 13912349999' },
        ],
        contactMedium: [{ mediumType: 'email', characteristic: { emailAddress: 'someone@example.com' } }],
      },
    });
    const opened = await world.done({
      method: 'POST',
      url: TICKET,
      payload: {
        description: '回电１３９１２３４９９９９ or mail someone@example.com, card 4111 1111 1111 1111',
        severity: 'minor',
        ticketType: 'complaint',
        relatedParty: [{ id, role: 'customer' }],
        note: [{ text: '证件11010519491231002X' }],
        'x-callback': { number: '139-1234-9999' },
      },
    });
    ticketId = opened.body.id;
    const fields = { recordId: 'U-1', msisdn: NUMBERS.rich, counterpartyClass: 'ON_NET', durationSec: 61, feeFen: 20 };
    await world.done({
      method: 'POST',
      url: '/tmf-api/usageManagement/v4/usage',
      payload: {
        usageDate: new Date(Date.now() - 3_600_000).toISOString(),
        usageType: 'VOICE_MO',
        usageCharacteristic: Object.entries(fields).map(([name, value]) => ({ name, value })),
      },
      headers: world.boss,
    });
  });
  afterAll(() => world.close());
  const ask = (role: Role, url: string, payload?: object) =>
    world.ask({ url, ...(payload && { method: 'POST', payload }), headers: as[role] ?? {} });

  it.each(roles)('masks everything for %s, whatever it may unmask', async (role) => {
    const answer = await ask(role, `${CUSTOMER}/${id}`);
    expect(answer.status).toBe(EXPECTED[role].customer ? 200 : 403);
    if (answer.status !== 200) return;
    expect(answer.body.name).toBe('欧阳*');
    const shown = Object.fromEntries(
      answer.body.characteristic.map(({ name, value }: { name: string; value: unknown }) => [name, value]),
    );
    expect(shown).toMatchObject({
      sex: '*',
      maritalStatus: '*',
      birthDate: '19**-**-**',
      age: expect.stringMatching(/^\d\*$/),
      remark: 'her office is 139****9999',
    });
    expect(answer.body.contactMedium.map(({ characteristic }: { characteristic: object }) => characteristic)).toEqual([
      { phoneNumber: '+86139****0001' },
      { emailAddress: 's***@example.com' },
    ]);
    const all = await ask(role, `${CUSTOMER}?limit=100`);
    for (const secret of [...SECRETS, 'someone@', 'married', 'female', '13912349999']) {
      expect(answer.text).not.toContain(secret);
      expect(all.text).not.toContain(secret);
    }
  });

  it.each(roles)('shows %s in plain only the groups it holds, and registers just those', async (role) => {
    const body = { customerId: id, purpose: 'legal' };
    const answer = await ask(role, '/care-api/customers/v1/customerDisclosure', body);
    const { plain } = EXPECTED[role];
    expect(answer.status).toBe(plain.length > 0 ? 200 : 403);
    if (plain.length === 0) return;
    const fields = plain.flatMap((group): readonly string[] => FIELDS[group]);
    expect(Object.keys(answer.body).sort()).toEqual(['@type', 'groups', 'href', 'id', ...fields].sort());
    expect([answer.body.groups, answer.headers['cache-control']]).toEqual([plain, 'no-store']);
    const [line] = await world.database.query<{ field_groups: string[]; purpose: string }>(
      `SELECT field_groups, purpose FROM organization.access_register WHERE action = 'customers.unmask'
       ORDER BY occurred_at DESC LIMIT 1`,
    );
    expect(line).toEqual({ field_groups: plain.map((group) => `${group}-plain`), purpose: 'legal' });
    const more = (['identity', 'contact', 'personal'] as const).find(
      (group) => !(plain as readonly string[]).includes(group),
    );
    if (!more) return;
    const refused = await ask(role, '/care-api/customers/v1/customerDisclosure', { ...body, groups: [...plain, more] });
    expect([refused.status, refused.body.code]).toEqual([403, 'customers.group-not-permitted']);
  });

  it('discloses for a purpose of the list only, or because the caller was verified', async () => {
    const ask1 = (payload: object) =>
      ask('supervisor', '/care-api/customers/v1/customerDisclosure', { customerId: id, ...payload });
    expect((await ask1({})).body.code).toBe('customers.unknown-disclosure-purpose');
    expect((await ask1({ purpose: 'marketing.message' })).body.code).toBe('customers.unknown-disclosure-purpose');
    const uncovered = await ask1({ purpose: 'service', groups: ['personal'] });
    expect([uncovered.status, uncovered.body.code]).toEqual([403, 'customers.purpose-does-not-cover']);
    const unverified = await ask1({ verificationId: id });
    expect([unverified.status, unverified.body.code]).toEqual([403, 'customers.caller-not-verified']);
  });

  it.each(roles)('leaves amounts out for %s unless it may see them', async (role) => {
    const { amounts, churn } = EXPECTED[role];
    const level = await ask(role, `/care-api/tiering/v1/customerTier/${id}`);
    if (level.status === 200) {
      expect(level.body.inputs.find(({ code }: { code: string }) => code === 'SPEND').value !== null).toBe(amounts);
      expect(/"gap":\d/.test(level.text)).toBe(amounts);
    }
    const why = await ask(role, `/care-api/tiering/v1/customerTier/${id}/explanation?asOf=2026-02-01`);
    if (why.status === 200) {
      const route = why.body.reasons.find(({ code }: { code: string }) => code === 'GROWTH_VALUE');
      expect(route.actual !== null).toBe(amounts);
    }
    const usage = await ask(role, '/tmf-api/usageManagement/v4/usage?limit=5');
    if (usage.status === 200) expect([usage.body.length, 'ratedProductUsage' in usage.body[0]]).toEqual([1, amounts]);
    const risk = await ask(role, `/care-api/analytics/v1/churnRisk/${id}`);
    expect(risk.status).toBe(churn ? 200 : 403);
    if (risk.status === 200) expect('revenueAtRiskFen' in risk.body).toBe(amounts);
    // To order by an amount is to learn it.
    const ordered = await ask(role, '/care-api/analytics/v1/churnRisk?sort=-revenueAtRiskFen');
    expect(ordered.status).toBe(churn && amounts ? 200 : 403);
  });

  it('knows no customer of another province', async () => {
    const elsewhere = await world.staffIn({ kind: 'province', code: '450000' }, 'supervisor');
    const consent = { customerId: id, purpose: 'profile.personal', entry: 'WITHDRAWN', channel: 'HALL' };
    const document = { customerId: id, documentKind: 'PASSPORT', documentNumber: 'E12345678' };
    for (const [url, payload] of [
      ['/care-api/customers/v1/consent', consent],
      [`/care-api/customers/v1/consent/${id}`],
      ['/care-api/customers/v1/realNameVerification', document],
      [`/care-api/customers/v1/realName/${id}`],
      [`/care-api/customers/v1/mainFacts/${id}`],
      ['/care-api/customers/v1/customerDisclosure', { customerId: id, purpose: 'care' }],
    ] as const) {
      const answer = await world.ask({ url, ...(payload && { method: 'POST', payload }), headers: elsewhere });
      expect([url, answer.status]).toEqual([url, 404]);
    }
    // The second line: the database itself shows such a request nothing.
    const source = await world.database.dataSource();
    const seen = await source.transaction(async (manager) => {
      await manager.query('SET LOCAL ROLE guibin_request');
      await manager.query(`SET LOCAL guibin.provinces = '450000'`);
      return Promise.all(
        ['consent', 'effective_consent', 'fact_source', 'real_name_verification'].map(
          async (table) => (await manager.query<unknown[]>(`SELECT 1 FROM customers.${table}`)).length,
        ),
      );
    });
    expect(seen).toEqual([0, 0, 0, 0]);
    const said = await world.database.query('SELECT entry FROM customers.consent WHERE customer_id = $1', [id]);
    expect(said).toEqual([{ entry: 'GIVEN' }]);
  });

  it('lets a hall of the own province take consent, document and facts', async () => {
    const hall = await world.staffIn({ kind: 'province', code: '440000' }, 'hall-staff');
    const customerId = world.customers.poor;
    const post = (url: string, payload: object, method = 'POST') =>
      world.ask({ method, url, payload: { customerId, ...payload }, headers: hall });
    const consent = { purpose: 'profile.personal', channel: 'HALL', proof: 'form 7' };
    const document = { documentKind: 'PASSPORT', documentNumber: 'E12345678' };
    const answers = [
      await post('/care-api/customers/v1/consent', { ...consent, entry: 'GIVEN' }),
      await post('/care-api/customers/v1/realNameVerification', document),
      await world.ask({
        method: 'PATCH',
        url: `${CUSTOMER}/${customerId}`,
        payload: { characteristic: [{ name: 'workStatus', value: 'employed' }], factSource: 'hall' },
        headers: hall,
      }),
      await post('/care-api/customers/v1/customerDisclosure', { purpose: 'verification' }),
      await post('/care-api/customers/v1/consent', { ...consent, entry: 'WITHDRAWN' }),
      await world.ask({ url: `/care-api/customers/v1/mainFacts/${customerId}`, headers: hall }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 200, 200, 201, 200]);
    expect(answers[1]?.body.outcome).toBe('VERIFIED');
  });

  it('hides what people wrote into a ticket, and keeps it when it is sent back', async () => {
    const shown = await ask('viewer', `${TICKET}/${ticketId}`);
    expect(shown.body).toMatchObject({
      description: '回电１３９****９９９９ or mail s******@example.com, card **** **** **** 1111',
      note: [{ text: '证件1****************X' }],
      'x-callback': { number: '139-****-9999' },
      relatedParty: [{ id }],
    });
    expect((await ask('viewer', TICKET)).text).not.toMatch(/11010519491231002X|4111 1111|１２３４|1234-9999|someone@/);
    const whole = shown.body;
    const patched = await world.ask({
      method: 'PATCH',
      url: `${TICKET}/${ticketId}`,
      payload: { ...whole, 'x-more': 1 },
    });
    expect([patched.status, patched.body.description]).toEqual([200, whole.description]);
    const [{ words_sealed: sealed } = { words_sealed: null }] = await world.database.query<{
      words_sealed: Buffer | null;
    }>('SELECT words_sealed FROM tickets.ticket WHERE ticket_id = $1', [ticketId]);
    const seals = await world.app.get(CustomersFacade).sealsOf(world.app.get(Database), [id]);
    expect(openWords(seals, { customerId: id, ticketId }, sealed)).toMatchObject({
      description: '回电１３９１２３４９９９９ or mail someone@example.com, card 4111 1111 1111 1111',
      extension: { 'x-callback': { number: '139-1234-9999' }, 'x-more': 1 },
    });
  });

  it('[CUS-07] shows all nine facts with where each came from', async () => {
    const { body } = await ask('viewer', `/care-api/customers/v1/mainFacts/${id}`);
    const sources = Object.fromEntries(
      body.fact.map(({ fact, source }: { fact: string; source?: string }) => [fact, source]),
    );
    expect(sources).toEqual({
      ...{ name: 'BOSS', birthDate: 'BOSS', age: 'BOSS', phone: 'BOSS', email: 'survey', address: undefined },
      ...{ sex: 'survey', maritalStatus: 'survey', workStatus: undefined },
    });
    const counts = await ask('viewer', '/care-api/customers/v1/mainFacts');
    expect(counts.body).toContainEqual({ fact: 'email', source: 'survey', customers: 1 });
  });
});
