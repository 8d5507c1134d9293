import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { DiscoveryModule } from '@nestjs/core';
import { ReviewTiers } from '../../../src/modules/tiering/application/review-tiers.run.js';
import { tieringHub } from '../../../src/modules/tiering/application/tiering-hub.js';
import { TierChanged, TierRetained, TierWillDowngrade } from '../../../src/modules/tiering/domain/events.js';
import { TieringHubController } from '../../../src/modules/tiering/http/tiering-hub.controller.js';
import { TellSubscribersOfTiers } from '../../../src/modules/tiering/listeners/tell-subscribers-of-tiers.listener.js';
import { Clock } from '../../../src/platform/clock/index.js';
import { Database, newId, Transaction } from '../../../src/platform/database/index.js';
import { DeliverNotifications, ListenerRegistry, Outbox, Relay } from '../../../src/platform/events/index.js';
import { Outbound } from '../../../src/platform/http/index.js';
import { ActorDirectory, EVERYBODY, type KnownActor } from '../../../src/platform/identity/index.js';
import { PersonalData } from '../../../src/platform/privacy/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { serve } from '../../support/serve.js';
import { keepCustomers, keepTier, yearOf } from './facts.js';

interface Told {
  readonly eventType: string;
  readonly domain: string;
  readonly event: { readonly customerTier: { readonly id: string; readonly href: string } };
}

const HUB = '/care-api/tiering/v1/hub';

