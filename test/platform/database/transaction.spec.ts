import { Database, Transaction, newId } from '../../../src/platform/database/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

describe('a transaction', () => {
  let db: TestDatabase;
  let database: Database;
  let transaction: Transaction;

  beforeAll(async () => {
    db = await createTestDatabase();
    await db.query('CREATE TABLE platform.note (id uuid PRIMARY KEY, amount bigint NOT NULL, day date)');
    await db.query('GRANT SELECT, INSERT ON platform.note TO guibin_app');
    const source = await db.dataSource();
    database = new Database(source);
    transaction = new Transaction(source);
  });
  afterAll(() => db.drop());

  it('stores everything or nothing', async () => {
    const id = newId();
    const work = transaction.run(async (tx) => {
      await tx.execute('INSERT INTO platform.note VALUES ($1, 1, NULL)', [id]);
      throw new Error('changed our mind');
    });
    await expect(work).rejects.toThrow('changed our mind');
    expect(await database.query('SELECT 1 FROM platform.note WHERE id = $1', [id])).toEqual([]);
  });

  it('gives bigint as exact numbers and dates as days', async () => {
    const id = newId();
    const [row] = await transaction.run((tx) =>
      tx.query('INSERT INTO platform.note VALUES ($1, 9007199254740991, $2) RETURNING amount, day', [id, '2024-02-29']),
    );
    expect(row).toEqual({ amount: 9007199254740991, day: '2024-02-29' });
    await expect(database.query('SELECT 9007199254740993::bigint')).rejects.toThrow('exact');
  });

  it('prepares a statement by its name, once per connection', async () => {
    const sum = { name: 'platform.sum', text: 'SELECT $1::bigint + $2 AS sum' };
    const answers = await transaction.run(async (tx) => [
      await tx.prepared<{ sum: number }>(sum, [1, 2]),
      await tx.prepared<{ sum: number }>(sum, [3, 4]),
      await tx.query(`SELECT generic_plans + custom_plans AS times FROM pg_prepared_statements WHERE name = $1`, [
        sum.name,
      ]),
    ]);
    expect(answers).toEqual([[{ sum: 3 }], [{ sum: 7 }], [{ times: 2 }]]);
  });

  it('holds the application to its grants', async () => {
    await expect(database.query('DELETE FROM platform.note')).rejects.toThrow('permission denied');
    await expect(database.query('CREATE TABLE platform.mine (id int)')).rejects.toThrow('permission denied');
    expect(await database.query('SELECT current_user AS role')).toEqual([{ role: 'guibin_app' }]);
  });

  it('of one moment begins again when somebody was faster', async () => {
    const id = newId();
    await db.query('GRANT UPDATE ON platform.note TO guibin_app');
    await db.query('INSERT INTO platform.note VALUES ($1, 1, NULL)', [id]);
    const seen: number[] = [];
    await transaction.runInOneMoment(async (tx) => {
      const [row] = await tx.query<{ amount: number }>('SELECT amount FROM platform.note WHERE id = $1', [id]);
      seen.push(row?.amount ?? 0);
      if (seen.length === 1) await db.query('UPDATE platform.note SET amount = 5 WHERE id = $1', [id]);
      await tx.execute('UPDATE platform.note SET amount = amount * 2 WHERE id = $1', [id]);
    });
    expect(seen).toEqual([1, 5]);
    expect(await database.query('SELECT amount FROM platform.note WHERE id = $1', [id])).toEqual([{ amount: 10 }]);
  });

  it('survives the death of its connection', async () => {
    await expect(
      transaction.run(async (tx) => {
        const [{ pid }] = (await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')) as [{ pid: number }];
        await db.query('SELECT pg_terminate_backend($1)', [pid]);
        await tx.query('SELECT 1');
      }),
    ).rejects.toThrow();
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
