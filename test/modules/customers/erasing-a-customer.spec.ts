import { newId, type Tx } from '../../../src/platform/database/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { ChangeCustomer } from '../../../src/modules/customers/application/change-customer.js';
import { CreateCustomer } from '../../../src/modules/customers/application/create-customer.js';
import { EraseCustomer } from '../../../src/modules/customers/application/erase-customer.js';
import { FindCustomers } from '../../../src/modules/customers/application/find-customers.query.js';
import { ReadCustomers } from '../../../src/modules/customers/application/read-customers.query.js';
import { ResealCustomers } from '../../../src/modules/customers/application/reseal-customers.run.js';
import { WithdrawCustomer } from '../../../src/modules/customers/application/withdraw-customer.js';
import {
  CustomerHasHistory,
  CustomerIsErased,
  CustomerIsServed,
  CustomerNotFound,
  SamePersonTwice,
} from '../../../src/modules/customers/domain/refusals.js';
import { SubjectKeys } from '../../../src/modules/customers/persistence/subject-keys.js';
import type { SubscriptionSnapshot } from '../../../src/modules/customers/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { aSnapshot, customersOn, NOW } from './support.js';

const LONG_AGO = new Date('2023-06-30T10:00:00+08:00');

describe('erasing a customer', () => {
  let db: TestDatabase;
  let on: Awaited<ReturnType<typeof customersOn>>;
  let read: ReadCustomers;
  let erasing: EraseCustomer;
  const clock = { now: () => NOW };
  const keys = new SubjectKeys();

  beforeAll(async () => {
    db = await createTestDatabase();
    on = await customersOn(db);
    read = new ReadCustomers(on.database, on.personalData);
    erasing = new EraseCustomer(on.outbox, clock);
  });
  afterAll(() => db.drop());
  beforeEach(async () => {
    await db.query(
      `TRUNCATE customers.customer, customers.party, customers.party_directory, customers.msisdn_directory,
         customers.account_directory, vault.subject_key, platform.outbox CASCADE`,
    );
    await db.query(`UPDATE customers.erased_until SET day = '-infinity'`);
  });

  let accounts = 0;
  const aCustomer = async (changes: Partial<SubscriptionSnapshot> = {}): Promise<string> => {
    const [applied] = await on.apply(aSnapshot({ accountNo: `E-${++accounts}`, ...changes }));
    return applied?.customerId ?? '';
  };
  const left: Partial<SubscriptionSnapshot> = { status: 'TERMINATED', statusAt: LONG_AGO, eventTime: LONG_AGO };
  const order = (customerId: string) => ({ customerId, reason: 'asked for', requestedBy: 'a', approvedBy: 'b' });
  const erase = (customerId: string) => on.transaction.run((tx) => erasing.execute(tx, order(customerId)));

  it('[CUS-36] destroys what identifies, keeps what was decided and done', async () => {
    const id = await aCustomer(left);
    const before = await on.facade.profileOf(id);
    expect(await db.query('SELECT FROM customers.birth_year')).toHaveLength(1);
    expect(await erase(id)).toEqual({ state: 'erased' });
    expect(await db.query('SELECT FROM customers.birth_year')).toEqual([]);
    expect(await read.one(id)).toMatchObject({
      identity: {}, msisdn: undefined, extra: {}, accountNo: undefined, isErased: true, statusReason: 'erased', partyId: id,
    }); // prettier-ignore
    expect(await on.facade.profileOf(id)).toEqual(before);
    expect(await erase(id)).toEqual({ state: 'erased' });
    expect(await db.query('SELECT name, payload FROM platform.outbox WHERE name LIKE $1', ['%Erased'])).toEqual([
      { name: 'customers.CustomerErased', payload: { customerId: id, partyId: expect.any(String) as string } },
    ]);
  });

  it('leaves nothing that the holder of all keys and of the vault could find or open', async () => {
    const id = await aCustomer({
      ...left,
      accountNo: 'SECRET-1',
      msisdn: '13800138111',
      idNumber: '440101198001010000',
    });
    const old = await db.query<{ subject_id: string; secret: Buffer }>(
      'SELECT subject_id, secret FROM vault.subject_key',
    );
    await erase(id);
    expect(await read.byMsisdn('13800138111')).toEqual([]);
    expect(await read.byAccount('BOSS', 'SECRET-1')).toEqual([]);
    expect(await on.facade.findByMsisdn('13800138111')).toBeUndefined();
    expect(old).toHaveLength(2);
    const dump = JSON.stringify(
      await Promise.all(
        ['party', 'party_directory', 'customer', 'subscription', 'msisdn_directory', 'account_directory'].map((table) =>
          db.query(`SELECT t::text FROM customers.${table} t`),
        ),
      ),
    );
    const traces = [
      on.personalData.blindIndex('msisdn', '+8613800138111').toString('hex'),
      on.personalData.blindIndex('idNumber', 'ID_CARD:440101198001010000').toString('hex'),
      'SECRET-1',
      ...old.map(({ secret }) => secret.toString('hex')),
    ];
    for (const trace of traces) expect(dump).not.toContain(trace);
    // No envelope is left, and of the fingerprints of what BOSS had said nothing but its rank.
    expect(await db.query('SELECT FROM customers.party WHERE identity_sealed IS NOT NULL')).toEqual([]);
    const [rank] = await db.query<{ print: string }>(
      `SELECT encode(substring(precedence FROM 21), 'hex') AS print FROM customers.subscription`,
    );
    expect(rank?.print).toBe('0000000000000000');
    expect(await db.query('SELECT FROM vault.subject_key')).toEqual([]);
  });

  it('leaves of papers, consents and requests that there were some', async () => {
    const id = await aCustomer(left);
    const key = [id, newId(), NOW] as const;
    await db.query(
      `INSERT INTO customers.real_name_verification (customer_id, verification_id, outcome, reasons, document_kind, document_sealed,
         document_index, channel, actor_kind, actor_id, verified_at)
       VALUES ($1, $2, 'VERIFIED', '{}', 'ID_CARD', 'sealed', 'index', 'hall', 'staff', 'a', $3)`,
      [...key],
    );
    await db.query(
      `INSERT INTO customers.consent (customer_id, purpose, nth, consent_id, entry, text_version, channel, said_at, proof_sealed,
         recorded_by_kind, recorded_by, recorded_at)
       SELECT $1, code, 1, $2, 'GIVEN', 1, 'hall', $3, 'sealed', 'staff', 'a', $3 FROM customers.processing_purpose LIMIT 1`,
      [...key],
    );
    await db.query(
      `INSERT INTO customers.subject_request (customer_id, request_id, kind, channel, received_at, due_on, detail_sealed, status,
         recorded_by, recorded_at, answer, closed_at)
       VALUES ($1, $2, 'CORRECTION', 'hall', $3, '2026-01-01', 'sealed', 'refused', 'a', $3, 'You live at …', $3)`,
      [...key],
    );
    await erase(id);
    const [row] = await db.query(
      `SELECT outcome, document_sealed = '' AS no_paper, document_index = uuid_send(verification_id) AS no_index,
         proof_sealed IS NULL AS no_proof, detail_sealed IS NULL AND answer = '' AS no_words
       FROM customers.real_name_verification JOIN customers.consent USING (customer_id) JOIN customers.subject_request USING (customer_id)`,
    );
    expect(row).toEqual({ outcome: 'VERIFIED', no_paper: true, no_index: true, no_proof: true, no_words: true });
  });

  it('does not touch the number of its next holder, and gives back one that an earlier holder had', async () => {
    const first = await aCustomer({ ...left, activatedOn: '2019-01-01', idNumber: 'first' });
    const second = await aCustomer({ ...left, activatedOn: '2021-01-01', idNumber: 'second' });
    await erase(second);
    expect((await on.facade.findByMsisdn('13800138000'))?.customerId).toBe(first);
    const third = await aCustomer({ activatedOn: '2024-01-01', idNumber: 'third' });
    await erase(first);
    expect((await on.facade.findByMsisdn('13800138000'))?.customerId).toBe(third);
    expect((await read.one(third))?.msisdn).toBe('+8613800138000');
  });

  it('of a person with another customer cuts the tie and keeps the person', async () => {
    const [gone, kept] = [await aCustomer(left), await aCustomer({ msisdn: '13800138002' })];
    expect((await read.one(gone))?.partyId).toBe((await read.one(kept))?.partyId);
    await erase(gone);
    expect(await read.one(kept)).toMatchObject({ identity: { name: '张小明' }, msisdn: '+8613800138002' });
    expect(await read.one(gone)).toMatchObject({ identity: {}, partyId: gone });
  });

  it('within two years of leaving only takes the customer out of sight; while served it is refused', async () => {
    const id = await aCustomer({ ...left, statusAt: new Date('2025-03-01T10:00:00+08:00') });
    expect(await erase(id)).toEqual({ state: 'restricted', keptUntil: '2027-03-01' });
    expect((await read.one(id))?.identity.name).toBe('张小明');
    expect(await db.query('SELECT restricted_at FROM customers.customer')).toEqual([{ restricted_at: NOW }]);
    const served = await aCustomer({ msisdn: '13800138003' });
    await expect(erase(served)).rejects.toThrow(CustomerIsServed);
    await expect(erase(newId())).rejects.toThrow(CustomerNotFound);
  });

  it('takes two persons', async () => {
    const id = await aCustomer(left);
    const alone = { ...order(id), approvedBy: 'a' };
    await expect(on.transaction.run((tx) => erasing.execute(tx, alone))).rejects.toThrow(SamePersonTwice);
    expect((await read.one(id))?.isErased).toBe(false);
  });

  it('is refused by the database itself before the term, whatever the application says', async () => {
    const id = await aCustomer({ ...left, statusAt: new Date('2025-03-01T10:00:00+08:00') });
    const served = await aCustomer({ msisdn: '13800138004' });
    const forced = await on.transaction.run((tx) =>
      tx.query('SELECT * FROM customers.erase($1::uuid[], $2, $3)', [[id, served], '2999-01-01', NOW]),
    );
    expect(forced).toEqual([]);
    expect((await read.one(id))?.identity.name).toBe('张小明');
  });

  it('is not undone by what comes late, also not by what came before; who returns is somebody new', async () => {
    const late = aSnapshot({ ...left, accountNo: 'L-1' });
    const id = await aCustomer(late);
    await erase(id);
    const refused = (...snapshots: SubscriptionSnapshot[]) =>
      on.transaction.run((tx) => on.facade.lateSnapshots(tx, 'BOSS', snapshots));
    const alive = { ...late, status: 'ACTIVE' as const, statusAt: new Date('2021-01-01T00:00:00Z'), version: 9 };
    expect([...(await refused(late, { ...late, version: 2, eventTime: NOW }, alive, aSnapshot()))]).toEqual([0, 1, 2]);
    const returned = aSnapshot({ ...late, status: 'ACTIVE', statusAt: NOW, eventTime: NOW, activatedOn: '2026-01-20' });
    expect([...(await refused(late, returned))]).toEqual([]);
    const again = await aCustomer(returned);
    expect(again).not.toBe(id);
    expect((await read.one(again))?.partyId).not.toBe((await read.one(id))?.partyId);
    expect((await read.one(id))?.identity).toEqual({});
  });

  it('cannot be undone by writing to the customer', async () => {
    const id = await aCustomer(left);
    await erase(id);
    const change = new ChangeCustomer(
      on.transaction,
      new FindCustomers(on.database),
      read,
      on.personalData,
      keys,
      clock,
    );
    await expect(change.execute(id, () => ({ name: '张小明' }))).rejects.toThrow(CustomerIsErased);
    await expect(on.transaction.run((tx) => keys.ensure(tx, [id], NOW))).rejects.toThrow(CustomerIsErased);
    const withdrawing = new WithdrawCustomer(on.transaction, new FindCustomers(on.database));
    await expect(withdrawing.execute(id)).rejects.toThrow(CustomerHasHistory);
  });

  it('takes at once who never had service', async () => {
    const id = await new CreateCustomer(on.transaction, on.personalData, keys, clock).execute({
      partyKind: 'individual',
      partyName: '王小红',
      extra: { hobby: 'chess' },
    });
    expect(await erase(id)).toEqual({ state: 'erased' });
    expect(await read.one(id)).toMatchObject({ identity: {}, extra: {} });
    expect(await db.query(`SELECT FROM customers.erased_until WHERE day > '-infinity'`)).toEqual([]);
  });

  it('waits for intake that is naming the customer, and looks again: who came back meanwhile is not erased', async () => {
    const id = await aCustomer({ ...left, accountNo: 'R-1' });
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let applied = (): void => undefined;
    const hasApplied = new Promise<void>((resolve) => (applied = resolve));
    const intake = on.transaction.run(async (tx: Tx) => {
      const back = { accountNo: 'R-1', status: 'ACTIVE' as const, statusAt: NOW, eventTime: NOW, version: 2 };
      await on.facade.applySubscriptions(tx, 'BOSS', [aSnapshot(back)], NOW);
      applied();
      await held;
    });
    await hasApplied;
    const erased = on.transaction.run((tx) =>
      tx.query('SELECT * FROM customers.erase($1::uuid[], $2, $3)', [[id], '2026-02-01', NOW]),
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    release();
    await intake;
    expect(await erased).toEqual([]);
    expect(await read.one(id)).toMatchObject({ status: 'active', identity: { name: '张小明' } });
  });

  it('is one erasure however many ask for it at the same moment', async () => {
    const id = await aCustomer(left);
    const answers = await Promise.all(Array.from({ length: 8 }, () => erase(id)));
    expect(answers).toEqual(Array.from({ length: 8 }, () => ({ state: 'erased' })));
    expect(await db.query(`SELECT FROM platform.outbox WHERE name = 'customers.CustomerErased'`)).toHaveLength(1);
  });

  it('what an earlier release sealed is sealed anew under the keys of its customers, once', async () => {
    const ids = [await aCustomer(), await aCustomer({ msisdn: '13800138005', idNumber: 'other' })];
    const shown = await Promise.all(ids.map((id) => read.one(id)));
    await db.query('TRUNCATE vault.subject_key');
    for (const customer of shown) {
      const { customerId, partyId, identity, msisdn } = customer ?? {
        customerId: '',
        partyId: '',
        identity: {},
        msisdn: '',
      };
      const old = (plain: string, context: string) => on.personalData.seal(plain, context);
      await db.query('UPDATE customers.party SET identity_sealed = $2 WHERE party_id = $1', [
        partyId, old(JSON.stringify(identity), `party.identity:${partyId}`),
      ]); // prettier-ignore
      const [row] = await db.query<{ id: string }>(
        'SELECT subscription_id AS id FROM customers.subscription WHERE customer_id = $1', [customerId],
      ); // prettier-ignore
      await db.query('UPDATE customers.subscription SET msisdn_sealed = $2 WHERE subscription_id = $1', [
        row?.id, old(msisdn ?? '', `subscription.msisdn:${row?.id}`),
      ]); // prettier-ignore
      await db.query('UPDATE customers.customer SET extra_sealed = $2 WHERE customer_id = $1', [
        customerId, old('{}', `customer.extra:${customerId}`),
      ]); // prettier-ignore
    }
    expect(await Promise.all(ids.map((id) => read.one(id)))).toEqual(shown);
    const definition = new ResealCustomers(on.personalData, keys, clock);
    const run = await carryOutRun(on.source, definition, { key: 'once', asOf: '2026-02-01' });
    expect(run).toMatchObject({
      status: 'completed',
      counts: { identity_sealed: 2, msisdn_sealed: 2, extra_sealed: 2 },
    });
    expect(await Promise.all(ids.map((id) => read.one(id)))).toEqual(shown);
    await db.query('TRUNCATE vault.subject_key');
    expect((await read.one(ids[0] ?? ''))?.identity).toEqual({});
    const again = await carryOutRun(on.source, definition, { key: 'twice', asOf: '2026-02-01' });
    expect(again.counts).toEqual({ identity_sealed: 0, msisdn_sealed: 0, extra_sealed: 0 });
  });
});
