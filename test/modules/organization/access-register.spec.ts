import { newId } from '../../../src/platform/database/index.js';
import { AccessRegister } from '../../../src/modules/organization/application/access-register.js';
import { GENESIS, hashOf } from '../../../src/modules/organization/domain/register-chain.js';
import { linesOf } from '../../../src/modules/organization/persistence/register-rows.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { organizationOn } from './support.js';

const ROOT_UNIT_ID = '019a9d00-0000-7000-8000-000000000001';
const START = new Date('2026-02-01T09:00:00+08:00');

const actor = {
  kind: 'staff' as const,
  id: newId(),
  role: 'hotline-agent',
  unitId: ROOT_UNIT_ID,
  sessionId: 'session-1',
  requestId: 'request-1',
  clientAddress: '192.0.2.7',
};
const aLook = (action = 'customers.read') => ({ actor, action, customerIds: [newId()], fieldGroups: ['identity'] });

describe('[AUD-01] the access register (查阅登记)', () => {
  let db: TestDatabase;
  let on: Awaited<ReturnType<typeof organizationOn>>;

  beforeAll(async () => {
    db = await createTestDatabase();
    on = await organizationOn(db);
  });
  beforeEach(() => void (on.clock.at = START));
  afterAll(() => db.drop());

  const rowsOf = (action: string) =>
    db.query('SELECT * FROM organization.access_register WHERE action = $1 ORDER BY chain, seq', [action]);
  const head = async (chain: number) =>
    (await db.query('SELECT seq, hash FROM organization.register_head WHERE chain = $1', [chain]))[0];

  it('keeps who saw whom, from where, when, what and why', async () => {
    const customerId = newId();
    const object = { type: 'ticket', id: 't-1' };
    await on.register.record({
      actor, action: 'customers.read', customerIds: [customerId.toUpperCase()], fieldGroups: ['identity', 'contact'],
      purpose: 'complaint', ticketRef: 'TT-7', object,
    }); // prettier-ignore
    expect(await rowsOf('customers.read')).toEqual([
      {
        entry_id: expect.any(String),
        occurred_at: START,
        actor_kind: 'staff',
        actor_id: actor.id,
        actor_role: 'hotline-agent',
        unit_id: ROOT_UNIT_ID,
        session_id: 'session-1',
        client_address: '192.0.2.7',
        request_id: 'request-1',
        action: 'customers.read',
        object_type: 'ticket',
        object_id: 't-1',
        customer_ids: [customerId],
        customer_count: 1,
        field_groups: ['identity', 'contact'],
        purpose: 'complaint',
        ticket_ref: 'TT-7',
        result: 'granted',
        refusal: null,
        chain: expect.any(Number),
        seq: 1,
        prev_hash: GENESIS,
        row_hash: expect.any(Buffer),
      },
    ]);
  });

  it('keeps a thousand ids of a longer list, and how many there were', async () => {
    const customerIds = Array.from({ length: 1500 }, newId);
    await on.register.record({ ...aLook('customers.list'), customerIds });
    const [row] = await rowsOf('customers.list');
    expect(row).toMatchObject({ customer_ids: customerIds.slice(0, 1000), customer_count: 1500 });
  });

  it('[AUD-02] keeps what was refused, and to whom: also to somebody nobody knows', async () => {
    const request = { requestId: 'request-2', clientAddress: '198.51.100.9', operation: 'GET /x/:id' };
    await on.register.refused({ ...request, actor: undefined, code: 'access.not-signed-in', customerIds: [] });
    const known = { ...actor, name: 'N', permissions: [], scope: { everybody: false, provinces: [], branches: [] } };
    const asked = [newId(), 'no id at all'];
    await on.register.refused({ ...request, actor: known, code: 'access.out-of-scope', customerIds: asked });
    expect(await rowsOf('GET /x/:id')).toMatchObject([
      { actor_kind: 'unknown', actor_id: 'unknown', client_address: '198.51.100.9', request_id: 'request-2', unit_id: null,
        result: 'refused', refusal: 'access.not-signed-in', customer_ids: [], customer_count: 0 },
      { actor_kind: 'staff', actor_id: actor.id, result: 'refused', refusal: 'access.out-of-scope',
        customer_ids: [asked[0]], customer_count: 0 },
    ]); // prettier-ignore
  });

  it('opens each month, also in the hours when Shanghai is a month ahead of UTC', async () => {
    for (const at of ['2026-07-31T15:59:59Z', '2026-07-31T16:30:00Z', '2026-08-01T00:00:01Z', '2027-12-31T23:00:00Z']) {
      on.clock.at = new Date(at);
      await on.register.record(aLook('customers.months'));
    }
    expect(await rowsOf('customers.months')).toHaveLength(4);
  });

  it('takes any text without holding up the lines beside it', async () => {
    const odd = [
      '\0',
      '\ud800',
      'a\udc00b',
      '😀'.repeat(300),
      '"\\\n\u2028',
      '',
      "'; DROP TABLE organization.staff; --",
    ];
    await Promise.all(
      odd.map((text) =>
        on.register.record({
          ...aLook('customers.odd'),
          purpose: text,
          ticketRef: text,
          fieldGroups: [text, 'a,b', '{}'],
        }),
      ),
    );
    expect(await rowsOf('customers.odd')).toHaveLength(odd.length);
    await expectWhole(on, db);
  });

  it('lets one line that cannot be stored fail alone', async () => {
    const bad = { ...aLook('customers.beside'), actor: { ...actor, unitId: 'no unit' } };
    const looks = [aLook('customers.beside'), aLook('customers.beside'), bad, aLook('customers.beside')];
    const outcomes = await Promise.allSettled(looks.map((look) => on.register.record(look)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await rowsOf('customers.beside')).toHaveLength(3);
    await expectWhole(on, db);
  });

  it('stores many looks at once in few commits, each of them before its answer', async () => {
    const commits = async () =>
      (await db.query<{ chain: number; seq: number; xmin: string }>(
        `SELECT DISTINCT xmin::text FROM organization.access_register WHERE action = 'customers.many'`,
      )).length; // prettier-ignore
    let unregistered = 0;
    await Promise.all(
      Array.from({ length: 2000 }, async (_, n) => {
        await on.register.record({ ...aLook('customers.many'), actor: { ...actor, requestId: `many-${n}` } });
        if (n % 100 > 0) return;
        const [found] = await db.query('SELECT FROM organization.access_register WHERE request_id = $1', [`many-${n}`]);
        if (!found) unregistered += 1;
      }),
    );
    expect(unregistered).toBe(0);
    expect(await rowsOf('customers.many')).toHaveLength(2000);
    expect(await commits()).toBeLessThan(20);
  });

  it('keeps one chain whole when several processes write to it at once', async () => {
    const others = await db.query('DELETE FROM organization.register_head WHERE chain <> 3 RETURNING chain, seq, hash');
    const processes = Array.from({ length: 4 }, () => new AccessRegister(on.source, on.clock));
    await Promise.all(
      processes.map(async (register) => {
        for (let n = 0; n < 25; n++) await Promise.all([1, 2, 3].map(() => register.record(aLook('customers.raced'))));
      }),
    );
    await Promise.all(processes.map((register) => register.onApplicationShutdown()));
    for (const { chain, seq, hash } of others) {
      await db.query('INSERT INTO organization.register_head VALUES ($1, $2, $3)', [chain, seq, hash]);
    }
    expect(await rowsOf('customers.raced')).toHaveLength(300);
    await expectWhole(on, db);
  });

  it('refuses the look when the database cannot take the line, and goes on when it can again', async () => {
    await db.query('ALTER TABLE organization.register_head RENAME TO away');
    await expect(on.register.record(aLook('customers.failing'))).rejects.toThrow();
    await db.query('ALTER TABLE organization.away RENAME TO register_head');
    await on.register.record(aLook('customers.failing'));
    expect(await rowsOf('customers.failing')).toHaveLength(1);
  });

  it('outlives its connection', async () => {
    await on.register.record(aLook('customers.outlived'));
    await db.query(`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%access_register%'`);
    await on.register.record(aLook('customers.outlived')).catch(() => on.register.record(aLook('customers.outlived')));
    expect(await rowsOf('customers.outlived')).toHaveLength(2);
  });

  describe('can only be added to by the application', () => {
    it.each([
      'DELETE FROM organization.access_register',
      `UPDATE organization.access_register SET purpose = 'x'`,
      'TRUNCATE organization.access_register',
      'DELETE FROM organization.access_register_202602',
      `UPDATE organization.access_register_202602 SET purpose = 'x'`,
      'TRUNCATE organization.access_register_202602',
      'DROP TABLE organization.access_register_202602',
      'ALTER TABLE organization.access_register DETACH PARTITION organization.access_register_202602',
      'DELETE FROM organization.register_head',
      'INSERT INTO organization.register_head VALUES (16, 0, NULL)',
    ])('%s', async (statement) => {
      await on.register.record(aLook());
      await expect(on.database.query(statement)).rejects.toThrow(/permission denied|must be owner/);
    });

    it('and not without a place in a chain', async () => {
      const insert = `
        INSERT INTO organization.access_register (entry_id, occurred_at, actor_kind, actor_id, actor_role, request_id, action,
          customer_ids, customer_count, field_groups, purpose, result)
        VALUES ($1, $2, 'staff', 'x', 'x', 'x', 'x', '{}', 0, '{}', 'x', 'granted')`;
      await expect(db.query(insert, [newId(), START])).rejects.toThrow('access_register_chained');
    });
  });

  async function expectWhole(organization: typeof on, database: TestDatabase): Promise<void> {
    const chains = await database.query<{ chain: number; count: number }>(
      'SELECT chain, count(*) AS count FROM organization.access_register GROUP BY chain',
    );
    for (const { chain, count } of chains) {
      let [hash, seq]: [Buffer, number] = [GENESIS, 0];
      for await (const line of linesOf(organization.database, { chain, after: 0, upTo: Number.MAX_SAFE_INTEGER })) {
        expect([line.seq, line.prevHash]).toEqual([seq + 1, hash]);
        [hash, seq] = [hashOf(line.prevHash, line), line.seq];
        expect(line.rowHash).toEqual(hash);
      }
      expect(seq).toBe(count);
      expect(await head(chain)).toEqual({ seq, hash });
    }
  }
});
