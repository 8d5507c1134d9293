import fc from 'fast-check';
import { newId } from '../../../src/platform/database/index.js';
import { CustomerDeparted, CustomerJoined, CustomerNotFound } from '../../../src/modules/customers/index.js';
import type { SubscriptionSnapshot } from '../../../src/modules/customers/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { aSnapshot, customersOn, NOW, storedState } from './support.js';

const EVERYTHING =
  'customers.party, customers.party_directory, customers.customer, customers.subscription, customers.msisdn_directory, customers.account_directory, customers.archive_move, platform.outbox';

describe('subscriptions that BOSS sends', () => {
  let db: TestDatabase;
  let on: Awaited<ReturnType<typeof customersOn>>;

  beforeAll(async () => {
    db = await createTestDatabase();
    on = await customersOn(db);
  });
  afterAll(() => db.drop());
  beforeEach(() => db.query(`TRUNCATE ${EVERYTHING} CASCADE`));

  const events = (name: string) =>
    db.query<{ payload: Record<string, unknown> }>(
      'SELECT payload FROM platform.outbox WHERE name = $1 ORDER BY position',
      [name],
    );
  const profileOf = async (customerId: string) =>
    (await db.query('SELECT * FROM customers.profile WHERE customer_id = $1', [customerId]))[0];
  const customerOf = async (...snapshots: SubscriptionSnapshot[]): Promise<string> =>
    (await on.apply(...snapshots))[0]?.customerId ?? '';

  it('[CUS-01] opens an archive for an account and announces the customer', async () => {
    const [applied] = await on.apply(aSnapshot());
    expect(applied?.outcome).toBe('created');
    expect(await profileOf(applied?.customerId ?? '')).toEqual({
      customer_id: applied?.customerId,
      archive: 'in-network',
      status: 'active',
      region: '440000',
      brand: 'GOTONE',
      activated_on: '2020-05-01',
      sim_kind: 'MAIN',
      tariff_code: 'GT128',
      package_fee_fen: 12_800,
      contract_ends_on: null,
      real_name: true,
      closed_on: null,
      credit_grade: 'A',
      kind: 'individual',
      branch_code: '440100',
      manager_id: null,
    });
    expect(await db.query('SELECT * FROM customers.birth_year')).toEqual([
      { customer_id: applied?.customerId, birth_year: 1980 },
    ]);
    expect(await on.facade.findByMsisdn('+86 138 0013 8000')).toEqual({
      customerId: applied?.customerId,
      subscriptionId: applied?.subscriptionId,
    });
    expect(await events(CustomerJoined.name)).toEqual([
      { payload: { customerId: applied?.customerId, joinedOn: '2020-05-01', isReturn: false } },
    ]);
  });

  it('changes nothing and announces nothing when they arrive again', async () => {
    const snapshots = [
      aSnapshot(),
      aSnapshot({ msisdn: '13800138001', simKind: 'SECONDARY' }),
      aSnapshot({ accountNo: 'A-2', msisdn: '13800138002' }),
    ];
    await on.apply(...snapshots);
    const rowVersions = () =>
      db.query(`SELECT 'c', customer_id, xmin::text, xmax::text FROM customers.customer
                UNION ALL SELECT 's', subscription_id, xmin::text, xmax::text FROM customers.subscription
                UNION ALL SELECT 'p', party_id, xmin::text, xmax::text FROM customers.party
                UNION ALL SELECT 'o', event_id, xmin::text, xmax::text FROM platform.outbox ORDER BY 1, 2`);
    const before = await rowVersions();
    const again = await on.apply(...snapshots);
    expect(again.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged', 'unchanged']);
    expect(await rowVersions()).toEqual(before);
  });

  it('tells of each snapshot what became of it, also within one call', async () => {
    const late = aSnapshot({ version: 3, tariffCode: 'GT238' });
    const outcomes = await on.apply(aSnapshot(), late, late, aSnapshot({ version: 2 }));
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['stale', 'created', 'unchanged', 'stale']);
    const next = await on.apply(aSnapshot({ version: 4, packageFeeFen: 100 }), late);
    expect(next.map(({ outcome }) => outcome)).toEqual(['updated', 'stale']);
  });

  it('follows the status time when the version is the same', async () => {
    const id = await customerOf(
      aSnapshot({ status: 'SUSPENDED_TWO_WAY', statusAt: new Date('2025-06-02T00:00:00+08:00') }),
    );
    await on.apply(aSnapshot({ statusAt: new Date('2025-06-01T00:00:00+08:00') }));
    expect(await profileOf(id)).toMatchObject({ status: 'suspended' });
    await on.apply(aSnapshot({ statusAt: new Date('2025-06-03T00:00:00+08:00') }));
    expect(await profileOf(id)).toMatchObject({ status: 'active' });
  });

  it('[CUS-02] moves the archive to the retained one with the last live number', async () => {
    const second = aSnapshot({ msisdn: '13800138001', simKind: 'SECONDARY' });
    const id = await customerOf(aSnapshot(), second);
    await on.apply({ ...aSnapshot(), status: 'TERMINATED', statusAt: new Date('2025-03-01T23:30:00+08:00') });
    expect(await profileOf(id)).toMatchObject({ archive: 'in-network', sim_kind: 'SECONDARY' });
    expect(await events(CustomerDeparted.name)).toEqual([]);

    await on.apply({ ...second, status: 'TERMINATED', statusAt: new Date('2025-04-02T00:30:00+08:00') });
    expect(await profileOf(id)).toMatchObject({ archive: 'retained', status: 'terminated', closed_on: '2025-04-02' });
    expect(await events(CustomerDeparted.name)).toEqual([{ payload: { customerId: id, closedOn: '2025-04-02' } }]);
  });

  it('[CUS-03] re-activates the same archive when the account comes back, and keeps the moves', async () => {
    const id = await customerOf(aSnapshot());
    await on.apply(aSnapshot({ status: 'TERMINATED', statusAt: new Date('2025-03-01T12:00:00+08:00'), version: 2 }));
    const back = await on.apply(aSnapshot({ statusAt: new Date('2025-09-01T12:00:00+08:00'), version: 3 }));
    expect(back[0]?.customerId).toBe(id);
    expect(await profileOf(id)).toMatchObject({ archive: 'in-network', status: 'active', closed_on: null });
    expect(
      await db.query('SELECT from_archive, to_archive, moved_on FROM customers.archive_move ORDER BY moved_on'),
    ).toEqual([
      { from_archive: 'in-network', to_archive: 'retained', moved_on: '2025-03-01' },
      { from_archive: 'retained', to_archive: 'in-network', moved_on: '2025-09-01' },
    ]);
    expect((await events(CustomerJoined.name)).map(({ payload }) => payload['isReturn'])).toEqual([false, true]);
    const keptForever = on.transaction.run(async (tx) => {
      await tx.execute('DELETE FROM customers.archive_move');
    });
    await expect(keptForever).rejects.toThrow('permission denied');
  });

  it('gives a number that another account took over to that account, whichever is heard of first', async () => {
    const old = aSnapshot({ status: 'TERMINATED', statusAt: new Date('2025-03-01T12:00:00+08:00'), version: 2 });
    const next = aSnapshot({
      accountNo: 'A-2',
      activatedOn: '2025-08-01',
      idNumber: '440101199001011234',
      name: '李四',
    });
    for (const order of [
      [aSnapshot(), old, next],
      [next, old, aSnapshot()],
      [aSnapshot(), next, old],
    ]) {
      await db.query(`TRUNCATE ${EVERYTHING} CASCADE`);
      for (const snapshot of order) await on.apply(snapshot);
      const [owner] = await on.facade.resolveAccounts([{ source: 'BOSS', accountNo: 'A-2' }]);
      expect((await on.facade.findByMsisdn('13800138000'))?.customerId).toBe(owner);
    }
  });

  it('knows one person behind several accounts', async () => {
    await on.apply(
      aSnapshot(),
      aSnapshot({ accountNo: 'A-2', msisdn: '13800138001' }),
      aSnapshot({ accountNo: 'A-3', msisdn: '13800138002', idNumber: undefined }),
    );
    expect(
      await db.query(
        'SELECT count(DISTINCT party_id)::int AS parties, count(*)::int AS customers FROM customers.customer',
      ),
    ).toEqual([{ parties: 2, customers: 3 }]);
  });

  it('ends in the same state in whatever order and portions they arrive', async () => {
    const history = aHistory();
    await on.apply(...history);
    const expected = await storedState(db);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(history, { minLength: history.length }),
        fc.integer({ min: 1, max: 9 }),
        async (shuffled, size) => {
          await db.query(`TRUNCATE ${EVERYTHING} CASCADE`);
          for (let at = 0; at < shuffled.length; at += size) await on.apply(...shuffled.slice(at, at + size));
          expect(await storedState(db)).toEqual(expected);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('ends in the same state when four loaders send the same at once, each effect once', async () => {
    const history = aHistory();
    await on.apply(...history);
    const expected = await storedState(db);
    const joined = await db.query(`SELECT count(*)::int AS n FROM customers.customer`);
    for (let round = 0; round < 5; round++) {
      await db.query(`TRUNCATE ${EVERYTHING} CASCADE`);
      const outcomes = await Promise.all([1, 2, 3, 4].map((seed) => on.apply(...rotated(history, seed * 7))));
      expect(await storedState(db)).toEqual(expected);
      const created = outcomes.flat().filter(({ outcome }) => outcome === 'created');
      expect(created).toHaveLength(new Set(history.map(({ accountNo, msisdn }) => `${accountNo} ${msisdn}`)).size);
      const announced = await db.query(
        `SELECT count(*)::int AS n FROM platform.outbox WHERE name IN ('${CustomerJoined.name}', '${CustomerDeparted.name}')`,
      );
      expect(announced).toEqual(joined);
    }
  });

  it('keeps no number, name or document in the clear, and opens what it sealed only where it belongs', async () => {
    const snapshot = aSnapshot();
    const [applied] = await on.apply(snapshot);
    const secrets = ['13800138000', '张小明', '440101198001011234', '1980-01-01'];
    const columns = await db.query<{ table: string; column: string }>(`
      SELECT format('%I.%I', table_schema, table_name) AS table, column_name AS column FROM information_schema.columns
      WHERE table_schema IN ('customers', 'platform', 'organization', 'vault') AND data_type IN ('text', 'jsonb', 'bytea', 'ARRAY', 'USER-DEFINED')`);
    expect(columns.length).toBeGreaterThan(20);
    for (const { table, column } of columns) {
      const values = await db.query<{ value: string | Buffer }>(
        `SELECT CASE WHEN pg_typeof("${column}")::text = 'bytea' THEN NULL ELSE "${column}"::text END AS value FROM ${table} WHERE "${column}" IS NOT NULL`,
      );
      const bytes = await db.query<{ value: Buffer }>(
        `SELECT convert_to("${column}"::text, 'UTF8') AS value FROM ${table} WHERE "${column}" IS NOT NULL`,
      );
      for (const secret of secrets) {
        expect(values.some(({ value }) => value?.includes(secret))).toBe(false);
        const hex = Buffer.from(secret).toString('hex');
        expect(bytes.some(({ value }) => value.toString().includes(hex))).toBe(false);
      }
    }
    const [row] = await db.query<{ msisdn_sealed: Buffer; secret: Buffer }>(
      'SELECT msisdn_sealed, secret FROM customers.subscription JOIN vault.subject_key ON subject_id = customer_id',
    );
    const { msisdn_sealed: sealed, secret } = row ?? { msisdn_sealed: Buffer.alloc(0), secret: Buffer.alloc(0) };
    const context = `subscription.msisdn:${applied?.subscriptionId}`;
    expect(on.personalData.open(sealed, context, secret)).toBe('+8613800138000');
    expect(() => on.personalData.open(sealed, `subscription.msisdn:${newId()}`, secret)).toThrow();
  });

  it('are found set-wise by number and account, in the order asked', async () => {
    const [one, two] = await on.apply(aSnapshot(), aSnapshot({ accountNo: 'A-2', msisdn: '13800138001' }));
    const numbers = await on.facade.resolveNumbers(['13800138001', '13900139000', '13800138000']);
    expect(numbers.map((each) => each?.customerId)).toEqual([two?.customerId, undefined, one?.customerId]);
    const asked = [
      { source: 'OTHER', accountNo: 'A-1' },
      { source: 'BOSS', accountNo: 'A-2' },
    ];
    expect(await on.facade.resolveAccounts(asked)).toEqual([undefined, two?.customerId]);
    const joined = await on.database.query(
      `SELECT n.customer_id FROM customers.number_directory n JOIN customers.account_owner a USING (customer_id)
       WHERE n.msisdn_index = $1 AND a.source = 'BOSS' AND a.account_no = 'A-1'`,
      [on.facade.msisdnIndex('13800138000')],
    );
    expect(joined).toEqual([{ customer_id: one?.customerId }]);
  });

  it('lets others ask for a customer that is there, and refuses one that is not', async () => {
    const id = await customerOf(aSnapshot());
    expect(await on.facade.profileOf(id)).toMatchObject({
      customerId: id,
      archive: 'in-network',
      branchCode: '440100',
    });
    expect(await on.facade.exists(id)).toBe(true);
    for (const unknown of [newId(), 'no-such-shape']) {
      expect(await on.facade.exists(unknown)).toBe(false);
      await expect(on.facade.profileOf(unknown)).rejects.toThrow(CustomerNotFound);
      await expect(on.transaction.run((tx) => on.facade.lockCustomer(tx, unknown))).rejects.toThrow(CustomerNotFound);
    }
    expect(await on.facade.sampleIds(5)).toEqual([id]);
  });

  it('are taken over at more than a thousand a second even on a busy machine (the figure is printed)', async () => {
    const many = Array.from({ length: 5000 }, (_, i) =>
      aSnapshot({ accountNo: `S-${i}`, msisdn: `139${String(i).padStart(8, '0')}`, idNumber: `4401011980${i}` }),
    );
    await on.apply(
      ...many.map((each, i) => ({ ...each, accountNo: `W-${i}`, msisdn: `137${String(i).padStart(8, '0')}` })),
    );
    const rates: number[] = [];
    for (const snapshots of [many, many, many.map((each) => ({ ...each, version: 2, packageFeeFen: 5 }))]) {
      const begin = process.hrtime.bigint();
      await on.apply(...snapshots);
      rates.push(Math.round(5000 / (Number(process.hrtime.bigint() - begin) / 1e9)));
    }
    console.info(`snapshots per second: new ${rates[0]}, known ${rates[1]}, changed ${rates[2]}`);
    expect(Math.min(...rates)).toBeGreaterThan(1000);
    expect(await db.query(`SELECT count(*)::int AS n FROM platform.outbox WHERE recorded_at = $1`, [NOW])).toEqual([
      { n: 10_000 },
    ]);
  });
});

const rotated = <T>(items: readonly T[], by: number): T[] => [
  ...items.slice(by % items.length),
  ...items.slice(0, by % items.length),
];

/** Some accounts with several numbers, each with several snapshots; one number moves between accounts. */
function aHistory(): SubscriptionSnapshot[] {
  const at = (day: number) => new Date(Date.UTC(2025, 0, day, 4));
  return [1, 2, 3, 4, 5].flatMap((account) =>
    [0, 1].flatMap((nth) => {
      const msisdn = nth === 1 && account <= 2 ? '13600136000' : `1360013${account}00${nth}`;
      const base = aSnapshot({
        accountNo: `H-${account}`,
        msisdn,
        simKind: nth === 0 ? 'MAIN' : 'SECONDARY',
        activatedOn: `202${account}-0${nth + 1}-15`,
        idNumber: account <= 3 ? '440101197001011111' : `44010119700101222${account}`,
      });
      return [
        base,
        { ...base, version: 2, tariffCode: 'GT238', statusAt: at(10) },
        { ...base, version: 2, status: 'SUSPENDED_ONE_WAY' as const, statusAt: at(20) },
        {
          ...base,
          version: 3,
          name: `张${account}`,
          statusAt: at(25),
          status: account === 1 || account === 5 ? ('TERMINATED' as const) : ('ACTIVE' as const),
        },
      ];
    }),
  );
}
