import { newId } from '../../../src/platform/database/index.js';
import { AccessRegister } from '../../../src/modules/organization/application/access-register.js';
import {
  VerifyRegister,
  type RegisterVerification,
} from '../../../src/modules/organization/application/verify-register.js';
import {
  chainUp,
  hashOf,
  type ChainHead,
  type RegisterLine,
} from '../../../src/modules/organization/domain/register-chain.js';
import { headsBetween, linesOf } from '../../../src/modules/organization/persistence/register-rows.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { organizationOn } from './support.js';

const DAY_1 = new Date('2026-01-31T16:00:00Z'); // Midnight in Shanghai, still January in the partitions.
const DAY_2 = new Date('2026-02-01T16:00:00Z');
const DAY_3 = new Date('2026-02-02T16:00:00Z');
const LENGTH = 20;
const TARGET = 10;

describe('[AUD-01] verifying the access register', () => {
  let db: TestDatabase;
  let on: Awaited<ReturnType<typeof organizationOn>>;
  let verifying: VerifyRegister;
  let chain: number;
  let target: string;

  beforeAll(async () => {
    db = await createTestDatabase();
    on = await organizationOn(db);
    verifying = new VerifyRegister(on.database);
    const actor = {
      kind: 'staff',
      id: newId(),
      role: 'viewer',
      unitId: newId(),
      requestId: 'r',
      sessionId: 's',
    } as const;
    for (let n = 0; n < LENGTH; n++) {
      on.clock.at = new Date((n < LENGTH / 2 ? DAY_1 : DAY_2).getTime() + n * 1000);
      await on.register.record({
        actor, action: 'customers.read', customerIds: [newId()], fieldGroups: ['identity'],
        object: { type: 'ticket', id: 't' }, ticketRef: 'TT',
      }); // prettier-ignore
    }
    const [row] = await db.query<{ chain: number; entry_id: string }>(
      'SELECT chain, entry_id FROM organization.access_register WHERE seq = $1',
      [TARGET],
    );
    if (!row) throw new Error('the lines are there');
    ({ chain, entry_id: target } = row);
    await db.query('CREATE TABLE public.kept_line AS SELECT * FROM organization.access_register');
    await db.query('CREATE TABLE public.kept_head AS SELECT * FROM organization.register_head');
  });
  afterEach(async () => {
    for (const [table, kept] of [['access_register', 'kept_line'], ['register_head', 'kept_head']]) {
      await db.query(`DELETE FROM organization.${table}`);
      await db.query(`INSERT INTO organization.${table} SELECT * FROM public.${kept}`);
    }
  }); // prettier-ignore
  afterAll(() => db.drop());

  const afterwards = async (...tampering: readonly (readonly [sql: string, params?: unknown[]])[]): Promise<RegisterVerification> => {
    for (const [sql, params] of tampering) await db.query(sql, params);
    return verifying.execute();
  }; // prettier-ignore
  const brokenAt = (seq: number, kind: string, entryId: unknown = expect.any(String)) => ({
    ok: false,
    broken: [{ chain, seq, kind, entryId, occurredAt: expect.any(String) }],
  });
  const headOfChain = async (): Promise<ChainHead> => {
    const [head] = await db.query<ChainHead>('SELECT * FROM organization.register_head WHERE chain = $1', [chain]);
    if (!head) throw new Error('the head is there');
    return head;
  };
  const lines = async (): Promise<RegisterLine[]> => {
    const all: RegisterLine[] = [];
    for await (const line of linesOf(on.database, { chain, after: 0, upTo: LENGTH })) all.push(line);
    return all;
  };
  const rewriteHashes = async (line: RegisterLine, prevHash: Buffer, rowHash: Buffer): Promise<void> => {
    const sql = 'UPDATE organization.access_register SET prev_hash = $2, row_hash = $3 WHERE entry_id = $1';
    await db.query(sql, [line.entryId, prevHash, rowHash]);
  };

  it('finds it whole as it was written', async () => {
    expect(await verifying.execute()).toEqual({ ok: true, chains: 16, lines: LENGTH, unchained: 0, broken: [] });
  });

  const CHANGED: Readonly<Record<string, string>> = {
    entry_id: `'00000000-0000-4000-8000-000000000000'`,
    occurred_at: `occurred_at + interval '1 microsecond'`,
    unit_id: 'NULL',
    customer_ids: `customer_ids || '00000000-0000-4000-8000-000000000000'::uuid`,
    field_groups: `'{}'`,
    customer_count: 'customer_count + 1',
    actor_kind: `'system'`,
    result: `'refused'`,
    row_hash: `set_byte(row_hash, 0, get_byte(row_hash, 0) # 1)`,
    prev_hash: `set_byte(prev_hash, 31, get_byte(prev_hash, 31) # 1)`,
    chain: '(chain + 1) % 16',
    seq: 'seq + 1000',
  };

  it('finds a change of each column, at the line that was changed', async () => {
    const columns = await db.query<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns
       WHERE table_schema = 'organization' AND table_name = 'access_register'`,
    );
    expect(columns.length).toBeGreaterThanOrEqual(23);
    for (const { name } of columns) {
      const change = `UPDATE organization.access_register SET ${name} = ${CHANGED[name] ?? `'other'`} WHERE entry_id = $1`;
      const { ok, broken } = await afterwards([change, [target]]);
      const kind = name === 'seq' || name === 'chain' ? 'missing' : 'altered';
      const here = broken.find((found) => found.chain === chain);
      expect([name, ok, here]).toEqual([name, false, expect.objectContaining({ seq: TARGET, kind })]);
      await db.query('DELETE FROM organization.access_register WHERE seq IN ($1, $2)', [TARGET, TARGET + 1000]);
      await db.query('INSERT INTO organization.access_register SELECT * FROM public.kept_line WHERE entry_id = $1', [target]);
    } // prettier-ignore
    expect((await verifying.execute()).ok).toBe(true);
  });

  it('finds a line that was changed together with its hash', async () => {
    await db.query(`UPDATE organization.access_register SET purpose = 'legal' WHERE entry_id = $1`, [target]);
    const forged = (await lines())[TARGET - 1];
    if (!forged) throw new Error('the line is there');
    await rewriteHashes(forged, forged.prevHash, hashOf(forged.prevHash, forged));
    expect(await verifying.execute()).toMatchObject(brokenAt(TARGET, 'altered', target));
  });

  it('finds a line that was taken out', async () => {
    const found = await afterwards(['DELETE FROM organization.access_register WHERE entry_id = $1', [target]]);
    expect(found).toMatchObject({ ok: false, broken: [{ chain, seq: TARGET, kind: 'missing' }] });
  });

  it.each(['00000000-0000-7000-8000-000000000000', 'ffffffff-ffff-7fff-bfff-ffffffffffff'])(
    'finds a line that was put in beside another (%s)',
    async (entryId) => {
      const found = await afterwards([
        `INSERT INTO organization.access_register
         SELECT (jsonb_populate_record(a, jsonb_build_object('entry_id', $1::uuid))).* FROM organization.access_register a WHERE entry_id = $2`,
        [entryId, target],
      ]);
      expect(found).toMatchObject(brokenAt(TARGET, 'inserted', entryId));
    },
  );

  it('finds a line that was put in behind the last one', async () => {
    const [last] = (await lines()).slice(-1);
    if (!last) throw new Error('the line is there');
    const { lines: forged } = chainUp(await headOfChain(), [{ ...last, entryId: newId() }]);
    const rowHash = forged[0]?.rowHash;
    const found = await afterwards([
      `INSERT INTO organization.access_register SELECT (jsonb_populate_record(a, jsonb_build_object(
         'entry_id', $1::uuid, 'seq', seq + 1, 'prev_hash', row_hash, 'row_hash', $2::bytea))).*
       FROM organization.access_register a WHERE seq = $3`,
      [forged[0]?.entryId, rowHash, LENGTH],
    ]);
    expect(found).toMatchObject(brokenAt(LENGTH + 1, 'inserted', forged[0]?.entryId));
  });

  it('finds two lines that changed places', async () => {
    const swap = `UPDATE organization.access_register SET seq = CASE seq WHEN 7 THEN 12 ELSE 7 END WHERE seq IN (7, 12)`;
    expect(await afterwards([swap])).toMatchObject(brokenAt(7, 'altered'));
  });

  it('finds that the last lines were cut off', async () => {
    const cut = ['DELETE FROM organization.access_register WHERE seq > 15'] as const;
    expect(await afterwards(cut)).toMatchObject({ broken: [{ chain, seq: 16, kind: 'missing' }] });
  });

  it('finds that the head was moved, or taken away', async () => {
    const moved = `UPDATE organization.register_head SET hash = decode(repeat('ab', 32), 'hex') WHERE chain = $1`;
    expect(await afterwards([moved, [chain]])).toMatchObject(brokenAt(LENGTH, 'head-mismatch'));
    expect((await afterwards(['DELETE FROM organization.register_head'])).broken).toHaveLength(16);
  });

  describe('with heads that were kept outside', () => {
    it('finds that the last lines were cut off, and the head moved back', async () => {
      const heads = [await headOfChain()];
      await db.query('DELETE FROM organization.access_register WHERE seq > 15');
      await db.query(
        `UPDATE organization.register_head h SET seq = 15, hash = a.row_hash
         FROM organization.access_register a WHERE a.chain = h.chain AND a.seq = 15`,
      );
      expect((await verifying.execute()).ok).toBe(true);
      expect(await verifying.execute({ heads })).toMatchObject({ broken: [{ chain, seq: 16, kind: 'missing' }] });
    });

    it('finds that a chain was written anew as a whole, at the first line that is known', async () => {
      const heads = (await headsBetween(on.database, DAY_1, DAY_2)).concat(
        await headsBetween(on.database, DAY_2, DAY_3),
      );
      expect(heads.map(({ seq }) => seq)).toEqual([10, 20]);
      await db.query(`UPDATE organization.access_register SET actor_id = 'somebody else' WHERE seq = 5`);
      let [hash, seq] = [(await lines())[3]?.rowHash ?? Buffer.of(), 4];
      for (const line of (await lines()).slice(4)) {
        const rowHash = hashOf(hash, line);
        await rewriteHashes(line, hash, rowHash);
        [hash, seq] = [rowHash, line.seq];
      }
      await db.query('UPDATE organization.register_head SET hash = $1, seq = $2 WHERE chain = $3', [hash, seq, chain]);
      expect((await verifying.execute()).ok).toBe(true);
      expect(await verifying.execute({ heads })).toMatchObject(brokenAt(10, 'head-mismatch'));
    });
  });

  it('looks at some days only, or at one chain, when it is asked to', async () => {
    await db.query(`UPDATE organization.access_register SET purpose = 'x' WHERE seq = 5`);
    expect(await verifying.execute({ until: DAY_2 })).toMatchObject({ lines: 4, broken: [{ seq: 5 }] });
    expect(await verifying.execute({ from: DAY_2 })).toMatchObject({ ok: true, lines: 10 });
    expect(await verifying.execute({ from: DAY_2, until: DAY_3 })).toMatchObject({ ok: true, lines: 10 });
    expect(await verifying.execute({ from: DAY_3 })).toMatchObject({ ok: true, lines: 0 });
    expect(await verifying.execute({ chain: (chain + 1) % 16 })).toMatchObject({ ok: true, chains: 1, lines: 0 });
    await db.query(`DELETE FROM organization.access_register WHERE seq = 10`);
    expect(await verifying.execute({ from: DAY_2 })).toMatchObject({ broken: [{ seq: 10, kind: 'missing' }] });
  });

  it('finds nothing wrong while lines are being written', async () => {
    const actor = { kind: 'system', id: 'x', role: 'x', unitId: undefined, requestId: 'r' } as const;
    const writers = Array.from({ length: 3 }, () => new AccessRegister(on.source, on.clock));
    let isWriting = true;
    const writing = writers.map(async (register) => {
      while (isWriting) await Promise.all(Array.from({ length: 20 }, () => register.record({ actor, action: 'x', customerIds: [], fieldGroups: [] })));
    }); // prettier-ignore
    for (let n = 0; n < 5; n++) expect((await verifying.execute()).broken).toEqual([]);
    isWriting = false;
    await Promise.all(writing);
    await Promise.all(writers.map((register) => register.onApplicationShutdown()));
    expect((await verifying.execute()).lines).toBeGreaterThan(LENGTH);
  });
});
