import { setTimeout as sleep } from 'node:timers/promises';
import { ChurnRiskRaised } from '../../../src/modules/analytics/index.js';
import { giveNumbers } from '../../../src/modules/boss-feed/persistence/feed-rows.js';
import { addChurnRisks, collectNext } from '../../../src/modules/boss-feed/persistence/pending-items.js';
import { PointsAccrued, PointsCorrected, PointsEarned, PointsMoved } from '../../../src/modules/points/index.js';
import { newId, Transaction, type Tx } from '../../../src/platform/database/index.js';
import { feedWorld, unbroken, wiredTo, type FeedWorld } from './feed-world.js';

describe('[USG-09] what happens to customers goes out', () => {
  let world: FeedWorld;

  beforeAll(async () => {
    world = await feedWorld();
  });
  beforeEach(async () => {
    await world.db.query(
      'TRUNCATE boss_feed.item, boss_feed.pending_item, boss_feed.collection, boss_feed.file, platform.outbox, platform.handled_event',
    );
    await world.db.query('UPDATE boss_feed.feed SET last_sequence = 0, filed_sequence = 0');
    await world.db.query(`DELETE FROM boss_feed.feed WHERE target <> 'ALL'`);
  });
  afterAll(() => world.close());

  const goesOut = async (): Promise<void> => {
    await world.relay.drain();
    await world.fill.execute();
  };

  it('[promise 30] a change of level, once, under the id of its event', async () => {
    const [customerId = ''] = await world.customers({});
    await world.announce([{ customerId, from: 'GOLD', to: 'DIAMOND' }]);
    await goesOut();
    const [event] = await world.db.query<{ event_id: string }>('SELECT event_id FROM platform.outbox');
    expect(await world.items('TIR-ALL')).toMatchObject([
      {
        sequence: 1,
        event_id: event?.event_id,
        customer_id: customerId,
        is_backfill: false,
        detail: { from: 'GOLD', to: 'DIAMOND', effectiveOn: '2026-02-01' },
      },
    ]);
  });

  it('[PTS-28] every kind of entry that moves points, and none that moves nothing', async () => {
    const [customerId = ''] = await world.customers({});
    const kinds = ['GIFT', 'ADJUSTMENT', 'PAYMENT', 'CAPTURE', 'RETURN', 'TRANSFER_OUT', 'TRANSFER_IN', 'EXPIRY'];
    const moved = await world.post(kinds.map((kind, nth) => ({ customerId, kind, points: nth + 1 })));
    const still = await world.post([{ customerId, kind: 'AUTHORISATION', points: 0 }]);
    await world.transaction.run((tx) =>
      world.outbox.publishMany(
        tx,
        PointsMoved,
        [...moved, ...still].map((journalId) => ({
          payload: { customerId, journalId, points: 1 },
          customerId,
          occurredAt: world.clock.now(),
        })),
      ),
    );
    await goesOut();
    const told = await world.items('PTS-ALL');
    expect(told.map(({ event_id, detail }) => [event_id, detail['entryKind'], detail['points']])).toEqual(
      kinds.map((kind, nth) => [moved[nth], kind, nth + 1]),
    );
  });

  it('[promise 30] however often an event is delivered, it is one item', async () => {
    const customers = await world.customers({}, {}, {});
    await world.announce(customers.map((customerId) => ({ customerId })));
    const again = (): Promise<unknown> =>
      world.db.query(`UPDATE platform.outbox SET relayed_at = NULL, next_attempt_at = '-infinity'`);
    await goesOut();
    await again(); // the relay died before it could say that it was done
    await goesOut();
    await world.db.query('TRUNCATE platform.handled_event'); // even without the marks
    await again();
    await world.relay.drain();
    await again();
    await world.db.query('TRUNCATE platform.handled_event');
    await goesOut();
    expect((await world.items('TIR-ALL')).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  it('[promise 30] nothing that was rolled back goes out, and a listener that fails is tried again', async () => {
    const [customerId = ''] = await world.customers({});
    await expect(
      world.transaction.run(async (tx) => {
        await world.outbox.publish(
          tx,
          ChurnRiskRaised,
          { customerId, risk: 80 },
          { customerId, occurredAt: world.clock.now() },
        );
        throw new Error('the run was killed');
      }),
    ).rejects.toThrow('killed');
    await goesOut();
    expect(await world.items('CHN-ALL')).toEqual([]);

    await world.transaction.run((tx) =>
      world.outbox.publish(
        tx,
        ChurnRiskRaised,
        { customerId, risk: 80 },
        { customerId, occurredAt: world.clock.now() },
      ),
    );
    await world.db.query('ALTER TABLE boss_feed.pending_item RENAME TO away');
    await world.relay.drain();
    await world.db.query('ALTER TABLE boss_feed.away RENAME TO pending_item');
    await world.db.query(`UPDATE platform.outbox SET next_attempt_at = '-infinity'`);
    await goesOut();
    expect(await world.items('CHN-ALL')).toMatchObject([{ sequence: 1, detail: { risk: 80 } }]);
  });

  it('[promise 30] points of one customer as the ledger has them', async () => {
    const [customerId = ''] = await world.customers({});
    const [journalId = ''] = await world.post([{ customerId, points: 250, kind: 'AWARD' }]);
    await world.transaction.run((tx) =>
      world.outbox.publish(
        tx,
        PointsEarned,
        { customerId, journalId, points: 250 },
        { customerId, occurredAt: world.clock.now() },
      ),
    );
    await goesOut();
    expect(await world.items('PTS-ALL')).toMatchObject([
      {
        sequence: 1,
        event_id: journalId,
        detail: { entryKind: 'AWARD', points: 250, availableAfter: 250, cycle: '202601' },
      },
    ]);
  });

  it('[promise 30] the entries of a run over everybody, each once, also when the worker that took them in was killed', async () => {
    const customers = (await world.customers(...Array.from({ length: 25 }, () => ({})))).sort();
    const [runId, other] = [newId(), newId()];
    const posted = await world.post([
      ...customers.flatMap((customerId) => [
        { customerId, points: 10, runId },
        { customerId, points: 20, runId },
        { customerId, points: 7, runId: other },
      ]),
      { customerId: customers[0] ?? '', points: 0, runId }, // a bill that was judged and changed nothing
    ]);
    const announce = (): Promise<void> =>
      world.transaction.run((tx) =>
        world.outbox.publish(tx, PointsAccrued, { runId, cycle: '2026-01' }, { occurredAt: world.clock.now() }),
      );
    await announce();
    await announce();
    await world.relay.drain();
    await expect(
      world.transaction.run(async (tx) => {
        await collectNext(tx, world.clock.now());
        throw new Error('the worker was killed');
      }),
    ).rejects.toThrow('killed');
    await Promise.all([world.fill.execute(), world.fill.execute()]);
    const items = await world.items('PTS-ALL');
    expect(items.map(({ sequence }) => sequence)).toEqual(unbroken(50));
    const ofRun = posted.filter((_, nth) => nth < 75 && nth % 3 < 2);
    expect(items.map(({ event_id }) => event_id).sort()).toEqual([...ofRun].sort());
    // What happened to one customer goes out in the order of the ledger.
    expect(
      items.filter(({ customer_id }) => customer_id === customers[3]).map(({ detail }) => detail['points']),
    ).toEqual([10, 20]);
  });

  it('[promise 30] [promise 19] what follows from history that was loaded afterwards, and says so', async () => {
    const [customerId = ''] = await world.customers({});
    const [intakeId, runId] = [newId(), newId()];
    await world.db.query(
      `INSERT INTO usage.intake (intake_id, source, kind, province, business_date, received_at, lane)
       VALUES ($1, 'BOSS', 'BIL', '440000', '2025-02-01', now(), 'backfill')`,
      [intakeId],
    );
    await world.db.query(
      `INSERT INTO platform.run (run_id, kind, run_key, as_of, parameters) VALUES ($1, 'points.correct', $2, '2026-02-01', '{}')`,
      [runId, `${intakeId}.2`],
    );
    await world.post([{ customerId, points: -5, kind: 'EARN_CORRECTION', runId }]);
    await world.transaction.run((tx) =>
      world.outbox.publish(tx, PointsCorrected, { runId, intakeId }, { occurredAt: world.clock.now() }),
    );
    const decisionId = newId();
    await world.db.query(
      `INSERT INTO tiering.tier_decision (customer_id, decision_id, program, run_id, rule_set_version, as_of, from_tier, to_tier, outcome,
         facts, standing, decided_at)
       VALUES ($1, $2, 'GOTONE', $3, '1', '2026-02-01', 'SILVER', 'GOLD', 'upgraded', '{}', '{}', now())`,
      [customerId, decisionId, runId],
    );
    await world.announce([{ customerId, decisionId }, { customerId }]);
    await goesOut();
    expect(await world.items('PTS-ALL')).toMatchObject([{ is_backfill: true, detail: { points: -5 } }]);
    expect((await world.items('TIR-ALL')).map(({ is_backfill }) => is_backfill)).toEqual([true, false]);
  });

  it('[promise 30] in a feed of the own province, too, from when there is one', async () => {
    const [guangdong = '', jiangsu = ''] = await world.customers({ region: '440000' }, { region: '320000' });
    await world.announce([{ customerId: guangdong }]);
    await goesOut();
    await world.db.query(
      `INSERT INTO boss_feed.feed (feed_id, kind, target, created_at) VALUES ('TIR-440000', 'TIR', '440000', now())`,
    );
    await world.announce([{ customerId: jiangsu }, { customerId: guangdong }]);
    await goesOut();
    const [whole, own] = [await world.items('TIR-ALL'), await world.items('TIR-440000')];
    expect(whole.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(own.map(({ sequence, customer_id }) => [sequence, customer_id])).toEqual([[1, guangdong]]);
  });

  it('[promise 30] writers that commit late, numberers that race and one that dies leave no gap, and no reader misses anything', async () => {
    const WRITERS = 8;
    const EACH = 30;
    const customers = await world.customers(...Array.from({ length: WRITERS }, () => ({})));
    const connections = await Promise.all(customers.map(() => world.db.dataSource()));
    let isWriting = true;
    // Each writer has its own connection and customer, and holds some transactions open while others overtake it.
    const writing = Promise.all(
      customers.map(async (customerId, writer) => {
        const transaction = new Transaction(connections[writer] ?? world.source);
        for (let nth = 0; nth < EACH; nth++) {
          const risk = { eventId: newId(), customerId, occurredAt: world.clock.now(), detail: { risk: nth } };
          const isAbandoned = nth % 7 === 3;
          await transaction
            .run(async (tx) => {
              await addChurnRisks(tx, [risk]);
              await sleep((writer * 13 + nth * 7) % 23);
              if (isAbandoned) throw new Error('abandoned');
            })
            .catch(() => transaction.run((tx) => addChurnRisks(tx, [risk])));
        }
      }),
    ).finally(() => (isWriting = false));
    const numbering = [1, 2, 3].map(async () => {
      while (isWriting) {
        await world.transaction.run((tx) => giveNumbers(tx, 'CHN', 5, world.clock.now()));
        await sleep(1);
      }
    });
    // One that gives numbers and is killed before it commits, again and again.
    const dying = (async () => {
      while (isWriting) {
        await new Transaction(world.source)
          .run(async (tx) => {
            await giveNumbers(tx, 'CHN', 5, world.clock.now());
            await killed(tx);
          })
          .catch(() => undefined);
        await sleep(30);
      }
    })();
    const seen: { readonly sequence: number; readonly eventId: string }[] = [];
    const reading = (async () => {
      for (let isLast = false; !isLast;) {
        isLast = !isWriting;
        if (isLast) await Promise.all([...numbering, dying]).then(() => world.fill.execute());
        seen.push(
          ...(await world.read.items(
            { feedId: 'CHN-ALL', afterSequence: seen.at(-1)?.sequence ?? 0, toSequence: 1e9 },
            1000,
          )),
        );
      }
    })();
    await Promise.all([writing, ...numbering, dying, reading]);

    const all = await world.items('CHN-ALL');
    expect(all.map(({ sequence }) => sequence)).toEqual(unbroken(WRITERS * EACH));
    expect(new Set(all.map(({ event_id }) => event_id)).size).toBe(WRITERS * EACH);
    // Who only ever asked for what is after the last number has all of it, in order.
    expect(seen.map(({ eventId }) => eventId)).toEqual(all.map(({ event_id }) => event_id));
    for (const customerId of customers) {
      const risks = all.filter(({ customer_id }) => customer_id === customerId).map(({ detail }) => detail['risk']);
      expect(risks).toEqual(unbroken(EACH, 0));
    }
  });

  async function killed(tx: Tx): Promise<never> {
    const [{ pid } = { pid: 0 }] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await world.db.query('SELECT pg_terminate_backend($1)', [pid]);
    await tx.query('SELECT 1');
    throw new Error('It should be dead');
  }

  it('[promise 30] two processes that take in the same run at once take each entry in once', async () => {
    const customers = await world.customers(...Array.from({ length: 40 }, () => ({})));
    const runId = newId();
    await world.post(customers.map((customerId) => ({ customerId, points: 1, runId })));
    await world.transaction.run((tx) =>
      world.outbox.publish(tx, PointsAccrued, { runId, cycle: '2026-01' }, { occurredAt: world.clock.now() }),
    );
    const second = wiredTo(await world.db.dataSource(), world.clock, world.folder);
    const both = [world, second];
    await Promise.all(both.map(({ relay }) => relay.drain()));
    await Promise.all(both.map(({ fill }) => fill.execute()));
    await world.fill.execute();
    expect((await world.items('PTS-ALL')).map(({ sequence }) => sequence)).toEqual(unbroken(40));
  });
});
