import type { DataSource } from 'typeorm';
import {
  QueueNoticesOfPoints,
  type ToldOfExpiry,
} from '../../../src/modules/care/application/queue-notices-of-points.js';
import { TellWhatWasEarned } from '../../../src/modules/care/application/tell-what-was-earned.run.js';
import { QueueNoticesWhenPointsWillExpire } from '../../../src/modules/care/listeners/queue-notices-when-points-will-expire.listener.js';
import { NotifyOfExpiry } from '../../../src/modules/points/application/expiry/notify-of-expiry.run.js';
import { Database, newId, Transaction } from '../../../src/platform/database/index.js';
import type { Delivered } from '../../../src/platform/events/index.js';
import type { ListenerRegistry, RegisteredListener } from '../../../src/platform/events/listener-registry.js';
import { Relay } from '../../../src/platform/events/relay.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { pointsWorld } from '../points/points-world.js';
import { CARE, leave, serveCare } from './care-world.js';

describe('notices about points', () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  let source: DataSource;
  beforeEach(async () => {
    world = await pointsWorld();
    source = world.source;
  });
  afterEach(() => world.db.drop());

  const listener = () => new QueueNoticesWhenPointsWillExpire(new QueueNoticesOfPoints(world.clock));
  const hear = (...told: ToldOfExpiry[]): Promise<void> =>
    new Transaction(source).run((tx) =>
      listener().handleAll(
        tx,
        told.map((payload) => ({
          ...{ eventId: newId(), name: 'points.ExpiryNotified', customerId: payload.customerId, payload },
          ...{ occurredAt: world.clock.now(), recordedAt: world.clock.now() },
        })),
      ),
    );
  /** Delivers what was announced, as the worker does. */
  const deliver = (): Promise<number> => {
    const queueing: RegisteredListener = {
      name: 'notices of points',
      handle: (tx, told) => listener().handleAll(tx, told as readonly Delivered<ToldOfExpiry>[]),
    };
    const registry = {
      to: (name: string) => (name === 'points.ExpiryNotified' ? [queueing] : []),
    } as unknown as ListenerRegistry;
    return new Relay(new Database(source), new Transaction(source), registry).drain();
  };
  const notify = (asOf: string): Promise<unknown> => {
    world.clock.set(`${asOf}T09:10:00+08:00`);
    return carryOutRun(source, new NotifyOfExpiry(world.clock), { key: asOf, asOf });
  };
  const tellEarned = (asOf: string, key = asOf) => {
    world.clock.set(`${asOf}T09:40:00+08:00`);
    return carryOutRun(source, new TellWhatWasEarned(world.clock), { key, asOf });
  };
  const notices = () =>
    world.db.query<{ customer_id: string; kind: string; zh: string; en: string; notice_id: string }>(
      'SELECT customer_id, kind, zh, en, notice_id FROM care.notice ORDER BY queued_at, kind, customer_id',
    );
  const say = (customerId: string, entry: 'GIVEN' | 'REFUSED' | 'WITHDRAWN', nth = 1): Promise<unknown> =>
    world.db.query(
      `INSERT INTO customers.consent (customer_id, purpose, nth, consent_id, entry, text_version, channel, said_at,
         recorded_by_kind, recorded_by, recorded_at)
       SELECT $1, code, $2, $3, $4, text_version, 'HALL', now(), 'staff', 'tester', now()
       FROM customers.processing_purpose WHERE code = 'marketing.message'`,
      [customerId, nth, newId(), entry],
    );
  const expiring = (customerId: string, more: Partial<ToldOfExpiry> = {}): ToldOfExpiry => ({
    ...{ customerId, noticeId: newId(), points: 801, expiresOn: '2026-03-31', daysBefore: 30 },
    ...more,
  });

  it('[PTS-27] of expiry wait for the gateway 90, 30 and 7 days before, in both languages, and it says what became of them', async () => {
    const customerId = await world.aCustomer();
    world.clock.set('2023-03-10T09:00:00+08:00');
    await world.award(customerId, 5_000);
    for (const day of ['2025-12-31', '2026-03-01', '2026-03-24', '2026-03-25']) {
      await notify(day);
      await deliver();
    }
    const queued = await notices();
    expect(queued.map(({ kind }) => kind)).toEqual(['points-expire-90', 'points-expire-30', 'points-expire-7']);
    expect(queued[1]).toMatchObject({
      zh: '尊敬的客户:温馨提醒,您有5000积分(价值100.00元)将于2026年3月31日到期,请尽快兑换。',
      en: expect.stringContaining('5000 of your points (worth 100.00 yuan) expire on 2026-03-31'),
    });
    const gateway = await serveCare(world.db, world.clock, ['notices.read', 'notices.report']);
    try {
      const list = await gateway.call({ method: 'GET', url: `${CARE}/notice?state=queued&kind=points-expire-30` });
      expect(list.body).toEqual([expect.objectContaining({ customerId, kind: 'points-expire-30', state: 'queued' })]);
      const [look] = await world.db.query(`SELECT customer_ids, field_groups FROM organization.access_register`);
      expect(look).toEqual({ customer_ids: [customerId], field_groups: ['points'] });
      const report = {
        method: 'POST' as const,
        url: `${list.body[0].href}/report`,
        payload: { attempt: 1, result: 'sent' },
      };
      expect((await gateway.call(report)).body).toMatchObject({ state: 'sent', attempts: 1 });
      expect((await gateway.call(report)).body).toMatchObject({ state: 'sent', attempts: 1 });
    } finally {
      await gateway.close();
    }
  });

  it('[PTS-27] of expiry are one message however often the event comes, also at once', async () => {
    const customers = await Promise.all(Array.from({ length: 20 }, () => world.aCustomer()));
    const told = customers.map((customerId) => expiring(customerId));
    await Promise.all([hear(...told), hear(...told, ...told), ...told.map((one) => hear(one))]);
    expect(await notices()).toHaveLength(20);
  });

  it('[PTS-27] of expiry are not told to who has left, nor when the points are over, nor without words', async () => {
    const [gone, here] = [await world.aCustomer(), await world.aCustomer()];
    await leave(world.db, gone);
    world.clock.set('2026-03-31T23:59:00+08:00');
    await hear(expiring(gone), expiring(here, { daysBefore: 14 }), expiring(here));
    world.clock.set('2026-04-01T00:00:00+08:00');
    await hear(expiring(here, { daysBefore: 7 }));
    expect(await notices()).toEqual([expect.objectContaining({ customer_id: here, kind: 'points-expire-30' })]);
  });

  it('[PTS-27] are worded as the templates say now; what is queued keeps its words', async () => {
    const customerId = await world.aCustomer();
    await hear(expiring(customerId));
    await world.db.query(
      `UPDATE points.expiry_notice_template SET zh = '{points}分{date}到期', en = 'x' WHERE days_before = 7`,
    );
    await hear(expiring(customerId, { daysBefore: 7 }));
    expect((await notices()).map(({ zh }) => zh)).toEqual(
      expect.arrayContaining(['801分2026年3月31日到期', expect.stringContaining('温馨提醒,您有801积分(价值16.02元)')]),
    );
    for (const zh of ['{msisdn}', '{name}', '{level}']) {
      await expect(
        world.db.query(`UPDATE care.notice_template SET zh = $1 WHERE kind = 'points-earned'`, [zh]),
      ).rejects.toThrow('notice_template_placeholders');
    }
  });

  it('[PTS-27] of what a month has earned go once to who wants messages, and to nobody who refused or was not asked', async () => {
    const [wants, refused, withdrew, silent, gone] = await world.aCrowd([20_000, 20_000, 20_000, 20_000, 20_000]);
    const ids = { wants: wants ?? '', refused: refused ?? '', withdrew: withdrew ?? '', gone: gone ?? '' };
    expect(silent).toBeDefined();
    await say(ids.wants, 'GIVEN');
    await say(ids.gone, 'GIVEN');
    await say(ids.refused, 'REFUSED');
    await say(ids.withdrew, 'GIVEN');
    await say(ids.withdrew, 'WITHDRAWN', 2);
    await world.keepBills([{ customerId: ids.wants, billNo: 'second', netSpendFen: 5_000 }]);
    await world.accrue('2025-12', '2026-02-01');
    await leave(world.db, ids.gone);
    const { available } = await world.account.balanceOf(ids.wants);
    expect(available).toBeGreaterThan(0);

    expect(await tellEarned('2026-02-02')).toMatchObject({ status: 'completed', counts: { notices: 1 } });
    expect(await tellEarned('2026-02-03')).toMatchObject({ status: 'completed', counts: {} });
    expect(await notices()).toEqual([
      {
        ...{ customer_id: ids.wants, kind: 'points-earned', notice_id: expect.any(String) },
        zh: expect.stringContaining(`您2025年12月的消费已获得${available}积分,当前可用积分${available}分`),
        en: expect.stringContaining(`you earned ${available} points in 2025-12 and can use ${available} now`),
      },
    ]);
  });

  it('[PTS-27] of what was earned tell nothing of points that were taken over for a day long past', async () => {
    const [customerId = ''] = await world.aCrowd([20_000]);
    await say(customerId, 'GIVEN');
    await world.accrue('2025-12', '2026-02-01');
    await tellEarned('2026-02-05');
    expect(await notices()).toEqual([]);
  });

  it('[PTS-27] of what was earned are queued once when two runs race', async () => {
    const ids = await world.aCrowd(Array.from({ length: 30 }, () => 20_000));
    for (const id of ids) await say(id, 'GIVEN');
    await world.accrue('2025-12', '2026-02-01');
    await Promise.all([tellEarned('2026-02-02', 'one'), tellEarned('2026-02-02', 'another')]);
    expect(new Set((await notices()).map(({ customer_id }) => customer_id)).size).toBe(30);
    expect(await notices()).toHaveLength(30);
  });
});
