import { Database, newId } from '../../../src/platform/database/index.js';
import { loadMigrations, migrate } from '../../../src/platform/database/migrate.js';
import { ChangeCustomer } from '../../../src/modules/customers/application/change-customer.js';
import { CreateCustomer } from '../../../src/modules/customers/application/create-customer.js';
import { FindCustomers } from '../../../src/modules/customers/application/find-customers.query.js';
import { ReadCustomers } from '../../../src/modules/customers/application/read-customers.query.js';
import { SubjectKeys } from '../../../src/modules/customers/persistence/subject-keys.js';
import { personalDataOfNewKeys } from '../../support/serve.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { aSnapshot, customersOn, NOW } from './support.js';

describe('what identifies a customer is sealed under keys of its own', () => {
  let db: TestDatabase;
  let on: Awaited<ReturnType<typeof customersOn>>;
  let read: ReadCustomers;
  const clock = { now: () => NOW };

  beforeAll(async () => {
    db = await createTestDatabase();
    on = await customersOn(db);
    read = new ReadCustomers(on.database, on.personalData);
  });
  afterAll(() => db.drop());
  beforeEach(() => db.query('TRUNCATE customers.customer, customers.party, vault.subject_key CASCADE'));

  const aCustomer = async (n: number): Promise<string> => {
    const msisdn = `1380013800${n}`;
    const [applied] = await on.apply(aSnapshot({ accountNo: `K-${newId()}`, msisdn, idNumber: newId() }));
    return applied?.customerId ?? '';
  };

  it('a lost key loses that customer and no other', async () => {
    const [hers, his] = [await aCustomer(1), await aCustomer(2)];
    await db.query(
      `DELETE FROM vault.subject_key WHERE subject_id IN
         (SELECT unnest(ARRAY[customer_id, party_id]) FROM customers.customer WHERE customer_id = $1)`,
      [hers],
    );
    expect(await read.one(hers)).toMatchObject({ identity: {}, msisdn: undefined, extra: {}, brand: 'GOTONE' });
    expect(await read.one(his)).toMatchObject({ identity: { name: '张小明' }, msisdn: '+8613800138002' });
  });

  it('the vault without the data key opens nothing, and the data key without the vault neither', async () => {
    const id = await aCustomer(1);
    await expect(new ReadCustomers(on.database, personalDataOfNewKeys()).one(id)).rejects.toThrow(
      'unable to authenticate',
    );
    await db.query('TRUNCATE vault.subject_key');
    expect((await read.one(id))?.identity).toEqual({});
  });

  it('what a client gives of a customer is sealed with that customer', async () => {
    const keys = new SubjectKeys();
    const id = await new CreateCustomer(on.transaction, on.personalData, keys, clock).execute({
      partyKind: 'individual',
      partyName: '王小红',
      extra: { hobby: 'chess' },
    });
    expect(await read.one(id)).toMatchObject({ identity: { name: '王小红' }, extra: { hobby: 'chess' } });
    const change = new ChangeCustomer(
      on.transaction,
      new FindCustomers(on.database),
      read,
      on.personalData,
      keys,
      clock,
    );
    await change.execute(id, () => ({ hobby: 'tennis' }));
    expect((await read.one(id))?.extra).toEqual({ hobby: 'tennis' });
    await db.query('TRUNCATE vault.subject_key');
    expect(await read.one(id)).toMatchObject({ identity: {}, extra: {} });
  });

  it('two who need the key of one customer at the same moment get the same one', async () => {
    const subject = newId();
    const keys = new SubjectKeys();
    const secrets = await Promise.all(
      Array.from({ length: 8 }, () => on.transaction.run((tx) => keys.ensure(tx, [subject], NOW))),
    );
    expect(new Set(secrets.map((each) => each.get(subject)?.toString('hex'))).size).toBe(1);
  });

  it('a page of customers is one statement, whatever its length', async () => {
    for (const n of [1, 2, 3]) await aCustomer(n);
    let statements = 0;
    const counting = Object.assign(Object.create(Database.prototype) as Database, {
      query: (sql: string, params?: readonly unknown[]) => {
        statements += 1;
        return on.database.query(sql, params);
      },
    });
    const held = await new ReadCustomers(counting, on.personalData).byMsisdn('13800138001');
    expect(held).toHaveLength(1);
    expect(statements).toBe(1);
  });

  it('an upgrade starts the run that seals anew what an earlier release had sealed, and a new system none', async () => {
    const runs = (database: TestDatabase) => database.query(`SELECT kind, status FROM platform.run`);
    expect(await runs(db)).toEqual([]);
    const upgraded = await createTestDatabase();
    const [keys] = (await loadMigrations()).filter(({ name }) => name.startsWith('SubjectKeys'));
    await upgraded.query('DROP SCHEMA vault CASCADE');
    await upgraded.query(
      `INSERT INTO customers.party (party_id, kind, identity_sealed, precedence, updated_at) VALUES ($1, 'individual', '', '', $2)`,
      [newId(), NOW],
    );
    await upgraded.query('DELETE FROM public.guibin_migration WHERE name = $1', [keys?.name]);
    expect(await migrate(upgraded.url)).toEqual([keys?.name]);
    expect(await runs(upgraded)).toEqual([{ kind: 'customers.reseal', status: 'pending' }]);
    await upgraded.drop();
  });

  it('a key cannot be changed or taken away by the application', async () => {
    await aCustomer(1);
    for (const sql of [
      'DELETE FROM vault.subject_key',
      `UPDATE vault.subject_key SET secret = decode(repeat('00', 32), 'hex')`,
      'TRUNCATE vault.subject_key',
    ]) {
      await expect(on.transaction.run((tx) => tx.execute(sql))).rejects.toThrow('permission denied');
    }
  });
});
