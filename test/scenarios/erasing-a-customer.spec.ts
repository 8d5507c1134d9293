import { VerifyRegister } from '../../src/modules/organization/index.js';
import { provePoints } from '../../src/modules/points/index.js';
import { Transaction } from '../../src/platform/database/index.js';
import { PersonalData } from '../../src/platform/privacy/index.js';
import type { Credentials } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { fileText } from '../modules/usage/support/boss-file.js';
import { carriedOut, NUMBERS, sendFile, startWorld, type World } from '../api/world.js';

const NUMBER = '13912349999';
const NAME = '司马忘川';
const PAPER = '440101197003034321';
const KNOWN_SINCE = '2026-01-02T01:00:00+08:00';
const LEFT_AT = '2023-03-01T10:00:00+08:00';

const snapshot = (
  changes: { recordId?: string; eventTime?: string; status?: string; statusAt?: string } = {},
): string => {
  const { recordId = 'S-old', eventTime = KNOWN_SINCE, status = 'TERMINATED', statusAt = LEFT_AT } = changes;
  return [
    ...['D', recordId, eventTime, 'A-old-account', NUMBER, NAME, 'ID_CARD', PAPER, '1970-03-03', 'GOTONE', '440000', '440100'],
    ...['2015-05-01', status, statusAt, 'GT128', '12800', 'MAIN', '', '1', 'A', 'NEW', '1'],
  ].join('|'); // prettier-ignore
};

const TICKETS = '/tmf-api/troubleTicket/v4/troubleTicket';
const aTicket = (customerId: string, description: string): object => ({
  description,
  severity: 'minor',
  ticketType: 'complaint',
  relatedParty: [{ id: customerId, role: 'customer', '@referredType': 'Customer' }],
});

