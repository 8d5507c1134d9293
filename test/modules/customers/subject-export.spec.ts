import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Database, newId } from '../../../src/platform/database/index.js';
import type { CopySection } from '../../../src/modules/customers/index.js';
import { PrepareSubjectExport } from '../../../src/modules/customers/application/prepare-subject-export.js';
import { SubjectCopy } from '../../../src/modules/customers/application/subject-copy.js';
import { aSnapshot } from './support.js';
import { openOnlineHall } from './online-hall.js';

const EXPORT = '/care-api/privacy/v1/subjectExport';
const APPROVAL = '/care-api/organization/v1/approval';

/** What every module contributes. */
async function allSections(): Promise<readonly CopySection[]> {
  const files = (await readdir('src/modules', { recursive: true })).filter((file) => file.endsWith('-in-copy.ts'));
  const parts = await Promise.all(
    files.map(async (file) => {
      const module = (await import(pathToFileURL(join(process.cwd(), 'src/modules', file)).href)) as object;
      const [Contributor] = Object.values(module) as [
        new (...args: object[]) => { sections(): readonly CopySection[] | Promise<readonly CopySection[]> },
      ];
      return new Contributor({ sealsOf: () => ({}) }).sections();
    }),
  );
  return parts.flat();
}

/** Tables with rows of customers that a copy does not show, and why. */
const WITHHELD: Readonly<Record<string, string>> = {
  'boss_feed.pending_item': 'on its way to boss_feed.item, gone within seconds',
  'customers.account_directory': 'finds the customer; the account is in the copy',
  'customers.msisdn_directory': 'finds the customer; the number is in the copy',
  'customers.subject_export': 'the copy itself',
  'customers.subject_export_chunk': 'the copy itself',
  'merchants.pos_message': 'finds the sale that a message is of; the sale is in the copy',
  'organization.approval': 'the decision about the copy; its answer is in customers.subjectRequest',
  'usage.record_directory': 'finds the record; the record is in the copy',
  'points.boss_deduction': 'finds the deduction of a serial number; the entry is in the copy',
  'points.order_to_send': 'orders on their way to billing; the orders are in the copy',
  'platform.outbox': 'ids on their way between modules, gone within days',
  'tickets.running_clock': 'the clocks of open tickets; the tickets are in the copy',
  'tiering.card_directory': 'finds the customer of a card; the card is in the copy',
  'tiering.incremental_customer': 'whose changed profile a run has taken up, gone at its end',
  'tiering.pending_downgrade': 'not decided yet; what is decided is in tiering.decision',
  'tickets.ticket_directory': 'finds the customer of a ticket; the ticket is in the copy',
  'usage.subscription_record': 'what billing sent; what it says is in customers.subscription',
};

