import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { DeliverNotifications, Hub, type HubApi, type Notification } from '../../../src/platform/events/index.js';
import { newId, Transaction } from '../../../src/platform/database/index.js';
import { Outbound } from '../../../src/platform/http/index.js';
import { EVERYBODY, isSignatureOf, NOBODY, sha256 } from '../../../src/platform/identity/index.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { PersonalData } from '../../../src/platform/privacy/index.js';
import { personalDataOfNewKeys } from '../../support/serve.js';

const api: HubApi = { name: 'troubleTicket', eventTypes: ['TicketCreateEvent', 'TicketStatusChangeEvent'] };
const crm = { id: 'crm', scope: EVERYBODY };

describe('telling subscribers what happened (TMF630 hub)', () => {
  let db: TestDatabase;
  let server: Server;
  let base: string;
  let status: number;
  let told: { path: string | undefined; headers: IncomingHttpHeaders; body: string }[];
  const clock = new TestClock();
  let transaction: Transaction;
  let hub: Hub;
  let delivering: DeliverNotifications;
  let personalData: PersonalData;

  beforeAll(async () => {
    db = await createTestDatabase();
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        told.push({ path: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() });
        response.writeHead(status).end();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    base = `http://${host}/crm`;
    personalData = personalDataOfNewKeys();
    const outbound = new Outbound({ ownHosts: [host] });
    transaction = new Transaction(await db.dataSource());
    hub = new Hub(transaction, outbound, personalData, clock);
    delivering = new DeliverNotifications(transaction, outbound, personalData, clock);
  });
  beforeEach(async () => {
    [status, told] = [201, []];
    await db.query('DELETE FROM platform.hub_subscription');
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await db.drop();
  });

  const aNotification = (eventType = 'TicketCreateEvent'): Notification => {
    const id = newId();
    return { eventId: newId(), eventType, occurredAt: clock.now(), event: { troubleTicket: { id, href: `/x/${id}` } } };
  };
  const announce = (...notifications: Notification[]) => transaction.run((tx) => hub.announce(tx, api, notifications));
  const deliverAll = async (): Promise<void> => {
    while ((await delivering.deliverDue()) > 0);
  };
  const waiting = async (): Promise<number> => (await db.query('SELECT FROM platform.hub_delivery')).length;

  it('posts to the listener of the event, signed, and no more than ids', async () => {
    const { id, secret } = await hub.subscribe(api, { callback: `${base}?tenant=1` }, crm);
    const happened = aNotification();
    await announce(happened);
    await deliverAll();
    expect(told).toHaveLength(1);
    const [first] = told;
    if (!first) throw new Error('it was told');
    const { path = '', headers, body } = first;
    expect(path).toBe('/crm/listener/ticketCreateEvent?tenant=1');
    expect(JSON.parse(body)).toEqual({
      eventId: happened.eventId,
      eventTime: clock.now().toISOString(),
      eventType: 'TicketCreateEvent',
      domain: 'troubleTicket',
      event: happened.event,
    });
    const content = {
      method: 'POST', target: path, timestamp: String(headers['x-timestamp']), nonce: String(headers['x-nonce']), bodySha256: sha256(body),
    }; // prettier-ignore
    expect(headers['x-client-id']).toBe(id);
    expect(isSignatureOf(String(headers['x-signature']), content, secret)).toBe(true);
    expect(isSignatureOf(String(headers['x-signature']), { ...content, target: '/' }, secret)).toBe(false);
    expect(await waiting()).toBe(0);
    expect(JSON.stringify(await db.query('SELECT * FROM platform.hub_subscription'))).not.toContain(secret);
  });

  it('tells each subscriber what it asked for, and others nothing', async () => {
    await hub.subscribe(api, { callback: `${base}/a` }, crm);
    await hub.subscribe(api, { callback: `${base}/b`, query: 'eventType=TicketStatusChangeEvent' }, crm);
    await hub.subscribe({ ...api, name: 'customerManagement' }, { callback: `${base}/c` }, crm);
    const { id } = await hub.subscribe(api, { callback: `${base}/d` }, crm);
    await hub.unsubscribe(api, id, crm);
    await announce(aNotification(), aNotification('TicketStatusChangeEvent'));
    await deliverAll();
    expect(told.map(({ path }) => path).sort()).toEqual([
      '/crm/a/listener/ticketCreateEvent',
      '/crm/a/listener/ticketStatusChangeEvent',
      '/crm/b/listener/ticketStatusChangeEvent',
    ]);
  });

  it('announces nothing that was rolled back', async () => {
    await hub.subscribe(api, { callback: base }, crm);
    const undone = transaction.run(async (tx) => {
      await hub.announce(tx, api, [aNotification()]);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await waiting()).toBe(0);
  });

  it('tries again, later and later, until it is heard, always with the same event', async () => {
    await hub.subscribe(api, { callback: base }, crm);
    await announce(aNotification());
    status = 503;
    await deliverAll();
    expect(told).toHaveLength(1);
    for (const [seconds, tries] of [[4, 1], [1, 2], [9, 2], [1, 3]] as const) {
      clock.pass(seconds);
      await deliverAll();
      expect(told).toHaveLength(tries);
    } // prettier-ignore
    status = 200;
    clock.pass(20);
    await deliverAll();
    expect(new Set(told.map(({ body }) => (JSON.parse(body) as { eventId: string }).eventId)).size).toBe(1);
    expect([told.length, await waiting()]).toEqual([4, 0]);
    expect(await db.query('SELECT failures FROM platform.hub_subscription')).toEqual([{ failures: 0 }]);
  });

  it('delivers once when several workers look at once, and again when one has died with it', async () => {
    await hub.subscribe(api, { callback: base }, crm);
    await announce(...Array.from({ length: 20 }, () => aNotification()));
    const tried = await Promise.all(Array.from({ length: 8 }, () => delivering.deliverDue()));
    await deliverAll();
    expect(tried.reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(20);
    expect(told).toHaveLength(20);

    await announce(aNotification());
    const dying = new DeliverNotifications(transaction, { post: () => new Promise(() => undefined) } as unknown as Outbound, personalData, clock); // prettier-ignore
    void dying.deliverDue().catch(() => undefined);
    while ((await db.query('SELECT FROM platform.hub_delivery WHERE attempts = 1')).length === 0);
    expect(await delivering.deliverDue()).toBe(0);
    clock.pass(60);
    await deliverAll();
    expect(await waiting()).toBe(0);
  });

  it('does not let one who never answers keep the others waiting for theirs', async () => {
    await hub.subscribe(api, { callback: 'https://[2606:4700::1111]:8443/' }, crm);
    await db.query(`UPDATE platform.hub_subscription SET callback = 'http://10.0.0.1/'`);
    await hub.subscribe(api, { callback: base }, crm);
    await announce(...Array.from({ length: 12 }, () => aNotification()));
    await deliverAll();
    expect(told).toHaveLength(12);
    expect(await waiting()).toBe(12);
    expect(await db.query('SELECT DISTINCT last_error FROM platform.hub_delivery')).toEqual([
      { last_error: expect.stringContaining('hub.callback-refused') },
    ]);
  });

  it('gives a subscriber up that is never there', async () => {
    await hub.subscribe(api, { callback: base }, crm);
    await db.query('UPDATE platform.hub_subscription SET failures = 198');
    status = 500;
    await announce(aNotification());
    await deliverAll();
    await announce(aNotification());
    await deliverAll();
    expect(await db.query('SELECT failures, disabled_at FROM platform.hub_subscription')).toEqual([
      { failures: 200, disabled_at: clock.now() },
    ]);
    await announce(aNotification());
    expect(await waiting()).toBe(0);
  });

  it('refuses callbacks inside, queries it does not know, and whoever may not see everybody', async () => {
    const refused = (input: { callback: string; query?: string }, actor = crm) =>
      expect(hub.subscribe(api, input, actor)).rejects;
    await refused({ callback: 'http://169.254.169.254/latest' }).toThrow(
      expect.objectContaining({ code: 'hub.callback-refused' }),
    );
    for (const query of ['x=1', 'eventType=Other', 'eventType=', 'eventType=TicketCreateEvent&a=b', '']) {
      await refused({ callback: base, query }).toThrow(expect.objectContaining({ code: 'hub.invalid-query' }));
    }
    const narrow = { id: 'hall', scope: { ...NOBODY, everybody: false } };
    await refused({ callback: base }, narrow).toThrow(
      expect.objectContaining({ code: 'hub.scope', kind: 'forbidden' }),
    );
  });

  it('lets nobody end the subscription of somebody else', async () => {
    const { id } = await hub.subscribe(api, { callback: base }, crm);
    for (const [of, actor] of [[api, { id: 'other' }], [{ ...api, name: 'other' }, crm]] as const) {
      await expect(hub.unsubscribe(of, id, actor)).rejects.toMatchObject({ code: 'hub.subscription-not-found' });
    } // prettier-ignore
  });

  it('takes twenty subscriptions of one client, however many it asks for at once', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, () => hub.subscribe(api, { callback: base }, crm)),
    );
    expect(outcomes.filter(({ status: outcome }) => outcome === 'fulfilled')).toHaveLength(20);
  });
});