describe('a customer who has left asks to be forgotten', () => {
  let world: World;
  let approver: Credentials;
  let old: string;
  let sequence = 1;

  beforeAll(async () => {
    world = await startWorld();
    approver = await world.staffIn({ kind: 'province', code: '440000' }, 'supervisor');
    expect((await bring(snapshot())).body).toMatchObject({ state: 'OK', counts: { loaded: 1 } });
    const found = await search(NUMBER);
    old = found.body[0].id;
    const { body: ticket } = await world.done({
      method: 'POST',
      url: TICKETS,
      payload: { ...aTicket(old, `${NAME} wants the bill sent to ${NUMBER}`), note: [{ text: `call ${NUMBER}` }] },
    });
    expect(ticket.description).toContain('wants the bill');
    await world.done({
      method: 'POST',
      url: '/care-api/routing/v1/contact',
      payload: { externalCallId: 'call-1', callerId: NUMBER, dialledCode: '10086' },
    });
  }, 60_000);
  afterAll(() => world?.close());

  const bring = (line: string, time = KNOWN_SINCE) => {
    const { name, text } = fileText({
      kind: 'SUB', date: '20260103', sequence: ++sequence, lines: [line], totals: { first: time, last: time },
    }); // prettier-ignore
    return world.call(sendFile(name, text, world.boss));
  };
  const search = (msisdn: string) =>
    world.done({ method: 'POST', url: '/care-api/customers/v1/customerSearch', payload: { msisdn } });
  const askFor = (customerId: string, as: Credentials = world.administrator) =>
    world.call({
      method: 'POST',
      url: '/care-api/privacy/v1/erasure',
      payload: { customerId, reason: 'Letter of the customer' },
      headers: as,
    });
  const approve = (href: string, as: Credentials) =>
    world.call({ method: 'POST', url: `${href}/approve`, payload: {}, headers: as });

  /** Where in the whole database one of these traces still stands, as text or in the hex of bytes. */
  async function traces(of: readonly string[]): Promise<string[]> {
    const tables = await world.database.query<{ name: string }>(`
      SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`);
    const found = await Promise.all(
      tables.map(async ({ name }) => {
        const rows = await world.database.query(
          `SELECT FROM ${name} t, unnest($1::text[]) trace WHERE strpos(t::text, trace) > 0 LIMIT 1`,
          [of],
        );
        return rows.length > 0 ? [name] : [];
      }),
    );
    return found.flat().sort();
  }

  const figures = async (): Promise<unknown> => ({
    pyramid: (await world.done({ url: '/care-api/analytics/v1/valuePyramid?asOf=2026-02-01' })).body,
    tiers: await world.database.query('SELECT tier, count(*) FROM tiering.current_tier GROUP BY 1 ORDER BY 1'),
    ledger: await world.database.query('SELECT count(*), sum(points)::text AS points FROM points.posting'),
    usage: await world.database.query('SELECT m::text FROM usage.customer_month m ORDER BY customer_id, month'),
  });

  it('[CUS-36] and is: nothing tells who it was, the figures are what they were', async () => {
    const keys = world.app.get(PersonalData);
    const clues = [
      ...[NUMBER, NAME, PAPER, 'A-old-account'],
      keys.blindIndex('msisdn', `+86${NUMBER}`).toString('hex'),
      keys.blindIndex('idNumber', `ID_CARD:${PAPER}`).toString('hex'),
    ];
    const before = await traces(clues);
    expect(before).toEqual(
      expect.arrayContaining(['customers.party_directory', 'routing.contact', 'usage.subscription_record']),
    );
    const known = await figures();

    const asked = await askFor(old);
    expect(asked.status).toBe(202);
    expect((await approve(asked.body.approvalHref, world.administrator)).status).toBe(403);
    expect(await world.database.query('SELECT FROM customers.customer WHERE erased_at IS NOT NULL')).toEqual([]);
    const approved = await approve(asked.body.approvalHref, approver);
    expect(approved.body).toMatchObject({ status: 'approved', result: { state: 'erased' } });

    await eventually(async () => (await traces(clues)).length === 0);
    expect((await world.done({ url: `/tmf-api/customerManagement/v4/customer/${old}` })).body).toMatchObject({
      name: '',
      status: 'terminated',
      statusReason: 'erased',
      account: [],
      contactMedium: [],
    });
    expect((await search(NUMBER)).body).toEqual([]);
    expect(await figures()).toEqual(known);
    expect((await provePoints(world.app.get(Transaction))).ok).toBe(true);
    const register = await world.app.get(VerifyRegister).execute();
    expect(register).toMatchObject({ ok: true });
    expect((await askFor(old)).status).toBe(410);
  }, 60_000);

  it('stays forgotten when billing sends again what it sent, or sends it late', async () => {
    const again = await bring(snapshot());
    expect(again.body.counts).toMatchObject({ loaded: 0, duplicate: 1 });
    const other = await bring(snapshot({ status: 'SUSPENDED_ONE_WAY' }));
    expect(other.body.counts).toMatchObject({ loaded: 0, duplicate: 1 });
    const late = await bring(snapshot({ recordId: 'S-late' }));
    expect(late.body.counts).toMatchObject({ loaded: 0, rejected: 1 });
    expect((await search(NUMBER)).body).toEqual([]);
    expect(await traces([NUMBER, NAME, PAPER])).toEqual([]);
    const back = '2026-01-03T01:00:00+08:00';
    const returned = await bring(
      snapshot({ recordId: 'S-back', eventTime: back, status: 'ACTIVE', statusAt: back }),
      back,
    );
    expect(returned.body.counts).toMatchObject({ loaded: 1 });
    const [somebody] = (await search(NUMBER)).body;
    expect(somebody.id).not.toBe(old);
    expect((await world.done({ url: `/tmf-api/customerManagement/v4/customer/${old}` })).body.name).toBe('');
  }, 60_000);

  it('within two years is out of sight, but for those who look after privacy', async () => {
    const { gone, rich } = world.customers;
    await world.done({ method: 'POST', url: TICKETS, payload: aTicket(gone, 'About my last bill') });
    const asked = await askFor(gone);
    const approved = await approve(asked.body.approvalHref, approver);
    expect(approved.body.result).toEqual({ state: 'restricted', keptUntil: '2027-12-01' });
    const about = (id: string): readonly string[] => [
      `/tmf-api/customerManagement/v4/customer/${id}`,
      `/care-api/points/v1/account/${id}`,
      `/care-api/tiering/v1/customerTier/${id}`,
    ];
    for (const url of about(gone)) expect((await world.call({ url, headers: world.agent })).status).toBe(404);
    for (const url of about(rich)) expect((await world.call({ url, headers: world.agent })).status).toBe(200);
    const list = await world.call({ url: '/tmf-api/customerManagement/v4/customer?limit=100', headers: world.agent });
    expect(list.body.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining([rich]));
    expect(list.body.map(({ id }: { id: string }) => id)).not.toContain(gone);
    const tickets = `${TICKETS}?limit=100`;
    expect((await world.call({ url: tickets, headers: world.agent })).text).not.toContain(gone);
    expect((await world.call({ url: tickets, headers: approver })).text).toContain(gone);
    const searched = await world.call({
      method: 'POST',
      url: '/care-api/customers/v1/customerSearch',
      payload: { msisdn: NUMBERS.gone },
      headers: world.agent,
    });
    expect(searched.body).toEqual([]);
    expect((await world.call({ url: about(gone)[0] ?? '', headers: approver })).body.name).toContain('*');
  }, 60_000);

  it('is refused while served; retention is rehearsed and run by API', async () => {
    expect((await askFor(world.customers.rich)).body.code).toBe('privacy.customer-is-served');
    expect((await askFor(world.customers.rich, world.boss)).status).toBe(403);
    const classes = await world.done({ url: '/care-api/privacy/v1/retentionClass' });
    expect(classes.body).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: 'customers.identity', term: 'P2Y', action: 'ERASE_IDENTITY' }),
        expect.objectContaining({ id: 'usage.rejected-line', term: 'P90D', action: 'DELETE' }),
        expect.objectContaining({ id: 'points.ledger', term: 'P10Y', action: 'KEEP' }),
      ]),
    );
    const start = (key: string, dryRun: boolean) =>
      carriedOut(world, { kind: 'privacy.retention', key, asOf: '2026-02-02', parameters: { dryRun } });
    const rehearsal = await start('rehearsal', true);
    // Every class that ends has somebody who ends it.
    const ending = classes.body.filter(({ action }: { action: string }) => action !== 'KEEP');
    expect(Object.keys(rehearsal.body.summary).sort()).toEqual(ending.map(({ id }: { id: string }) => id).sort());
    expect((await start('real', false)).body.summary).toEqual(rehearsal.body.summary);
  }, 60_000);
});
