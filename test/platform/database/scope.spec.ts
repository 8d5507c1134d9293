import fc from 'fast-check';
import {
  actingFor,
  asSystem,
  Database,
  newId,
  scopeCondition,
  Transaction,
  type RowsOf,
} from '../../../src/platform/database/index.js';
import { covers, NOBODY, type CustomerPlace, type Scope } from '../../../src/platform/identity/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const PROVINCES = ['440000', '450000'];
const BRANCHES = ['440100', '440300', '450100'];
const MANAGERS = [newId(), newId()];

const LISTS: readonly (readonly [string, RowsOf])[] = [
  ['customers.customer c', { customer: 'c' }],
  ['points.point_account a', { customerId: 'a.customer_id' }],
];

const acting = (scope: Scope) => ({ scope, operation: 'GET /test', requestId: 'test', clientAddress: '127.0.0.1' });

describe('[AUD-02] what an actor sees in the database', () => {
  let db: TestDatabase;
  let database: Database;
  let transaction: Transaction;
  const places: CustomerPlace[] = [];

  beforeAll(async () => {
    db = await createTestDatabase();
    const source = await db.dataSource();
    database = new Database(source);
    transaction = new Transaction(source);
    for (const region of [undefined, ...PROVINCES]) {
      for (const branchCode of [undefined, ...BRANCHES]) {
        for (const managerId of [undefined, ...MANAGERS]) {
          places.push({ customerId: newId(), region, branchCode, managerId });
        }
      }
    }
    for (const { customerId, region, branchCode, managerId } of places) {
      const partyId = newId();
      await db.query(
        `INSERT INTO customers.party (party_id, kind, identity_sealed, precedence, updated_at)
         VALUES ($1, 'individual', '\\x00', '\\x00', now())`,
        [partyId],
      );
      await db.query(
        `INSERT INTO customers.customer (customer_id, party_id, kind, archive, status, region, branch_code, manager_id,
           opened_on, real_name, version, created_at, updated_at)
         VALUES ($1, $2, 'individual', 'in-network', 'active', $3, $4, $5, '2025-01-01', true, 1, now(), now())`,
        [customerId, partyId, region, branchCode, managerId],
      );
      await db.query(`INSERT INTO points.point_account (customer_id) VALUES ($1)`, [customerId]);
    }
  });
  afterAll(() => db.drop());

  const idsIn = async (table: string): Promise<string[]> => {
    const rows = await database.query<{ id: string }>(`SELECT customer_id AS id FROM ${table} ORDER BY 1`);
    return rows.map(({ id }) => id);
  };

  const aScope: fc.Arbitrary<Scope> = fc.record({
    everybody: fc.boolean(),
    provinces: fc.subarray(PROVINCES),
    branches: fc.subarray(BRANCHES),
    managerId: fc.option(fc.constantFrom(...MANAGERS), { nil: undefined }),
    customerId: fc.option(
      fc.nat().map((n) => places[n % places.length]?.customerId ?? ''),
      { nil: undefined },
    ),
  });

  it('is what the rule says: in a customer’s own table, in that of another module, through views, and in a list', async () => {
    await fc.assert(
      fc.asyncProperty(aScope, async (scope) => {
        const expected = places
          .filter((place) => covers(scope, place))
          .map(({ customerId }) => customerId)
          .sort();
        const seen = await actingFor(acting(scope), () =>
          Promise.all(['customers.customer', 'points.point_account', 'points.balance'].map(idsIn)),
        );
        expect(seen).toEqual([expected, expected, expected]);
        for (const [table, rowsOf] of LISTS) {
          const within = scopeCondition(scope, rowsOf, 1);
          const listed = await database.query<{ id: string }>(
            `SELECT customer_id AS id FROM ${table} WHERE ${within?.sql ?? 'TRUE'} ORDER BY 1`,
            within?.params,
          );
          expect(listed.map(({ id }) => id)).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('ends with the statement: a connection that goes back to the pool carries no scope, and none means nobody', async () => {
    const all = await idsIn('customers.customer');
    expect(all).toHaveLength(places.length);
    await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        n % 2 === 0
          ? actingFor(acting(NOBODY), async () => expect(await idsIn('customers.customer')).toEqual([]))
          : idsIn('customers.customer').then((ids) => expect(ids).toEqual(all)),
      ),
    );
    await actingFor(acting(NOBODY), async () => {
      await expect(database.query('SELECT 1/0')).rejects.toThrow('division by zero');
    });
    expect(await idsIn('customers.customer')).toEqual(all);
  });

  it('limits writing as it limits reading, also inside a transaction', async () => {
    const [mine, foreign] = [places.find((p) => p.region === '440000'), places.find((p) => p.region === '450000')];
    const change = (scope: Scope, customerId = ''): Promise<number> =>
      actingFor(acting(scope), () =>
        transaction.run((tx) =>
          tx.execute(`UPDATE customers.customer SET credit_grade = 'B' WHERE customer_id = $1`, [customerId]),
        ),
      );
    const south = { ...NOBODY, provinces: ['440000'] };
    expect(await change(south, mine?.customerId)).toBe(1);
    expect(await change(south, foreign?.customerId)).toBe(0);
    const giveAway = actingFor(acting(south), () =>
      transaction.run((tx) =>
        tx.execute(`UPDATE customers.customer SET region = '450000', branch_code = NULL WHERE customer_id = $1`, [
          mine?.customerId,
        ]),
      ),
    );
    await expect(giveAway).rejects.toThrow('row-level security');
  });

  it('is everything again for what is declared the system’s own work', async () => {
    const count = await actingFor(acting(NOBODY), () => asSystem(() => idsIn('customers.customer')));
    expect(count).toHaveLength(places.length);
  });

  it('does not let a code of a unit become a statement', async () => {
    const evil = { ...NOBODY, provinces: [`440000'; SET LOCAL ROLE guibin_app; --`] };
    await expect(actingFor(acting(evil), () => idsIn('customers.customer'))).rejects.toThrow('no such code');
  });
});
