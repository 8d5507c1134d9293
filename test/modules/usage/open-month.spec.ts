import { createTestDatabase, type TestDatabase } from '../../support/database.js';

describe('a month that many intakes want at once', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.drop());

  it('[promise 22] is opened once, and none of them fails', async () => {
    for (let year = 2031; year < 2039; year++) {
      const open = (): Promise<unknown> => db.query(`SELECT usage.open_month('${year}-01-01')`);
      await Promise.all(Array.from({ length: 8 }, open));
    }
    const [opened] = await db.query(
      `SELECT count(*)::int AS months, bool_and(has_table_privilege('guibin_intake', c.oid, 'INSERT')) AS may
       FROM pg_class c WHERE relkind = 'r' AND relname ~ '^usage_record_203[1-8]01$'`,
    );
    expect(opened).toEqual({ months: 8, may: true });
  });
});
