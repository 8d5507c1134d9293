import type { DiscoveryService } from '@nestjs/core';
import { newId, type Tx } from '../../../src/platform/database/index.js';
import type { RetentionRule } from '../../../src/platform/privacy/index.js';
import type { Counts, Run, Slice } from '../../../src/platform/queues/index.js';
import { EndRetention } from '../../../src/modules/customers/application/end-retention.run.js';
import { ReadCustomers } from '../../../src/modules/customers/application/read-customers.query.js';
import type { SubscriptionSnapshot } from '../../../src/modules/customers/index.js';
import { ForgetCallers } from '../../../src/modules/hotline-routing/application/forget-callers.js';
import { ForgetTicketWords } from '../../../src/modules/tickets/application/forget-ticket-words.js';
import { ForgetItemisedLists } from '../../../src/modules/usage/application/itemised-lists.js';
import { ForgetRejectedLines, RefuseHeldLines } from '../../../src/modules/usage/application/forget-raw-lines.js';
import { IntakeAlarms } from '../../../src/modules/usage/persistence/intake-alarms.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { aSnapshot, customersOn, NOW } from './support.js';

const AS_OF = '2026-02-01';

/** How a word of every kind that is kept for a time got here, and when its term began. */
const LONG_AGO = '2022-01-01T00:00:00Z';
const LATELY = '2026-01-20T00:00:00Z';

