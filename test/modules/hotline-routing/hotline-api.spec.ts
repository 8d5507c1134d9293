import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { newId } from '../../../src/platform/database/index.js';
import { Outbox } from '../../../src/platform/events/index.js';
import { buildOpenApi } from '../../../src/platform/http/index.js';
import { PersonalData } from '../../../src/platform/privacy/index.js';
import { HotlineRoutingModule, HotlineRoutingWorkersModule } from '../../../src/modules/hotline-routing/index.js';
import { ROOT_UNIT_ID } from '../../../src/modules/organization/domain/unit.js';
import { OrganizationFacade } from '../../../src/modules/organization/index.js';
import { entities } from '../../../src/modules/organization/persistence/entities.js';
import { TicketsWorkersModule } from '../../../src/modules/tickets/index.js';
import { UsageModule } from '../../../src/modules/usage/index.js';
import { Runs } from '../../../src/platform/queues/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { Answer } from '../../support/http.js';
import { serve } from '../../support/serve.js';
import { signIn } from '../../support/sign-in.js';
import { routingOn } from './support.js';

const BASE = '/care-api/routing/v1';

describe('the hotline, asked by a telephone platform', () => {
  let db: TestDatabase;
  let app: NestFastifyApplication;
  let on: Awaited<ReturnType<typeof routingOn>>;
  let call: (method: string, path: string, payload?: object) => Promise<Answer>;
  let manage: typeof call;

  beforeAll(async () => {
    db = await createTestDatabase();
    on = await routingOn(db);
    const served = await serve(await db.dataSource(entities), {
      ground: [
        { provide: PersonalData, useValue: on.ground.personalData },
        { provide: Outbox, useClass: Outbox },
        { provide: Runs, useValue: {} }, // usage starts some; nobody asks for one here
      ],
      imports: [UsageModule, HotlineRoutingModule, HotlineRoutingWorkersModule, TicketsWorkersModule],
    });
    app = served.app;
    const as =
      (headers: Readonly<Record<string, string>>): typeof call =>
      (method, path, payload) =>
        served.call({ method, url: path.startsWith('/') ? path : `${BASE}/${path}`, headers, payload });
    const organization = app.get(OrganizationFacade);
    call = as({ 'x-api-key': (await organization.ensureSystemKey('pbx', 'pbx')).key });
    const supervisor = { login: 'wang.fang', password: 'a long phrase that nobody guesses' };
    await organization.ensureStaff({
      ...supervisor,
      displayName: 'Wang Fang',
      unitId: ROOT_UNIT_ID,
      roles: ['supervisor'],
    });
    manage = as({ authorization: await signIn(served.call, supervisor) });
  });
  afterAll(async () => {
    await app.close();
    await db.drop();
  });

  it('routes a call from the first ring to the last word', async () => {
    const { msisdn, customerId } = await on.aCaller('GOLD');
    const agent = await manage('POST', 'agent', {
      kind: 'general',
      pool: 'hotline',
      endpoint: 'PJSIP/1001',
      skills: ['billing'],
    });
    expect([agent.status, agent.headers['location'], agent.body]).toEqual([
      201,
      `${BASE}/agent/${agent.body.id}`,
      expect.objectContaining({ '@type': 'HotlineAgent', state: 'offline', languages: ['zh'], version: 1 }),
    ]);
    expect((await manage('POST', 'agent', { kind: 'general', pool: 'hotline', endpoint: 'PJSIP/1001' })).status).toBe(
      409,
    );
    expect((await manage('POST', 'agent', { kind: 'general', pool: 'none', endpoint: 'x' })).body).toMatchObject({
      code: 'routing.unknown-pool',
    });

    const arriving = { externalCallId: 'c-1', dialledCode: '10086', callerId: msisdn, needs: ['billing'] };
    const { body: plain } = await call('POST', 'contact', { externalCallId: 'c-0', dialledCode: '1860' });
    expect(plain).toMatchObject({ state: 'queued', tier: 'ORDINARY', needs: [] });
    expect((await call('POST', `contact/${plain.id}/abandoned`)).body).toMatchObject({ state: 'abandoned' });
    const entered = await call('POST', 'contact', arriving);
    expect(entered.body).toMatchObject({
      state: 'queued',
      tier: 'GOLD',
      customerId,
      position: 1,
      '@type': 'RoutingContact',
    });
    expect(entered.text).not.toContain(msisdn);
    const { id } = entered.body;
    expect((await call('POST', 'contact', arriving)).body.id).toBe(id);
    expect((await call('GET', `contact/${id}/position`)).body).toEqual({ contactId: id, state: 'queued', position: 1 });
    expect((await call('GET', `contact/${id}/decision`)).body).toMatchObject({ reason: 'no-agent-is-idle' });

    expect((await call('PUT', `agent/${agent.body.id}/state`, { state: 'available' })).status).toBe(200);
    const { body: offered } = await call('GET', `contact/${id}`);
    expect(offered).toMatchObject({
      state: 'offered',
      reservation: { state: 'pending', endpoint: 'PJSIP/1001', agentId: agent.body.id },
    });
    expect((await call('POST', `reservation/${offered.reservation.id}/accept`)).body).toMatchObject({
      state: 'accepted',
    });
    expect((await call('POST', `reservation/${offered.reservation.id}/reject`)).body).toMatchObject({
      code: 'routing.reservation-decided',
    });
    expect((await call('POST', `contact/${id}/connected`, { at: new Date().toISOString() })).body).toMatchObject({
      state: 'connected',
    });
    expect((await call('PUT', `agent/${agent.body.id}/state`, { state: 'offline' })).status).toBe(409);
    expect((await call('POST', `contact/${id}/ended`, { cause: 'NORMAL' })).body).toMatchObject({
      state: 'completed',
      endCause: 'NORMAL',
    });
    expect((await call('GET', `contact/${id}/decision`)).body).toMatchObject({
      reason: 'longest-idle',
      agentId: agent.body.id,
    });
    const list = await call('GET', 'agent?state=wrapup&skill=billing');
    expect([list.headers['x-total-count'], list.body[0]?.id]).toEqual(['1', agent.body.id]);
    expect((await manage('PUT', `agent/${agent.body.id}/customer/${customerId}`)).status).toBe(204);
  });

  it('changes the state of agents, but neither makes them nor gives them customers', async () => {
    const missing = expect.objectContaining({ code: 'access.permission-missing' });
    const agent = { kind: 'general', pool: 'hotline', endpoint: 'PJSIP/1002' };
    expect((await call('POST', 'agent', agent)).body).toEqual(missing);
    const { body: made } = await manage('POST', 'agent', agent);
    expect((await call('PUT', `agent/${made.id}/customer/${newId()}`)).body).toEqual(missing);
    expect((await call('PUT', `agent/${made.id}/state`, { state: 'available' })).status).toBe(200);
  });

  it('tells a wrong call from an unknown one', async () => {
    expect((await call('POST', 'contact', { externalCallId: 'c-2', dialledCode: '10010' })).body).toMatchObject({
      code: 'routing.unknown-dialled-code',
    });
    expect(
      (await call('POST', 'contact', { externalCallId: 'c-3', dialledCode: '10086', callerId: 'Robert' })).status,
    ).toBe(400);
    for (const path of [`contact/${newId()}`, 'contact/x', `contact/${newId()}/decision`, `agent/${newId()}`]) {
      expect((await call('GET', path)).status).toBe(404);
    }
    expect((await call('POST', `reservation/${newId()}/accept`)).status).toBe(404);
  });

  it('may not see tickets, which the same application serves', async () => {
    expect((await call('GET', '/tmf-api/troubleTicket/v4/troubleTicket')).body).toMatchObject({
      code: 'access.permission-missing',
    });
  });

  it('finds every operation described', () => {
    const { paths } = buildOpenApi(app);
    const operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(
        ([method, { summary }]: [string, { summary?: string }]) => `${method} ${path} ${summary ?? ''}`,
      ),
    );
    const ours = operations.filter((line) => /routing|troubleTicket/.test(line));
    expect(ours).toHaveLength(21);
    expect(ours.filter((line) => !/[\u4e00-\u9fff]/.test(line))).toEqual([]);
  });
});
