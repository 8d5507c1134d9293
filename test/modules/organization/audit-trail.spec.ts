import { readdir, readFile } from 'node:fs/promises';
import { DataSource } from 'typeorm';
import { actingFor, asSystem, Database, newId, onItsOwn, Transaction } from '../../../src/platform/database/index.js';
import type { Acting } from '../../../src/platform/database/index.js';
import { EVERYBODY, NOBODY, type Actor } from '../../../src/platform/identity/index.js';
import { AuditWrites } from '../../../src/modules/organization/application/audit-writes.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { personalDataOfNewKeys } from '../../support/serve.js';

/** Answers that are kept for repeated requests, and signatures that were used: nothing of the business. */
const BOOKKEEPING = ['platform/http/idempotency-keys.ts', 'platform/identity/nonces.ts'];
/** The registers themselves, and what makes the database before anybody asks. */
const OTHER_CONNECTIONS = [
  'modules/organization/application/access-register.ts',
  'modules/organization/application/audit-writes.ts',
  'platform/database/data-source.ts',
  'platform/database/embedded-postgres.ts',
  'platform/database/migrate.ts',
];

describe('[AUD-12] the audit of writes', () => {
  let db: TestDatabase;
  let source: DataSource;
  let transaction: Transaction;
  const clock = new TestClock();

  beforeAll(async () => {
    db = await createTestDatabase();
    await db.query(`CREATE TABLE test_row (id uuid PRIMARY KEY, value text)`);
    await db.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON test_row TO guibin_app`);
    source = await db.dataSource();
    transaction = new Transaction(source, new AuditWrites(source, personalDataOfNewKeys(), clock));
  });
  afterAll(() => db.drop());
  beforeEach(() => clock.set('2026-02-01T09:00:00+08:00'));

  const request = (changes: Partial<Acting> = {}): Acting => {
    const requestId = newId();
    const actor: Actor = {
      kind: 'staff',
      id: newId(),
      name: 'Li Ming',
      role: 'account-manager',
      permissions: [],
      unitId: newId(),
      sessionId: newId(),
      scope: EVERYBODY,
      requestId,
      clientAddress: '10.1.2.3',
    };
    return {
      scope: EVERYBODY,
      actor,
      requestId,
      clientAddress: '10.1.2.3',
      operation: 'PATCH /care-api/x/v1/thing/:id',
      objectId: newId(),
      ...changes,
    };
  };
  const write = () => transaction.run((tx) => tx.execute(`INSERT INTO test_row VALUES ($1, 'x')`, [newId()]));
  const linesOf = ({ requestId }: Acting) =>
    db.query(`SELECT * FROM organization.audit_entry WHERE request_id = $1 ORDER BY entry_id`, [requestId]);

  it('has a line for a request that wrote, even when the use case forgot to say anything', async () => {
    const asked = request({ reason: '客户要求更正 13800138000' });
    await actingFor(asked, write);
    expect(await linesOf(asked)).toEqual([
      expect.objectContaining({
        actor_kind: 'staff',
        actor_id: asked.actor?.id,
        actor_role: 'account-manager',
        unit_id: asked.actor?.unitId,
        session_id: asked.actor?.sessionId,
        client_address: '10.1.2.3',
        operation: 'PATCH /care-api/x/v1/thing/:id',
        action: 'PATCH /care-api/x/v1/thing/:id',
        object_type: 'thing',
        object_id: asked.objectId,
        changed_fields: [],
        reason: '客户要求更正 138****8000',
      }),
    ]);
  });

  it('lets a request read in a transaction that may only read', async () => {
    const asked = request();
    const read = (): Promise<unknown> =>
      transaction.run(async (tx) => {
        await tx.execute('SET TRANSACTION READ ONLY');
        return tx.query('SELECT 1 AS one');
      });
    expect(await actingFor(asked, read)).toEqual([{ one: 1 }]);
    expect(await linesOf(asked)).toEqual([]);
  });

  it('has none for a request that only read, and none for one whose writing came to nothing', async () => {
    const [reader, unlucky] = [request(), request()];
    await actingFor(reader, () => transaction.run((tx) => tx.query('SELECT * FROM test_row')));
    const failing = transaction.run.bind(transaction, async (tx) => {
      await tx.execute(`INSERT INTO test_row VALUES ($1, 'x')`, [newId()]);
      tx.audit({ action: 'x.write', objectType: 'Thing' });
      throw new Error('too late');
    });
    await expect(actingFor(unlucky, failing)).rejects.toThrow('too late');
    expect([await linesOf(reader), await linesOf(unlucky)]).toEqual([[], []]);
  });

  it('has one line per thing that a use case names, and keeps digests and names instead of values', async () => {
    const asked = request();
    const [first, second, customerId] = [newId(), newId(), newId()];
    await actingFor(asked, () =>
      transaction.run(async (tx) => {
        await tx.execute(`INSERT INTO test_row VALUES ($1, 'x')`, [newId()]);
        const before = { level: 'GOLD', name: '张小明' };
        const after = { level: 'SILVER', name: '张小明' };
        tx.audit({
          action: 'x.change',
          objectType: 'Thing',
          objectId: first,
          customerId,
          before,
          after,
          reason: 'asked',
        });
        tx.audit({ action: 'x.change', objectType: 'Thing', objectId: second, before: after, after: before });
      }),
    );
    const lines = await linesOf(asked);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({
      object_id: first,
      customer_id: customerId,
      changed_fields: ['level'],
      reason: 'asked',
    });
    expect(JSON.stringify(lines)).not.toMatch(/GOLD|SILVER|张/);
    // The same state of two objects does not look the same.
    expect(lines[0]?.['after_digest']).not.toEqual(lines[1]?.['before_digest']);
    expect(lines[0]?.['before_digest']).not.toEqual(lines[0]?.['after_digest']);
  });

  it('gives the same state of the same object the same digest, whatever order its attributes came in', async () => {
    const asked = request();
    const about = { action: 'x.change', objectType: 'Thing', objectId: newId() };
    await actingFor(asked, () =>
      transaction.run((tx) => {
        tx.audit({ ...about, after: { a: 1, b: { c: 2, d: [3] } } });
        tx.audit({ ...about, before: { b: { d: [3], c: 2 }, a: 1 } });
        return Promise.resolve();
      }),
    );
    const [one, two] = await linesOf(asked);
    expect(one?.['after_digest']).toEqual(two?.['before_digest']);
    expect([one?.['before_digest'], two?.['after_digest']]).toEqual([null, null]);
  });

  it('names who asked also where the work steps out of his scope, and where he sees nobody', async () => {
    const [stepping, blind] = [request({ scope: NOBODY }), request({ scope: NOBODY })];
    await actingFor(stepping, () => asSystem(write));
    await actingFor(blind, write);
    expect((await linesOf(stepping)).map((line) => line['actor_id'])).toEqual([stepping.actor?.id]);
    expect((await linesOf(blind)).map((line) => line['actor_id'])).toEqual([blind.actor?.id]);
  });

  it('says that nobody was signed in on a public route', async () => {
    const { actor: _, ...asked } = request({ operation: 'POST /care-api/organization/v1/session' });
    await actingFor(asked, write);
    expect(await linesOf(asked)).toEqual([expect.objectContaining({ actor_kind: 'nobody', object_type: 'session' })]);
  });

  it('does not follow work of its own, but what a use case says there is kept', async () => {
    const before = await db.query<{ n: number }>('SELECT count(*) AS n FROM organization.audit_entry');
    await write();
    await actingFor(request(), () => onItsOwn(write));
    expect(await db.query('SELECT count(*) AS n FROM organization.audit_entry')).toEqual(before);
    const objectId = newId();
    await transaction.run((tx) => {
      tx.audit({ action: 'x.retire', objectType: 'Thing', objectId, after: {} });
      return Promise.resolve();
    });
    const lines = await db.query(`SELECT actor_kind FROM organization.audit_entry WHERE object_id = $1`, [objectId]);
    expect(lines).toEqual([{ actor_kind: 'application' }]);
  });

  it('costs one statement, whatever was said', async () => {
    const statements: string[] = [];
    await actingFor(request(), () =>
      transaction.run(async (tx) => {
        for (let nth = 0; nth < 50; nth++) tx.audit({ action: 'x.write', objectType: 'Thing', objectId: newId() });
        const original = tx.client.query.bind(tx.client) as (...args: unknown[]) => unknown;
        tx.client.query = ((...args: unknown[]) => {
          statements.push(JSON.stringify(args[0]));
          return original(...args);
        }) as never;
        await tx.execute('SELECT 1');
      }),
    );
    expect(statements.filter((text) => text.includes('audit_entry'))).toHaveLength(1);
  });

  it('opens the month in which it is written, at its edges, too, and however many come at once', async () => {
    for (const instant of ['2031-04-30T15:59:59.999Z', '2031-04-30T16:00:00Z', '2031-05-01T00:00:00Z']) {
      clock.set(instant);
      const requests = Array.from({ length: 40 }, () => request());
      await Promise.all(requests.map((asked) => actingFor(asked, write)));
      for (const asked of requests) expect(await linesOf(asked)).toHaveLength(1);
    }
  });

  it("cannot be gone round: what writes without a transaction is the platform's own bookkeeping", async () => {
    const files = (await readdir('src', { recursive: true })).filter((file) =>
      /^(?:modules|platform)\/.*(?<!\.spec)\.ts$/.test(file),
    );
    const writing =
      /\.query(?:<[^(]*>)?\(\s*[`'"]\s*(?:INSERT|UPDATE|DELETE|MERGE|WITH[^`]*\b(?:INSERT INTO|DELETE FROM))\b/;
    const beside = /\b(?:new pg\.(?:Pool|Client)|connectionsBeside\(|@InjectRepository|@InjectDataSource)/;
    const found = { writing: [] as string[], beside: [] as string[] };
    for (const file of files) {
      const text = await readFile(`src/${file}`, 'utf8');
      // `tx.query` is inside a transaction.
      if (writing.test(text.replace(/\btx\s*\.query/g, '')) && /[dD]atabase/.test(text)) found.writing.push(file);
      if (beside.test(text)) found.beside.push(file);
    }
    expect(found.writing.sort()).toEqual(BOOKKEEPING);
    expect(found.beside.sort()).toEqual(OTHER_CONNECTIONS);
  });

  it('can only be added to', async () => {
    const application = new Database(source);
    for (const statement of [
      'UPDATE organization.audit_entry SET reason = NULL',
      'DELETE FROM organization.audit_entry',
    ]) {
      await expect(application.query(statement)).rejects.toThrow('permission denied');
      await expect(application.query(statement.replace('audit_entry', 'audit_entry_202602'))).rejects.toThrow(
        'permission denied',
      );
    }
    await expect(application.query('TRUNCATE organization.audit_entry')).rejects.toThrow('permission denied');
  });
});
