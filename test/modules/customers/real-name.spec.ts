import { checkCharacterOf, PersonalData } from '../../../src/platform/privacy/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { startOrganizationAndCustomers } from './api.js';
import { aSnapshot } from './support.js';

const NUMBER = '440099198001010017'.slice(0, 17);
const ID_CARD = NUMBER + checkCharacterOf(NUMBER);
const OTHER = '440099197505050028'.slice(0, 17);
const OTHER_CARD = OTHER + checkCharacterOf(OTHER);

describe('[CUS-08] real-name registration (实名登记) over HTTP', () => {
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
  const billingSays = async (changes: object): Promise<string> => {
    const snapshot = aSnapshot({ realName: false, idNumber: undefined, idType: undefined, ...changes });
    const [applied] = await api.transaction.run((tx) =>
      api.customers.applySubscriptions(tx, 'BOSS', [snapshot], new Date()),
    );
    return applied?.customerId ?? '';
  };
  const aNumber = (): { accountNo: string; msisdn: string } => {
    accounts += 1;
    return { accountNo: `A-${accounts}`, msisdn: String(13_800_139_000 + accounts) };
  };
  const verify = (customerId: string, more = {}) =>
    call('POST', '/care-api/customers/v1/realNameVerification', {
      customerId,
      documentKind: 'ID_CARD',
      documentNumber: ID_CARD,
      name: '张小明',
      ...more,
    });
  const status = async (customerId: string): Promise<string> =>
    (await call('GET', `/care-api/customers/v1/realName/${customerId}`)).body.status;
  const publishedRealName = async (customerId: string): Promise<unknown> =>
    (await db.query('SELECT real_name FROM customers.profile WHERE customer_id = $1', [customerId]))[0]?.['real_name'];

  it('makes a pending customer verified, and keeps the number sealed', async () => {
    const id = await billingSays(aNumber());
    expect([await status(id), await publishedRealName(id)]).toEqual(['PENDING', false]);
    const { status: http, body, text } = await verify(id, { documentNumber: ` ${ID_CARD.toLowerCase()}` });
    expect([http, body]).toMatchObject([201, { outcome: 'VERIFIED', reasons: [], channel: 'HALL', customerId: id }]);
    expect(text).not.toContain(ID_CARD);
    expect([await status(id), await publishedRealName(id)]).toEqual(['VERIFIED', true]);
    const rows = await db.query('SELECT row_to_json(v)::text AS row FROM customers.real_name_verification v');
    expect(JSON.stringify(rows)).not.toContain(ID_CARD);
    const [row] = await db.query<{ document_index: Buffer }>(
      'SELECT document_index FROM customers.real_name_verification WHERE customer_id = $1',
      [id],
    );
    const index = api.app.get(PersonalData).blindIndex('idNumber', `ID_CARD:${ID_CARD}`);
    expect(row?.document_index.equals(index)).toBe(true);
    const plain = await call('POST', '/care-api/customers/v1/customerDisclosure', {
      customerId: id,
      groups: ['identity'],
      purpose: 'verification',
    });
    expect(plain.body).toMatchObject({ idType: 'ID_CARD', idNumber: ID_CARD });
  });

  it('refuses what is no number of its kind, naming the field and what would be right', async () => {
    const id = await billingSays(aNumber());
    const last = ID_CARD.endsWith('1') ? '2' : '1';
    for (const [more, code, problem] of [
      [{ documentNumber: ID_CARD.slice(0, 17) + last }, 'customers.document-number-refused', 'check-digit'],
      [{ documentNumber: '44009919800230001X' }, 'customers.document-number-refused', 'birth-date'],
      [{ documentKind: 'PASSPORT', documentNumber: 'E-1' }, 'customers.document-number-refused', 'format'],
      [{ documentKind: 'ID_CARD_15', documentNumber: '110105491231002' }, 'customers.document-not-accepted', undefined],
      [{ documentKind: 'LIBRARY_CARD' }, 'customers.unknown-document-kind', undefined],
    ] as const) {
      const { status: http, body, text } = await verify(id, more);
      expect([http, body.code, body.detail.problem]).toEqual([422, code, problem]);
      expect(body.detail.field).toMatch(/^document(Number|Kind)$/);
      if ('documentNumber' in more) expect(text).not.toContain(more.documentNumber);
    }
    expect(await status(id)).toBe('PENDING');
    expect((await verify('nobody')).status).toBe(404);
  });

  it.each([
    ['HK_MACAU_PERMIT', 'H12345678'],
    ['TAIWAN_PERMIT', '12345678'],
    ['PASSPORT', 'e1234 5678'],
    ['MILITARY_ID', '军字第1234567号'],
    ['FOREIGN_PERMANENT_RESIDENT', 'USA110123456789'],
  ])('takes %s', async (documentKind, documentNumber) => {
    const id = await billingSays(aNumber());
    expect((await verify(id, { documentKind, documentNumber })).body.outcome).toBe('VERIFIED');
  });

  it('fails when the document is somebody else’s, and does not keep it', async () => {
    const id = await billingSays({ ...aNumber(), idType: 'ID_CARD', idNumber: ID_CARD, realName: true });
    expect(await status(id)).toBe('VERIFIED');
    const { status: http, body } = await verify(id, { documentNumber: OTHER_CARD, name: '李四' });
    expect([http, body.outcome, body.reasons]).toEqual([
      201,
      'FAILED',
      ['name-differs', 'document-differs', 'birth-date-differs'],
    ]);
    expect([await status(id), await publishedRealName(id)]).toEqual(['FAILED', false]);
    const kept = await db.query(
      'SELECT document_sealed, document_index FROM customers.real_name_verification WHERE customer_id = $1',
      [id],
    );
    expect(kept).toEqual([{ document_sealed: null, document_index: null }]);
    expect((await verify(id)).body.outcome).toBe('VERIFIED');
    expect(await status(id)).toBe('VERIFIED');
    const { body: all } = await call('GET', `/care-api/customers/v1/realName/${id}`);
    expect(all.verification.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['VERIFIED', 'FAILED']);
  });

  it('holds while billing repeats what it said before, and falls when billing changes its word', async () => {
    const number = aNumber();
    const id = await billingSays(number);
    await verify(id);
    await billingSays({ ...number, version: 2, tariffCode: 'GT238' });
    expect(await status(id)).toBe('VERIFIED');
    await billingSays({ ...number, version: 3, realName: true });
    expect(await status(id)).toBe('VERIFIED');
    // Taken back by billing: a risky number must be verified anew (反电信网络诈骗法, article 11).
    await billingSays({ ...number, version: 4, realName: false });
    expect([await status(id), await publishedRealName(id)]).toEqual(['PENDING', false]);
    await verify(id);
    expect(await status(id)).toBe('VERIFIED');
    await billingSays({ ...number, version: 3, realName: true });
    expect(await status(id)).toBe('VERIFIED');
  });

  it('is one verification when it is sent twice under one key, and two rows when two people do it at once', async () => {
    const id = await billingSays(aNumber());
    const key = { 'idempotency-key': 'verify-1' };
    const body = { customerId: id, documentKind: 'ID_CARD', documentNumber: ID_CARD };
    const first = await call('POST', '/care-api/customers/v1/realNameVerification', body, key);
    const again = await call('POST', '/care-api/customers/v1/realNameVerification', body, key);
    expect(again.body.id).toBe(first.body.id);
    const both = await Promise.all([verify(id), verify(id, { name: '李四' })]);
    expect(both.map(({ body: { outcome } }) => outcome).sort()).toEqual(['FAILED', 'VERIFIED']);
    const { body: all } = await call('GET', `/care-api/customers/v1/realName/${id}`);
    expect(all.verification).toHaveLength(3);
    expect(all.status).toBe(all.verification[0].outcome);
  });

  it('can neither be changed nor deleted by the application', async () => {
    const source = await db.dataSource();
    await expect(source.query(`UPDATE customers.real_name_verification SET outcome = 'VERIFIED'`)).rejects.toThrow(
      'permission denied',
    );
    await expect(source.query('DELETE FROM customers.real_name_verification')).rejects.toThrow('permission denied');
    await expect(source.query('DELETE FROM customers.consent')).rejects.toThrow('permission denied');
  });
});