describe('those who subscribe to levels', () => {
  const clock = new TestClock('2026-02-06T02:30:00+08:00');
  const told: Told[] = [];
  let db: TestDatabase;
  let crm: Server;
  let callback: string;
  let served: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    db = await createTestDatabase();
    crm = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        told.push(JSON.parse(Buffer.concat(chunks).toString()) as Told);
        response.writeHead(204).end();
      });
    }).listen(0, '127.0.0.1');
    await once(crm, 'listening');
    const host = `127.0.0.1:${(crm.address() as AddressInfo).port}`;
    callback = `http://${host}/crm`;
    const actor: KnownActor = {
      kind: 'system', id: 'crm', name: 'CRM', role: 'crm', permissions: ['tiering.read'], unitId: newId(), scope: EVERYBODY,
    }; // prettier-ignore
    served = await serve(await db.dataSource(), {
      imports: [DiscoveryModule],
      controllers: [TieringHubController],
      providers: [TellSubscribersOfTiers, ListenerRegistry],
      ground: [
        { provide: Clock, useValue: clock },
        { provide: Outbound, useValue: new Outbound({ ownHosts: [host] }) },
        { provide: ActorDirectory, useValue: { actorOfApiKey: () => Promise.resolve(actor) } },
      ],
    });
  });
  beforeEach(async () => {
    told.length = 0;
    await db.query('DELETE FROM platform.hub_subscription');
  });
  afterAll(async () => {
    await served.app.close();
    crm.closeAllConnections();
    crm.close();
    await db.drop();
  });

  const subscribe = (query?: string) =>
    served.call({ method: 'POST', url: HUB, payload: { callback, query }, headers: { 'x-api-key': 'any' } });
  const transaction = (): Transaction => served.app.get(Transaction);

  const announce = async (): Promise<Record<'entered' | 'upgraded' | 'downgraded' | 'warned' | 'retained', string>> => {
    const outbox = new Outbox(clock);
    const who = { entered: newId(), upgraded: newId(), downgraded: newId(), warned: newId(), retained: newId() };
    const about = (customerId: string) => ({ customerId, occurredAt: clock.now() });
    const change = (customerId: string) => ({ customerId, decisionId: newId(), effectiveOn: '2026-02-01' });
    await transaction().run(async (tx) => {
      await outbox.publishMany(tx, TierChanged, [
        { ...about(who.entered), payload: { ...change(who.entered), from: 'ORDINARY', to: 'SILVER', outcome: 'entered' } },
        { ...about(who.upgraded), payload: { ...change(who.upgraded), from: 'SILVER', to: 'GOLD', outcome: 'upgraded' } },
        // As it was published before there were outcomes.
        { ...about(who.downgraded), payload: { ...change(who.downgraded), from: 'GOLD', to: 'SILVER' } },
      ]); // prettier-ignore
      const warned = { ...change(who.warned), from: 'GOLD', to: 'SILVER', notice: 'middle' } as const;
      await outbox.publish(tx, TierWillDowngrade, { ...warned, program: 'GOTONE' }, about(who.warned));
      await outbox.publish(tx, TierWillDowngrade, { ...warned, program: 'STAR', customerId: newId() }, about(newId()));
      const retained = { customerId: who.retained, program: 'GOTONE', tier: 'GOLD', decisionId: newId() };
      await outbox.publish(tx, TierRetained, { ...retained, until: '2027-01-31' }, about(who.retained));
    });
    return who;
  };
  const relayed = async (): Promise<void> => {
    const relay = new Relay(served.app.get(Database), transaction(), served.app.get(ListenerRegistry));
    const { app } = served;
    const delivering = new DeliverNotifications(transaction(), app.get(Outbound), app.get(PersonalData), clock);
    await relay.drain();
    // The relay died before it had marked what it delivered.
    await db.query('UPDATE platform.outbox SET relayed_at = NULL');
    await relay.drain();
    while ((await delivering.deliverDue()) > 0);
  };
  it('[TIER-11] are told of each rise, fall, coming fall and level that is kept, once, by ids only', async () => {
    const { status, body, headers } = await subscribe();
    expect({ status, location: headers['location'] }).toEqual({ status: 201, location: `${HUB}/${body.id}` });
    const who = await announce();
    await relayed();
    const heard = told.map(({ eventType, event }) => [eventType, event.customerTier.id]);
    expect(heard).toHaveLength(5);
    expect(heard).toEqual(
      expect.arrayContaining([
        ['TierUpgradedEvent', who.entered],
        ['TierUpgradedEvent', who.upgraded],
        ['TierDowngradedEvent', who.downgraded],
        ['TierWillDowngradeEvent', who.warned],
        ['TierRetainedEvent', who.retained],
      ]),
    );
    expect(told[0]).toEqual({
      eventId: expect.any(String),
      eventTime: expect.any(String),
      eventType: expect.any(String),
      domain: 'tiering',
      event: {
        customerTier: {
          id: expect.any(String),
          href: `/care-api/tiering/v1/customerTier/${told[0]?.event.customerTier.id}`,
        },
      },
    });
  });

  it('[TIER-06] are told once that a silver customer has risen to gold, however often the review is held', async () => {
    await subscribe();
    const customerId = newId();
    await keepCustomers(db, [{ customerId, months: yearOf(2025, 200_000) }]);
    await keepTier(db, customerId, 'SILVER');
    const source = await db.dataSource();
    for (const key of ['February', 'February', 'February again']) {
      await carryOutRun(source, new ReviewTiers(clock), { key, asOf: '2026-02-01' });
      await relayed();
    }
    expect(told.map(({ eventType, event }) => [eventType, event.customerTier.id])).toEqual([
      ['TierUpgradedEvent', customerId],
    ]);
  });

  it('hear what they asked for, and nothing any more when they have heard enough', async () => {
    const { body } = await subscribe('eventType=TierWillDowngradeEvent');
    await announce();
    await relayed();
    expect(told.map(({ eventType }) => eventType)).toEqual(['TierWillDowngradeEvent']);
    const ended = await served.call({ method: 'DELETE', url: body.href, headers: { 'x-api-key': 'any' } });
    expect(ended.status).toBe(204);
    await announce();
    await relayed();
    expect(told).toHaveLength(1);
  });

  it('can choose the events that there are', async () => {
    const { status, body } = await subscribe('eventType=TierTouchedEvent');
    expect({ status, code: body.code, expected: body.detail?.expected }).toEqual({
      status: 400,
      code: 'hub.invalid-query',
      expected: tieringHub.eventTypes,
    });
  });
});