describe('[CUS-36] what has been kept long enough', () => {
  let db: TestDatabase;
  let on: Awaited<ReturnType<typeof customersOn>>;
  let read: ReadCustomers;
  const clock = { now: () => NOW };

  beforeEach(async () => {
    db = await createTestDatabase();
    on = await customersOn(db);
    read = new ReadCustomers(on.database, on.personalData);
  });
  afterEach(() => db.drop());

  const retention = (slicing?: (slice: Slice) => void): EndRetention => {
    const rules: RetentionRule[] = [
      new ForgetRejectedLines(),
      new RefuseHeldLines(new IntakeAlarms(clock)),
      new ForgetItemisedLists(),
      new ForgetTicketWords(clock),
      new ForgetCallers(),
    ];
    const discovery = { getProviders: () => rules.map((instance) => ({ instance })) } as unknown as DiscoveryService;
    class Watched extends EndRetention {
      override readonly sliceSize = slicing ? 1 : 5_000;
      override slice(tx: Tx, run: Run<{ dryRun: boolean }>, slice: Slice): Promise<Counts> {
        slicing?.(slice);
        return super.slice(tx, run, slice);
      }
    }
    const definition = new Watched(discovery, on.outbox, clock);
    definition.onModuleInit();
    return definition;
  };

  const customer = async (n: number, changes: Partial<SubscriptionSnapshot>): Promise<string> => {
    const msisdn = `1380013800${n}`;
    const [applied] = await on.apply(aSnapshot({ accountNo: `R-${n}`, msisdn, idNumber: `P-${n}`, ...changes }));
    return applied?.customerId ?? '';
  };
  const leftOn = (day: string): Partial<SubscriptionSnapshot> => ({
    status: 'TERMINATED',
    statusAt: new Date(`${day}T10:00:00+08:00`),
  });

  /** Two long gone, one for whom tomorrow is the day, one lately gone, one here; and old and new words of every kind. */
  const aWorld = async () => {
    const gone = [await customer(1, leftOn('2022-05-01')), await customer(2, leftOn('2024-01-31'))];
    const kept = [
      await customer(3, leftOn('2024-02-01')),
      await customer(4, leftOn('2025-12-01')),
      await customer(5, {}),
    ];
    for (const [n, at] of [LONG_AGO, LATELY].entries()) {
      await db.query(
        `INSERT INTO usage.rejected_record (intake_id, line_no, kind, source, code, reason, sealed, rejected_at)
         VALUES ($1, 1, 'SUB', 'BOSS', 'E_DATE', 'a reason', 'sealed', $2)`,
        [newId(), at],
      );
      await db.query(
        `INSERT INTO usage.held_record (source, kind, record_id, version, content_hash, reason, msisdn_index, intake_id, line_no, sealed, held_at)
         VALUES ('BOSS', 'BIL', $1, 1, 1, 'UNKNOWN_CUSTOMER', 'index', $2, 1, 'sealed', $3)`,
        [`B-${n}`, newId(), at],
      );
      await db.query(
        `INSERT INTO usage.itemised_list (customer_id, list_id, month, format, asked_by, asked_by_kind, asked_at, expires_at)
         VALUES ($1, $2, '2020-01-01', 'CSV', 'x', 'customer', $3, $3)`,
        [kept[2], newId(), at],
      );
      const contact = `INSERT INTO routing.contact (contact_id, source, external_call_id, dialled_code, pool_id, domain, tier, rank,
        caller_sealed, caller_index, needs, policy_version, state, queued_at, promote_at, ended_at, version)`;
      await db.query(
        `${contact} VALUES ($1, 'PBX', $2, '10086', 'p', 'd', 'ORDINARY', 6, 'sealed', 'index', '{}', 1, 'completed', $3, $3, $3, 1)`,
        [newId(), `C-${n}`, at],
      );
      const ticketId = newId();
      await db.query(
        `INSERT INTO tickets.ticket (customer_id, ticket_id, source, ticket_type, severity, priority, name, description, status,
           status_at, tier, service_rank, service_level_version, cycle, first_answer_target_seconds, resolution_started_at,
           resolution_target_seconds, paused_seconds, expected_resolution_at, related_party, extension, opened_at, updated_at, version)
         VALUES ($1, $2, 'API', 'complaint', 'major', 'High', 'About me', 'I live at …', 'closed', $3, 'GOLD', 3, 1, 1, 60, $3, 60, 0,
           $3, '[{"id":"x","name":"My wife"}]', '{"hobby":"chess"}', $3, $3, 1)`,
        [kept[2], ticketId, at],
      );
      await db.query(
        `INSERT INTO tickets.note (customer_id, ticket_id, note_id, author, text, written_at) VALUES ($1, $2, $3, 'a', 'she called', $4)`,
        [kept[2], ticketId, newId(), at],
      );
    }
    return { gone, kept };
  };

  const carriedOut = (key: string, dryRun: boolean, definition = retention()): Promise<Run> =>
    carryOutRun(on.source, definition, { key, asOf: AS_OF, parameters: { dryRun } });

  const checksums = async (): Promise<unknown> => {
    const tables = await db.query<{ name: string }>(`
      SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND (n.nspname, c.relname) NOT IN (('platform', 'run'), ('platform', 'run_slice')) ORDER BY 1`);
    expect(tables.length).toBeGreaterThan(40);
    return Promise.all(
      tables.map(async ({ name }) => [
        name,
        await db.query(`SELECT count(*), sum(hashtextextended(t::text, 0)::numeric)::text AS hash FROM ${name} t`),
      ]),
    );
  };

  const ENDED = {
    'customers.identity': 2,
    'routing.caller': 1,
    'tickets.text': 1,
    'usage.held-line': 1,
    'usage.itemised-list': 1,
    'usage.rejected-line': 1,
  };

  it('is counted by a rehearsal that changes nothing, and ended by the run in the same number', async () => {
    const { gone, kept } = await aWorld();
    const before = await checksums();
    expect((await carriedOut('rehearsal', true)).summary).toEqual(ENDED);
    expect(await checksums()).toEqual(before);
    const run = await carriedOut('real', false);
    expect(run).toMatchObject({ status: 'completed', summary: ENDED });
    for (const id of gone)
      expect(await read.one(id)).toMatchObject({ isErased: true, identity: {}, msisdn: undefined });
    for (const id of kept) expect(await read.one(id)).toMatchObject({ isErased: false, identity: { name: '张小明' } });
    expect((await carriedOut('again', false)).summary).toEqual(mapOf(ENDED, 0));
  });

  it('leaves no word and no number, and all that was done about it', async () => {
    await aWorld();
    await carriedOut('real', false);
    expect(await db.query('SELECT code, reason, sealed = \'\' AS gone FROM usage.rejected_record ORDER BY rejected_at, code')).toEqual([
      { code: 'E_DATE', reason: 'a reason', gone: true },
      { code: 'E_UNKNOWN_ACCOUNT', reason: 'waited as long as records are kept', gone: true },
      { code: 'E_DATE', reason: 'a reason', gone: false },
    ]); // prettier-ignore
    expect(await db.query('SELECT record_id FROM usage.held_record')).toEqual([{ record_id: 'B-1' }]);
    expect(
      await db.query(
        `SELECT caller_sealed IS NULL AND caller_index IS NULL AS gone FROM routing.contact ORDER BY ended_at`,
      ),
    ).toEqual([{ gone: true }, { gone: false }]);
    const [old, young] = await db.query(`
      SELECT t.name, description, related_party, extension, severity, text, forgotten_at IS NOT NULL AS forgotten
      FROM tickets.ticket t JOIN tickets.note USING (ticket_id) ORDER BY status_at`);
    expect(old).toEqual({
      name: null, description: null, related_party: null, extension: null, severity: 'major', text: null, forgotten: true,
    }); // prettier-ignore
    expect(young).toMatchObject({ name: 'About me', description: 'I live at …', text: 'she called', forgotten: false });
  });

  it('is ended once however often the run dies and comes again', async () => {
    const { gone } = await aWorld();
    let slices = 0;
    const dying = retention(() => {
      slices += 1;
      if (slices > 1) throw new Error('killed');
    });
    expect(await carriedOut('real', false, dying)).toMatchObject({ status: 'failed' });
    const erased = await db.query('SELECT FROM customers.customer WHERE erased_at IS NOT NULL');
    expect(erased).toHaveLength(1);
    expect((await carriedOut('real', false)).summary).toEqual(ENDED);
    expect((await carriedOut('after', true)).summary).toEqual(mapOf(ENDED, 0));
    expect(await db.query(`SELECT FROM platform.outbox WHERE name = 'customers.CustomerErased'`)).toHaveLength(
      gone.length,
    );
  }, 20_000);
});

const mapOf = (counts: object, n: number): object => Object.fromEntries(Object.keys(counts).map((code) => [code, n]));
