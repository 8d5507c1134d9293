import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { startTestApplication, type TestApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';

interface Told {
  readonly path: string | undefined;
  readonly eventType: string;
  readonly event: { readonly troubleTicket: { readonly id: string; readonly href: string } };
}

describe('a client that subscribes to tickets (TMF621 hub)', () => {
  let on: TestApplication;
  let crm: Server;
  let callback: string;
  const told: Told[] = [];

  beforeAll(async () => {
    crm = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        told.push({ path: request.url, ...(JSON.parse(Buffer.concat(chunks).toString()) as Omit<Told, 'path'>) });
        response.writeHead(204).end();
      });
    }).listen(0, '127.0.0.1');
    await once(crm, 'listening');
    const host = `127.0.0.1:${(crm.address() as AddressInfo).port}`;
    callback = `http://${host}/crm`;
    on = await startTestApplication({ GUIBIN_CALLBACK_HOSTS: host });
  });
  afterAll(async () => {
    await on.close();
    crm.closeAllConnections();
    crm.close();
  });

  it('is told of a ticket as it is opened and closed, by ids only, until it has heard enough', async () => {
    const supervisor = await on.staff('supervisor');
    const post = (url: string, payload: object) => on.call({ method: 'POST', url, payload, headers: supervisor });
    const subscribed = await post('/tmf-api/troubleTicket/v4/hub', { callback });
    expect(subscribed).toMatchObject({
      status: 201,
      body: { id: expect.any(String), callback, secret: expect.any(String) },
    });
    expect(subscribed.headers['location']).toBe(subscribed.body.href);

    const { body: customer } = await post('/tmf-api/customerManagement/v4/customer', {
      name: '王小明', engagedParty: { '@referredType': 'Individual', name: '王小明' },
    }); // prettier-ignore
    const { body: ticket } = await post('/tmf-api/troubleTicket/v4/troubleTicket', {
      description: '王小明 13800138000 上网慢', severity: 'Normal', ticketType: 'Complaint',
      relatedParty: [{ id: customer.id, role: 'customer', '@referredType': 'Customer' }],
    }); // prettier-ignore
    expect(ticket).toMatchObject({ id: expect.any(String) });
    const [opened] = await eventually(async () => told.length > 0 && told);
    expect(opened).toMatchObject({
      path: '/crm/listener/troubleTicketCreateEvent',
      eventType: 'TroubleTicketCreateEvent',
      event: { troubleTicket: { id: ticket.id, href: ticket.href } },
    });
    const patched = await on.call({
      method: 'PATCH',
      url: ticket.href,
      payload: { status: 'inProgress' },
      headers: supervisor,
    });
    expect(patched.status).toBe(200);
    await eventually(async () => told.some(({ eventType }) => eventType === 'TroubleTicketStatusChangeEvent'));
    expect(JSON.stringify(told)).not.toMatch(/王小明|13800138000|上网慢/);

    const ended = await on.call({ method: 'DELETE', url: subscribed.body.href, headers: supervisor });
    expect(ended.status).toBe(204);
    expect(await on.database.query('SELECT FROM platform.hub_subscription')).toEqual([]);
  });

  it('may not be sent where only we can reach', async () => {
    const supervisor = await on.staff('supervisor');
    for (const inside of [
      'http://169.254.169.254/',
      'https://127.0.0.1/',
      'https://[::ffff:10.0.0.1]/',
      'https://2130706433/',
    ]) {
      const url = '/tmf-api/customerManagement/v4/hub';
      const answer = await on.call({ method: 'POST', url, payload: { callback: inside }, headers: supervisor });
      expect(answer).toMatchObject({ status: 400, body: { code: 'hub.callback-refused' } });
    }
  });
});
