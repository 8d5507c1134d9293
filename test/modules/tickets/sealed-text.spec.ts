import { newId } from '../../../src/platform/database/index.js';
import { loadMigrations, migrate } from '../../../src/platform/database/migrate.js';
import type { Counts, Run, Slice } from '../../../src/platform/queues/index.js';
import type { Tx } from '../../../src/platform/database/index.js';
import { SealTicketWords } from '../../../src/modules/tickets/application/seal-ticket-words.run.js';
import { TicketsInCopy } from '../../../src/modules/tickets/application/tickets-in-copy.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { T0, ticketsOn } from './support.js';

const PATH = '/tmf-api/troubleTicket/v4/troubleTicket';
const AS_OF = '2026-02-01';
const TABLES = [
  'ticket',
  'note',
  'status_change',
  'breach',
  'ticket_directory',
  'external_id_directory',
  'running_clock',
];

/** Every word that is written is one of these. */
const WORDS = {
  name: 'secret-name',
  description: 'secret-description',
  note: [{ text: 'secret-note' }],
  'x-callback': { 'secret-key': 'secret-value' },
};

describe('what people write into a ticket', () => {
  let db: TestDatabase;
  let on: Awaited<ReturnType<typeof ticketsOn>>;

  beforeAll(async () => {
    db = await createTestDatabase();
    on = await ticketsOn(db);
  });
  afterAll(async () => {
    await on.app.close();
    await db.drop();
  });
  beforeEach(() => db.query(`TRUNCATE ${TABLES.map((table) => `tickets.${table}`).join(', ')}, platform.run CASCADE`));

  const get = (id: string) => on.call({ url: `${PATH}/${id}` });
  const patch = (id: string, payload: object) => on.call({ method: 'PATCH', url: `${PATH}/${id}`, payload });
  const opened = async (customerId: string): Promise<string> => {
    const payload = {
      ...WORDS,
      severity: 'Minor',
      ticketType: 'complaint',
      channel: { id: 'hall' },
      relatedParty: [
        { id: customerId, role: 'customer' },
        { id: 'x-1', role: 'neighbour', name: 'secret-neighbour' },
      ],
    };
    const { body } = await on.call({ method: 'POST', url: PATH, payload });
    await patch(body.id, { status: 'inProgress' });
    await patch(body.id, { status: 'held', statusChangeReason: 'secret-reason' });
    return body.id as string;
  };
  const plain = async (): Promise<string> =>
    (await Promise.all(TABLES.map((table) => db.query(`SELECT t::text AS row FROM tickets.${table} t`))))
      .flat()
      .map(({ row }) => String(row))
      .join('\n');
  const loseKeyOf = (customerId: string) =>
    db.query('DELETE FROM vault.subject_key WHERE subject_id = $1', [customerId]);

  /** As an earlier release kept them. */
  const unseal = async (...ids: string[]): Promise<void> => {
    await db.query(
      `UPDATE tickets.ticket SET words_sealed = NULL, name = 'secret-name', description = 'secret-description',
         status_reason = 'secret-reason', related_party = '[{"id":"x-1","role":"neighbour","name":"secret-neighbour"}]',
         extension = '{"channel":{"id":"hall"},"x-callback":{"secret-key":"secret-value"}}' WHERE ticket_id = ANY($1::uuid[])`,
      [ids],
    );
    await db.query(`UPDATE tickets.note SET text = 'secret-note' WHERE ticket_id = ANY($1::uuid[])`, [ids]);
    await db.query(
      `UPDATE tickets.status_change SET reason = 'secret-reason'
       WHERE status = 'held' AND ticket_id = ANY($1::uuid[])`,
      [ids],
    );
  };
  const sealing = (beforeSlice: () => void = () => undefined): SealTicketWords => {
    class Watched extends SealTicketWords {
      override readonly sliceSize = 1;
      override slice(tx: Tx, run: Run, slice: Slice): Promise<Counts> {
        beforeSlice();
        return super.slice(tx, run, slice);
      }
    }
    return new Watched(on.facade, on.clock);
  };

  it('is nowhere in the tables as it was written, and in every answer', async () => {
    const id = await opened(await on.aCustomer());
    await patch(id, { name: 'secret-other-name', note: [{ text: 'secret-second-note' }], 'x-more': 'secret-more' });
    expect(await plain()).toContain(id);
    expect(await plain()).not.toContain('secret');
    const { body } = await get(id);
    expect(body).toMatchObject({
      name: 'secret-other-name',
      description: 'secret-description',
      statusChangeReason: 'secret-reason',
      'x-callback': { 'secret-key': 'secret-value' },
      'x-more': 'secret-more',
      channel: { id: 'hall' },
      statusChange: [{}, {}, { changeReason: 'secret-reason' }],
      note: [{ text: 'secret-note' }, { text: 'secret-second-note' }],
    });
    expect(body.relatedParty).toContainEqual({ id: 'x-1', role: 'neighbour', name: 'secret-neighbour' });
    expect((await on.call({ url: `${PATH}?channel.id=hall&limit=5` })).body).toEqual([body]);
  });

  it('is lost with the key of its customer, and of no other; the ticket stays', async () => {
    const [his, her] = [await on.aCustomer(), await on.aCustomer()];
    const [lost, kept] = [await opened(his), await opened(her)];
    await loseKeyOf(his);
    const { status, body, text } = await get(lost);
    expect(status).toBe(200);
    expect(text).not.toContain('secret');
    expect(body).toMatchObject({ description: '', status: 'held', severity: 'Minor', note: [{ text: '' }] });
    const list = await on.call({ url: PATH });
    expect(list.body.map(({ id, description }: { id: string; description: string }) => [id, description])).toEqual([
      [kept, 'secret-description'],
      [lost, ''],
    ]);
  });

  it('of a customer who was erased is neither read nor written any more', async () => {
    const customerId = await on.aCustomer();
    const id = await opened(customerId);
    await loseKeyOf(customerId);
    await db.query('UPDATE customers.customer SET erased_at = $2 WHERE customer_id = $1', [customerId, T0]);
    expect(await patch(id, { description: 'again' })).toMatchObject({
      status: 410,
      body: { code: 'customers.erased' },
    });
    expect((await get(id)).body).toMatchObject({ description: '', status: 'held' });
    expect(await db.query('SELECT FROM vault.subject_key WHERE subject_id = $1', [customerId])).toEqual([]);
  });

  it('does not open in another ticket', async () => {
    const customerId = await on.aCustomer();
    const [one, other] = [await opened(customerId), await opened(customerId)];
    await db.query(
      `UPDATE tickets.ticket SET words_sealed = (SELECT words_sealed FROM tickets.ticket WHERE ticket_id = $1)
       WHERE ticket_id = $2`,
      [one, other],
    );
    expect((await get(other)).status).toBe(500);
  });

  it('is the same in the copy that its customer gets, sealed or not yet', async () => {
    const customerId = await on.aCustomer();
    const id = await opened(customerId);
    const copy = () =>
      on.transaction.run(async (tx) => {
        const sections = await new TicketsInCopy(on.facade).sections(tx, customerId);
        return Promise.all(
          sections.map(async ({ sql, show = (row) => row }) => (await tx.query(sql, [customerId])).map(show)),
        );
      });
    const shown = await copy();
    for (const word of ['secret-name', 'secret-description', 'secret-reason', 'secret-note']) {
      expect(JSON.stringify(shown)).toContain(word);
    }
    expect(JSON.stringify(shown)).not.toMatch(/sealed|neighbour/);
    await unseal(id);
    expect(await copy()).toEqual(shown);
  });

  it('of an earlier release is readable until it is sealed, with the first change of its ticket', async () => {
    const id = await opened(await on.aCustomer());
    const { body: before } = await get(id);
    await unseal(id);
    expect(await plain()).toContain('secret-note');
    expect((await get(id)).body).toEqual(before);
    await patch(id, { status: 'inProgress' });
    expect(await plain()).not.toContain('secret');
    expect((await get(id)).body).toMatchObject({
      description: 'secret-description',
      note: [{ text: 'secret-note' }],
      statusChange: [{}, {}, { changeReason: 'secret-reason' }, { status: 'inProgress' }],
    });
    const run = await carryOutRun(on.source, sealing(), { key: 'one', asOf: AS_OF });
    expect(run).toMatchObject({ status: 'completed', counts: {} });
  });

  it('of an earlier release is sealed once, however often the run is killed', async () => {
    const ids = [
      await opened(await on.aCustomer()),
      await opened(await on.aCustomer()),
      await opened(await on.aCustomer()),
    ];
    const read = () => Promise.all(ids.map(async (id) => (await get(id)).body));
    const before = await read();
    await unseal(...ids);
    let slices = 0;
    const dying = sealing(() => {
      slices += 1;
      if (slices > 1) throw new Error('killed');
    });
    expect(await carryOutRun(on.source, dying, { key: 'one', asOf: AS_OF })).toMatchObject({ status: 'failed' });
    expect(await db.query('SELECT FROM tickets.ticket WHERE description IS NULL')).toHaveLength(1);
    expect(await read()).toEqual(before);
    const run = await carryOutRun(on.source, sealing(), { key: 'one', asOf: AS_OF });
    expect(run).toMatchObject({ status: 'completed', counts: { tickets: 3 } });
    expect(await plain()).not.toContain('secret');
    expect(await read()).toEqual(before);
    const again = await carryOutRun(on.source, sealing(), { key: 'two', asOf: AS_OF });
    expect(again.counts).toEqual({});
  });

  it('of somebody who was erased meanwhile is not sealed but forgotten', async () => {
    const customerId = await on.aCustomer();
    const id = await opened(customerId);
    await unseal(id);
    await loseKeyOf(customerId);
    await db.query('UPDATE customers.customer SET erased_at = $2 WHERE customer_id = $1', [customerId, T0]);
    expect(await carryOutRun(on.source, sealing(), { key: 'one', asOf: AS_OF })).toMatchObject({ status: 'completed' });
    expect(await plain()).not.toContain('secret');
    expect((await get(id)).body).toMatchObject({ description: '', note: [{ text: '' }] });
  });

  it('is sealed by a run that the upgrade starts where there are tickets, and only there', async () => {
    const runs = (database: TestDatabase) => database.query('SELECT kind, status FROM platform.run');
    const upgraded = await createTestDatabase();
    expect(await runs(upgraded)).toEqual([]);
    const [migration] = (await loadMigrations()).filter(({ name }) => name.startsWith('SealedTicketText'));
    for (const sql of [
      'ALTER TABLE tickets.ticket DROP COLUMN words_sealed',
      `INSERT INTO tickets.ticket SELECT (jsonb_populate_record(NULL::tickets.ticket, '${JSON.stringify(ROW)}')).*`,
    ]) {
      await upgraded.query(sql);
    }
    await upgraded.query('DELETE FROM public.guibin_migration WHERE name = $1', [migration?.name]);
    expect(await migrate(upgraded.url)).toEqual([migration?.name]);
    expect(await runs(upgraded)).toEqual([{ kind: 'tickets.seal-words', status: 'pending' }]);
    await upgraded.drop();
  });
});

const ROW = {
  customer_id: newId(),
  ticket_id: newId(),
  source: 'crm',
  ticket_type: 'complaint',
  severity: 'Minor',
  priority: 'Low',
  description: 'No signal',
  status: 'closed',
  status_at: T0,
  tier: 'GOLD',
  service_rank: 3,
  service_level_version: 1,
  cycle: 1,
  first_answer_target_seconds: 60,
  resolution_started_at: T0,
  resolution_target_seconds: 60,
  paused_seconds: 0,
  expected_resolution_at: T0,
  related_party: [],
  extension: {},
  opened_at: T0,
  updated_at: T0,
  version: 1,
};