describe('a copy of all that is known of somebody', () => {
  let hall: Awaited<ReturnType<typeof openOnlineHall>>;
  let supervisor: Readonly<Record<string, string>>;
  let clerk: Readonly<Record<string, string>>;

  beforeAll(async () => {
    hall = await openOnlineHall();
    supervisor = await hall.agent('supervisor');
    clerk = await hall.agent('hall-staff');
  });
  afterAll(() => hall.close());

  let numbers = 0;
  const somebody = async (): Promise<{ customerId: string; msisdn: string }> => {
    const msisdn = `1390000${String((numbers += 1)).padStart(4, '0')}`;
    const [customerId = ''] = await hall.bring(
      aSnapshot({ accountNo: `A-${msisdn}`, msisdn, idNumber: `44010119800101${msisdn.slice(-4)}` }),
    );
    return { customerId, msisdn };
  };
  const call = (who: object, method: string, url: string, payload?: object) =>
    hall.call({ method, url, payload, headers: { ...who } });
  const approved = async (customerId: string, who: object = clerk): Promise<{ id: string; href: string }> => {
    const asked = await call(who, 'POST', EXPORT, { customerId, reason: '本人申请' });
    if (asked.status !== 201) throw new Error(asked.text);
    const decided = await call(supervisor, 'POST', `${APPROVAL}/${asked.body.approvalId}/approve`, {});
    if (decided.status !== 200) throw new Error(decided.text);
    return asked.body;
  };
  const prepare = (exportId: string) => hall.app.get(PrepareSubjectExport).execute(exportId);
  const file = (who: object, { href }: { href: string }) => call(who, 'GET', `${href}/file`);

  it('shows every table that has rows of customers, or there is a reason why not', async () => {
    const having = await hall.db.query<{ name: string }>(
      `SELECT DISTINCT c.oid::regclass::text AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
       WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attname IN ('customer_id', 'customer_ids') ORDER BY 1`,
    );
    const sections = await allSections();
    const shown = new Set(
      sections.flatMap(({ sql }) => [...sql.matchAll(/\b(?:FROM|JOIN)\s+([a-z_]+\.[a-z_]+)/g)].map(([, name]) => name)),
    );
    const missing = having.map(({ name }) => name).filter((name) => !shown.has(name) && !WITHHELD[name]);
    expect(missing).toEqual([]);
    // Each statement is one that the database understands, and that asks for one customer.
    for (const { name, sql } of sections) {
      expect([name, sql]).toEqual([name, expect.stringContaining('$1')]);
      expect((await hall.db.query(`EXPLAIN ${sql.replaceAll('$1', `'${newId()}'`)}`)).length).toBeGreaterThan(0);
    }
    expect(new Set(sections.map(({ name }) => name)).size).toBe(sections.length);
    for (const { title } of sections) expect(title).toMatch(/^[A-Z].* \([\u4e00-\u9fff]+\)$/);
  });

  it('is asked for by customers themselves, and by nobody for another one', async () => {
    const [me, other] = [await somebody(), await somebody()];
    const signedIn = await hall.signedIn(me.msisdn, await hall.codeFor(me.msisdn));
    const forOther = await call(signedIn, 'POST', EXPORT, { customerId: other.customerId, reason: '好奇' });
    expect([forOther.status, forOther.body.code]).toEqual([404, 'customers.not-found']);

    const mine = await approved(me.customerId, signedIn);
    await prepare(mine.id);
    const answer = await file(signedIn, mine);
    expect([answer.status, answer.text.includes(`+86${me.msisdn}`)]).toEqual([200, true]);
    expect((await file(clerk, mine)).body.code).toBe('privacy.not-your-copy');
    // Later in the day the sign-in alone does not suffice: a lost phone must not tell everything.
    hall.clock.pass(11 * 60);
    expect((await file(signedIn, mine)).body.code).toBe('access.fresh-code-needed');
    const theirs = await hall.signedIn(other.msisdn, await hall.codeFor(other.msisdn));
    expect((await file(theirs, mine)).status).toBe(404);
    // What a customer may not: answer the own request, decide, look at the lists of others.
    const { body } = await call(signedIn, 'GET', mine.href);
    const request = `/care-api/privacy/v1/subjectRequest/${body.subjectRequestId}`;
    expect((await call(signedIn, 'POST', `${request}/answer`, { outcome: 'done' })).body.code).toBe(
      'access.not-for-customers',
    );
    expect((await call(signedIn, 'GET', EXPORT)).status).toBe(403);
    expect((await call(signedIn, 'POST', `${APPROVAL}/${body.approvalId}/approve`, {})).status).toBe(403);
  });

  it('is prepared once, however many workers want to', async () => {
    const { customerId } = await somebody();
    const copy = await approved(customerId);
    await Promise.all([prepare(copy.id), prepare(copy.id), prepare(copy.id)]);
    await prepare(copy.id);
    expect((await file(clerk, copy)).status).toBe(200);
    const lines = await hall.db.query(
      `SELECT FROM organization.audit_entry WHERE action = 'privacy.prepare-copy' AND object_id = $1`,
      [copy.id],
    );
    expect(lines).toHaveLength(1);
  });

  it('is found by the sweep when its hint was lost', async () => {
    const { customerId } = await somebody();
    const copy = await approved(customerId);
    await hall.app.get(PrepareSubjectExport).sweep();
    expect((await call(clerk, 'GET', copy.href)).body.status).toBe('ready');
  });

  it('is refused, and keeps no other waiting, when its customer is erased meanwhile', async () => {
    const [erased, other] = [await somebody(), await somebody()];
    const copies = [await approved(erased.customerId), await approved(other.customerId)];
    await hall.db.query('DELETE FROM vault.subject_key WHERE subject_id = $1', [erased.customerId]);
    await hall.db.query('UPDATE customers.customer SET erased_at = now() WHERE customer_id = $1', [erased.customerId]);
    await hall.app.get(PrepareSubjectExport).sweep();
    const stored = await hall.db.query<{ status: string }>(
      'SELECT status FROM customers.subject_export WHERE export_id = ANY($1) ORDER BY asked_at, export_id',
      [copies.map(({ id }) => id)],
    );
    expect(stored.map(({ status }) => status)).toEqual(['refused', 'ready']);
  });

  it('shows one moment: what is written while it is prepared is not in it', async () => {
    const { customerId } = await somebody();
    const copy = await approved(customerId);
    const database = hall.app.get(Database);
    const consentAfterwards = (): Promise<unknown> =>
      hall.db.query(
        `INSERT INTO customers.archive_move VALUES ($1, $2, 'in-network', 'retained', '2026-02-01', '2026-02-01T09:00:00Z')`,
        [customerId, newId()],
      );
    const ofEverything = hall.app.get(SubjectCopy);
    const meanwhile = {
      sections: async (...of: Parameters<SubjectCopy['sections']>) => (
        await consentAfterwards(),
        ofEverything.sections(...of)
      ),
    };
    const prepareThen = hall.app.get(PrepareSubjectExport);
    await Object.assign(Object.create(Object.getPrototypeOf(prepareThen) as object), prepareThen, {
      copy: meanwhile,
    }).execute(copy.id);
    expect(
      await database.query('SELECT FROM customers.archive_move WHERE customer_id = $1', [customerId]),
    ).toHaveLength(1);
    expect((await call(clerk, 'GET', copy.href)).body.sections).toMatchObject({ 'customers.archiveMove': 0 });
  });

  it('is a long one for who has a long history, in pieces that fit into any memory', async () => {
    const { customerId } = await somebody();
    await hall.db.query(
      `INSERT INTO customers.archive_move
       SELECT $1, gen_random_uuid(), 'in-network', 'retained', '2026-02-01', '2026-02-01T09:00:00Z' FROM generate_series(1, 30000)`,
      [customerId],
    );
    const copy = await approved(customerId);
    await prepare(copy.id);
    const [{ chunks, largest } = { chunks: 0, largest: 0 }] = await hall.db.query<{ chunks: number; largest: number }>(
      `SELECT count(*)::int AS chunks, max(length(sealed)) AS largest FROM customers.subject_export_chunk WHERE export_id = $1`,
      [copy.id],
    );
    expect(chunks).toBeGreaterThan(5);
    expect(largest).toBeLessThan(1_000_000);
    const answer = await file(clerk, copy);
    expect(Buffer.byteLength(answer.text)).toBe((await call(clerk, 'GET', copy.href)).body.sizeBytes);
    const { sections } = JSON.parse(answer.text) as { sections: { name: string; items: object[] }[] };
    expect(sections.find(({ name }) => name === 'customers.archiveMove')?.items).toHaveLength(30_000);
  });

  it('does not open when its chunks were exchanged, and is lost with the secret of its customer', async () => {
    const { customerId } = await somebody();
    const [one, other] = [await approved(customerId), await approved(customerId)];
    await Promise.all([prepare(one.id), prepare(other.id)]);
    await hall.db.query(
      `UPDATE customers.subject_export_chunk c SET sealed = o.sealed FROM customers.subject_export_chunk o
       WHERE c.export_id = $1 AND o.export_id = $2 AND c.position = 0 AND o.position = 0`,
      [one.id, other.id],
    );
    expect((await file(clerk, one)).status).toBe(500);
    expect((await file(clerk, other)).status).toBe(200);
    await hall.db.query('DELETE FROM vault.subject_key WHERE subject_id = $1', [customerId]);
    const lost = await file(clerk, other);
    expect([lost.status, lost.body.code]).toEqual([404, 'privacy.export-not-found']);
  });

  it('is thrown away after a week', async () => {
    const { customerId } = await somebody();
    const copy = await approved(customerId);
    await prepare(copy.id);
    hall.clock.pass(7 * 86_400 - 1);
    await hall.app.get(PrepareSubjectExport).sweep();
    clerk = await hall.agent('hall-staff').catch(() => clerk);
    expect(
      (await hall.db.query('SELECT FROM customers.subject_export_chunk WHERE export_id = $1', [copy.id])).length,
    ).toBe(1);
    hall.clock.pass(1);
    await hall.app.get(PrepareSubjectExport).sweep();
    expect(await hall.db.query('SELECT FROM customers.subject_export_chunk WHERE export_id = $1', [copy.id])).toEqual(
      [],
    );
    expect(await hall.db.query('SELECT status FROM customers.subject_export WHERE export_id = $1', [copy.id])).toEqual([
      { status: 'expired' },
    ]);
  });

  it('is not made when the request was answered or belongs to another customer', async () => {
    const [me, other] = [await somebody(), await somebody()];
    supervisor = await hall.agent('supervisor');
    clerk = await hall.agent('hall-staff');
    const record = (customerId: string) =>
      call(clerk, 'POST', '/care-api/privacy/v1/subjectRequest', { kind: 'ACCESS', customerId, channel: 'hall' });
    const [mine, theirs] = [await record(me.customerId), await record(other.customerId)];
    const askFor = (subjectRequestId: string) =>
      call(clerk, 'POST', EXPORT, { customerId: me.customerId, reason: '本人申请', subjectRequestId });
    expect((await askFor(theirs.body.id)).body.code).toBe('privacy.request-not-found');
    expect((await askFor('nothing')).body.code).toBe('privacy.request-not-found');
    const asked = await askFor(mine.body.id);
    expect([asked.status, asked.body.subjectRequestId]).toEqual([201, mine.body.id]);
    await call(clerk, 'POST', `${mine.body.href}/answer`, { outcome: 'done' });
    expect((await askFor(mine.body.id)).body.code).toBe('privacy.request-closed');
    // The copy that was asked for meanwhile is still made; the answer that was given stays.
    await call(supervisor, 'POST', `${APPROVAL}/${asked.body.approvalId}/approve`, {});
    await prepare(asked.body.id);
    expect((await call(clerk, 'GET', asked.body.href)).body.status).toBe('ready');
  });
});
