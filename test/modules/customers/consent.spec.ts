import { EraseFactsWithoutConsent } from '../../../src/modules/customers/application/erase-facts-without-consent.js';
import { FindConsents } from '../../../src/modules/customers/application/consents.query.js';
import { RecordConsent } from '../../../src/modules/customers/application/record-consent.js';
import { Clock } from '../../../src/platform/clock/index.js';
import { PersonalData } from '../../../src/platform/privacy/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { startOrganizationAndCustomers } from './api.js';
import { aSnapshot } from './support.js';

const CUSTOMER = '/tmf-api/customerManagement/v4/customer';
const CONSENT = '/care-api/customers/v1/consent';
const purpose = 'profile.personal';
const actor = { kind: 'staff', id: 'tester' } as const;

describe('[CUS-07] consent (同意) over HTTP', () => {
  let db: TestDatabase;
  let api: Awaited<ReturnType<typeof startOrganizationAndCustomers>>;
  let authorization: string;
  let accounts = 0;

  beforeAll(async () => {
    db = await createTestDatabase();
    api = await startOrganizationAndCustomers(db);
    authorization = await api.signIn(api.administrator.login, api.administrator.password);
  });
  afterAll(async () => {
    await api.app.close();
    await db.drop();
  });
  const call = (method: string, url: string, payload?: object, headers = {}) =>
    api.call({ method, url, payload, headers: { authorization, ...headers } });
  const aCustomer = async (): Promise<string> => {
    accounts += 1;
    const snapshot = aSnapshot({ accountNo: `A-${accounts}`, msisdn: String(13_800_138_000 + accounts) });
    const [applied] = await api.transaction.run((tx) =>
      api.customers.applySubscriptions(tx, 'BOSS', [snapshot], new Date()),
    );
    return applied?.customerId ?? '';
  };
  const say = (customerId: string, entry: string, more = {}) =>
    call('POST', CONSENT, { customerId, purpose, entry, channel: 'HALL', ...more });
  const standing = async (customerId: string) =>
    (await call('GET', `${CONSENT}/${customerId}`)).body.standing.find(
      (each: { purpose: string }) => each.purpose === purpose,
    );
  const stateFact = (customerId: string, name: string, value: string, more = {}) =>
    call('PATCH', `${CUSTOMER}/${customerId}`, { characteristic: [{ name, value }], ...more });
  const shown = async (customerId: string): Promise<Record<string, unknown>> =>
    Object.fromEntries(
      (await call('GET', `${CUSTOMER}/${customerId}`)).body.characteristic.map(
        ({ name, value }: { name: string; value: unknown }) => [name, value],
      ),
    );
  const stored = async (customerId: string): Promise<unknown> => {
    const [row] = await db.query<{ extra_sealed: Buffer; secret: Buffer }>(
      `SELECT extra_sealed, secret FROM customers.customer JOIN vault.subject_key ON subject_id = customer_id
       WHERE customer_id = $1`,
      [customerId],
    );
    const text = api.app
      .get(PersonalData)
      .open(row?.extra_sealed ?? Buffer.alloc(0), `customer.extra:${customerId}`, row?.secret);
    return JSON.parse(text).characteristic;
  };
  const eraseFacts = () => api.app.get(EraseFactsWithoutConsent).execute();

  it('is needed for marital and work status, and for nothing else', async () => {
    const id = await aCustomer();
    const refused = await stateFact(id, 'maritalStatus', 'married');
    expect([refused.status, refused.body.code, refused.body.detail?.field]).toEqual([
      422,
      'customers.consent-needed',
      'characteristic.maritalStatus',
    ]);
    expect((await stateFact(id, 'sex', 'female')).status).toBe(200);
    expect((await say(id, 'GIVEN', { proof: 'form 2026-1' })).status).toBe(201);
    expect((await stateFact(id, 'maritalStatus', 'married')).status).toBe(200);
    expect(await shown(id)).toMatchObject({ maritalStatus: '*' });
    expect(JSON.stringify(await db.query('SELECT * FROM customers.consent'))).not.toContain('form 2026-1');
    const wrong = await stateFact(id, 'maritalStatus', 'engaged');
    expect([wrong.status, wrong.body.code]).toEqual([400, 'customers.fact-refused']);
    expect(wrong.text).not.toContain('engaged');
  });

  it('ends at once for readers, and for what is stored with the next turn of the job', async () => {
    const id = await aCustomer();
    await say(id, 'GIVEN');
    await call('PATCH', `${CUSTOMER}/${id}`, {
      characteristic: [
        { name: 'hobby', value: 'tea' },
        { name: 'workStatus', value: 'employed' },
      ],
    });
    expect((await say(id, 'WITHDRAWN', { channel: 'HOTLINE' })).status).toBe(201);
    expect(Object.keys(await shown(id))).not.toContain('workStatus');
    const { body } = await call('POST', '/care-api/customers/v1/customerDisclosure', {
      customerId: id,
      purpose: 'care',
    });
    expect([body.groups, body.workStatus]).toEqual([['identity', 'contact', 'personal'], undefined]);
    expect(await stored(id)).toHaveLength(2);

    expect(await eraseFacts()).toBe(1);
    expect(await stored(id)).toEqual([{ name: 'hobby', value: 'tea' }]);
    expect(await db.query('SELECT fact FROM customers.fact_source WHERE customer_id = $1', [id])).toEqual([]);
    expect(await eraseFacts()).toBe(0);
    // What was erased does not come back with a new consent.
    await say(id, 'GIVEN');
    expect(Object.keys(await shown(id))).not.toContain('workStatus');
  });

  it('leaves every other fact in its place when a client sends back what it was shown without the consent', async () => {
    const id = await aCustomer();
    await say(id, 'GIVEN');
    await call('PATCH', `${CUSTOMER}/${id}`, {
      characteristic: [
        { name: 'maritalStatus', value: 'married' },
        { name: 'sex', value: 'female' },
        { name: 'hobby', value: 'calls 13800138000' },
      ],
    });
    await say(id, 'WITHDRAWN');
    const { body } = await call('GET', `${CUSTOMER}/${id}`);
    const more = [...body.characteristic, { name: 'favouriteHall', value: '440100-03' }];
    expect((await call('PATCH', `${CUSTOMER}/${id}`, { characteristic: more })).status).toBe(200);
    expect(await stored(id)).toEqual([
      { name: 'sex', value: 'female' },
      { name: 'hobby', value: 'calls 13800138000' },
      { name: 'favouriteHall', value: '440100-03' },
    ]);
  });

  it('tells whether the customer may be asked', async () => {
    const id = await aCustomer();
    expect(await standing(id)).toMatchObject({ state: 'NEVER_ASKED', mayAsk: true, isEffective: false });
    await say(id, 'REFUSED', { saidAt: '2026-01-01T10:00:00+08:00' });
    const now = api.app.get(Clock).now();
    const cooled = new Date('2026-04-01T10:00:00+08:00');
    expect(await standing(id)).toMatchObject({
      state: 'REFUSED',
      isEffective: false,
      mayAsk: now >= cooled,
      mayAskFrom: cooled.toISOString(),
    });
    await say(id, 'REFUSED');
    expect((await standing(id)).mayAsk).toBe(false);
    await say(id, 'GIVEN');
    expect(await standing(id)).toMatchObject({ state: 'GIVEN', isEffective: true, mayAsk: false });
  });

  it('falls with a new text that changes the purpose, and may then be asked for again', async () => {
    const id = await aCustomer();
    await say(id, 'GIVEN', { textVersion: 1 });
    await stateFact(id, 'workStatus', 'retired');
    const bump = (version: number, oldest: number) =>
      db.query('UPDATE customers.processing_purpose SET text_version = $1, oldest_valid_version = $2 WHERE code = $3', [
        version,
        oldest,
        purpose,
      ]);
    try {
      await bump(2, 1); // better words, the same purpose
      expect(await standing(id)).toMatchObject({ state: 'GIVEN', isEffective: true });
      await bump(2, 2);
      expect(await standing(id)).toMatchObject({ state: 'OUTDATED', isEffective: false, mayAsk: true });
      expect(Object.keys(await shown(id))).not.toContain('workStatus');
      const old = await say(id, 'GIVEN', { textVersion: 1 });
      expect([old.status, old.body.code, old.body.detail?.expected]).toEqual([
        409,
        'customers.consent-text-outdated',
        2,
      ]);
      await eraseFacts();
      expect(await stored(id)).toEqual([]);
      await say(id, 'GIVEN');
      expect(await standing(id)).toMatchObject({ isEffective: true });
    } finally {
      await bump(1, 1);
    }
  });

  it('ends with the service', async () => {
    const snapshot = aSnapshot({ accountNo: 'A-gone', msisdn: '13800138999' });
    const apply = (changes = {}) =>
      api.transaction.run((tx) =>
        api.customers.applySubscriptions(tx, 'BOSS', [{ ...snapshot, ...changes }], new Date()),
      );
    const id = (await apply())[0]?.customerId ?? '';
    await say(id, 'GIVEN');
    await stateFact(id, 'workStatus', 'student');
    await apply({ version: 2, status: 'TERMINATED', statusAt: new Date('2026-01-05T00:00:00+08:00') });
    expect(await standing(id)).toMatchObject({ state: 'GIVEN', isEffective: false, mayAsk: false });
    expect(await eraseFacts()).toBe(1);
    expect(await stored(id)).toEqual([]);
  });

  it('is written once when the same is said twice, also at once, and by the last word when both are said', async () => {
    const id = await aCustomer();
    const answers = await Promise.all(Array.from({ length: 8 }, () => say(id, 'GIVEN')));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    const key = { 'idempotency-key': 'consent-1' };
    const twice = [
      await call('POST', CONSENT, { customerId: id, purpose, entry: 'WITHDRAWN', channel: 'APP' }, key),
      await call('POST', CONSENT, { customerId: id, purpose, entry: 'WITHDRAWN', channel: 'APP' }, key),
    ];
    expect([twice[0]?.body.id, twice[1]?.headers['idempotency-replayed']]).toEqual([twice[1]?.body.id, 'true']);
    expect(await db.query('SELECT entry FROM customers.consent WHERE customer_id = $1 ORDER BY nth', [id])).toEqual([
      { entry: 'GIVEN' },
      { entry: 'WITHDRAWN' },
    ]);
  });

  it('says the same in SQL and in TypeScript, however givings and withdrawals race', async () => {
    const recording = api.app.get(RecordConsent);
    const find = api.app.get(FindConsents);
    for (let round = 0; round < 6; round++) {
      const customerId = await aCustomer();
      const moment = new Date('2026-01-01T10:00:00+08:00');
      await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          recording.execute({
            customerId,
            purpose,
            actor,
            channel: 'APP',
            entry: i % 2 === round % 2 ? 'GIVEN' : 'WITHDRAWN',
            // Every other round all of them claim the same moment: then the no counts.
            saidAt: round < 3 ? undefined : moment,
          }),
        ),
      );
      const said = await db.query<{ nth: number; entry: string }>(
        'SELECT nth, entry FROM customers.consent WHERE customer_id = $1 ORDER BY nth',
        [customerId],
      );
      expect(said.map(({ nth }) => nth)).toEqual(said.map((_, i) => i + 1));
      const inSql = await db.query('SELECT 1 FROM customers.effective_consent WHERE customer_id = $1', [customerId]);
      const [standing] = (await find.standings(customerId)).filter((each) => each.purpose.code === purpose);
      expect(standing?.isEffective).toBe(inSql.length === 1);
      if (round >= 3) expect(standing?.state).toBe('WITHDRAWN');
    }
  });

  it('keeps what a new consent allows when the job runs at the same time', async () => {
    const id = await aCustomer();
    for (let round = 0; round < 5; round++) {
      await say(id, 'GIVEN');
      await stateFact(id, 'workStatus', 'employed');
      await Promise.all([say(id, 'WITHDRAWN'), eraseFacts(), eraseFacts()]);
      await Promise.all([
        say(id, 'GIVEN').then(() => stateFact(id, 'workStatus', 'retired')),
        eraseFacts(),
        eraseFacts(),
      ]);
      expect(await shown(id)).toMatchObject({ workStatus: '*' });
      expect(await stored(id)).toEqual([{ name: 'workStatus', value: 'retired' }]);
      expect(await eraseFacts()).toBe(0);
    }
  });

  it('is refused for what needs no consent, for the future, and for nobody', async () => {
    const id = await aCustomer();
    const refused = async (more: object) => (await say(id, 'GIVEN', more)).body.code;
    expect(await refused({ purpose: 'service' })).toBe('customers.unknown-purpose');
    expect(await refused({ saidAt: '2999-01-01T00:00:00+08:00' })).toBe('customers.said-in-the-future');
    expect(await refused({ textVersion: 7 })).toBe('customers.consent-text-outdated');
    expect((await say('nobody', 'GIVEN')).status).toBe(404);
    expect((await call('GET', `${CONSENT}/nobody`)).status).toBe(404);
  });

  it('shows everybody what personal data is used for', async () => {
    const { status, body } = await api.call({ url: '/care-api/privacy/v1/processingPurpose' });
    expect(status).toBe(200);
    expect(body).toContainEqual(
      expect.objectContaining({ id: purpose, needsConsent: true, fieldGroups: ['personal'] }),
    );
    for (const each of body) {
      expect(each).toMatchObject({
        legalBasis: expect.stringContaining('PIPL 13'),
        textZh: expect.stringMatching(/。$/),
      });
    }
  });
});
