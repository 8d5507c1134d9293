import { ReRankContactWhenTierChanges } from '../../../src/modules/hotline-routing/listeners/re-rank-contact-when-tier-changes.listener.js';
import { TierChanged, type Tier, type TierChange } from '../../../src/modules/tiering/index.js';
import { newId } from '../../../src/platform/database/index.js';
import type { Delivered } from '../../../src/platform/events/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { pbx, routingOn } from './support.js';

describe('the hotline', () => {
  let db: TestDatabase;
  let on: Awaited<ReturnType<typeof routingOn>>;

  beforeAll(async () => {
    db = await createTestDatabase();
    on = await routingOn(db);
  });
  afterAll(() => db.drop());
  beforeEach(async () => {
    await on.clear();
    await on.holdBack(0);
  });

  const contact = async (id: string) => {
    const { contact, place, reservation } = await on.find.contact(id);
    return { ...contact, place, reservation };
  };
  const reservationOf = async (id: string) => (await contact(id)).reservation?.reservation_id ?? '';
  const agent = (id: string) => on.find.agent(id);
  const events = async () =>
    (await db.query<{ name: string }>('SELECT name FROM platform.outbox ORDER BY position')).map(({ name }) => name);

  it('knows customer and level by the number, and keeps the number sealed', async () => {
    const { msisdn, customerId } = await on.aCaller('GOLD');
    const id = await on.enter(msisdn);
    expect(await contact(id)).toMatchObject({
      customer_id: customerId,
      tier: 'GOLD',
      rank: 3,
      state: 'queued',
      place: { position: 1, expectedWaitSeconds: undefined },
    });
    const stored = JSON.stringify(await db.query('SELECT * FROM routing.contact'));
    expect(stored).not.toContain(msisdn);
    const [{ caller_sealed: sealed, caller_index: index } = {}] = await db.query<{
      caller_sealed: Buffer;
      caller_index: Buffer;
    }>('SELECT * FROM routing.contact');
    expect(sealed && on.ground.personalData.open(sealed, `contact.caller:${id}`)).toBe(`+86${msisdn}`);
    expect(index).toEqual(on.ground.personalData.blindIndex('msisdn', `+86${msisdn}`));
    expect(
      await db.query('SELECT action FROM organization.access_register WHERE $1 = ANY (customer_ids)', [customerId]),
    ).toEqual([{ action: 'routing.contact' }]);
  });

  it('serves unknown, withheld and landline callers as ordinary ones', async () => {
    for (const callerId of [undefined, '02087654321', '13999999999']) {
      expect(await contact(await on.enter(callerId))).toMatchObject({
        customer_id: null,
        tier: 'ORDINARY',
        state: 'queued',
      });
    }
  });

  it('the same call posted again is the same contact, also when both arrive together', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, () => on.enter(undefined, { externalCallId: 'call-1' })));
    expect(new Set(ids).size).toBe(1);
    expect(await db.query('SELECT FROM routing.contact')).toHaveLength(1);
    const other = await on.entering.execute(
      { externalCallId: 'call-1', dialledCode: '1860', needs: [] },
      { ...pbx, id: 'pbx-2' },
    );
    expect(other.contactId).not.toBe(ids[0]);
  });

  it('[HOT-01] answers 10086 and 1860, and no code that nobody answers', async () => {
    await expect(
      on.entering.execute({ externalCallId: 'x', dialledCode: '10010', needs: [] }, pbx),
    ).rejects.toMatchObject({
      code: 'routing.unknown-dialled-code',
      facts: { expected: ['10086', '1860'] },
    });
  });

  it('goes from ringing over the talk to writing it up, and announces each step', async () => {
    const agentId = await on.anAgent();
    const id = await on.enter();
    expect(await contact(id)).toMatchObject({
      state: 'offered',
      reservation: { state: 'pending', agent_id: agentId, expires_at: new Date(on.clock.time.getTime() + 15_000) },
    });
    expect((await agent(agentId)).state).toBe('reserved');
    const reservationId = await reservationOf(id);
    await on.accepting.execute(reservationId);
    await on.accepting.execute(reservationId);
    expect((await agent(agentId)).state).toBe('busy');
    on.clock.pass(4);
    await on.connecting.execute(id, undefined);
    await on.connecting.execute(id, undefined);
    on.clock.pass(60);
    await on.ending.execute(id, { cause: 'NORMAL' });
    await on.ending.execute(id, {});
    expect(await contact(id)).toMatchObject({ state: 'completed', end_cause: 'NORMAL', agent_id: agentId });
    expect((await agent(agentId)).state).toBe('wrapup');
    expect(await events()).toEqual(['routing.ContactOffered', 'routing.ContactConnected', 'routing.ContactEnded']);
    const [{ payload } = {}] = await db.query<{ payload: object }>(
      `SELECT payload FROM platform.outbox WHERE name = 'routing.ContactEnded'`,
    );
    expect(payload).toMatchObject({ outcome: 'completed', waitedSeconds: 4, talkedSeconds: 60 });

    on.clock.pass(59);
    expect((await on.sweeping.execute()).wrappedUp).toBe(0);
    on.clock.pass(1);
    expect((await on.sweeping.execute()).wrappedUp).toBe(1);
    expect(await agent(agentId)).toMatchObject({ state: 'available', available_since: on.clock.time });
    expect((await contact(id)).reservation?.state).toBe('completed');
  });

  it('[HOT-02] gives the next free agent to the VIP who came last', async () => {
    const waiting = [await on.enter(), await on.enter(), await on.enter((await on.aCaller('DIAMOND')).msisdn)];
    expect(await Promise.all(waiting.map(async (id) => (await contact(id)).place?.position))).toEqual([2, 3, 1]);
    await on.anAgent();
    expect(await Promise.all(waiting.map(async (id) => (await contact(id)).state))).toEqual([
      'queued',
      'queued',
      'offered',
    ]);
  });

  it('[HOT-03] holds one agent back, and says so', async () => {
    await on.holdBack(1);
    const [first] = [await on.anAgent(), await on.anAgent()];
    const [one, two] = [await on.enter(), await on.enter()];
    expect([(await contact(one)).state, (await contact(two)).state]).toEqual(['offered', 'queued']);
    expect((await contact(one)).reservation?.agent_id).toBe(first);
    expect(await on.find.decision(two)).toMatchObject({ reason: 'held-back-for-vips', agentId: undefined });
    const vip = await on.enter((await on.aCaller('PLATINUM')).msisdn);
    expect((await contact(vip)).state).toBe('offered');
    expect(await on.find.decision(vip)).toMatchObject({
      reason: 'longest-idle',
      rank: 4,
      policyVersion: 1,
      candidates: [{ verdict: 'chosen' }],
    });
    on.clock.pass(301);
    await on.anAgent();
    expect((await contact(two)).state).toBe('offered'); // it has waited too long to be held up any more
  });

  it('[HOT-05] rings the own manager first', async () => {
    const { msisdn, customerId } = await on.aCaller('DIAMOND');
    await on.anAgent();
    on.clock.pass(1);
    const manager = await on.anAgent({ kind: 'manager' });
    await on.assigning.execute({ customerId, agentId: manager });
    const id = await on.enter(msisdn);
    expect((await contact(id)).reservation?.agent_id).toBe(manager);
    expect((await on.find.decision(id)).reason).toBe('own-manager');
  });

  it('a rejected call goes to somebody else, and for a while not to the same agent', async () => {
    const shy = await on.anAgent();
    const id = await on.enter();
    await on.rejecting.execute(await reservationOf(id), 'busy');
    expect(await contact(id)).toMatchObject({ state: 'queued', reservation: { state: 'rejected', cause: 'busy' } });
    expect((await agent(shy)).state).toBe('available');
    expect((await on.find.decision(id)).candidates).toEqual([{ agentId: shy, verdict: 'did-not-take-it' }]);
    const other = await on.anAgent();
    expect((await contact(id)).reservation?.agent_id).toBe(other);
    await on.rejecting.execute(await reservationOf(id), undefined);
    on.clock.pass(31);
    await on.sweeping.execute();
    expect((await contact(id)).reservation?.agent_id).toBe(shy);
  });

  it('a call that nobody answers goes back to its place; who never answers is paused', async () => {
    const deaf = await on.anAgent();
    for (let nth = 1; nth <= 3; nth++) {
      const id = await on.enter();
      on.clock.pass(15);
      await expect(on.accepting.execute(await reservationOf(id))).rejects.toMatchObject({
        code: 'routing.reservation-too-late',
        kind: 'conflict',
      });
      expect((await on.sweeping.execute()).expired).toBe(1);
      expect((await contact(id)).reservation?.state).toBe('timedOut');
      await expect(on.accepting.execute(await reservationOf(id))).rejects.toMatchObject({ kind: 'conflict' });
      await on.ending.execute(id, {});
    }
    expect(await agent(deaf)).toMatchObject({ state: 'paused', state_reason: 'no-answer' });
    expect((await events()).filter((name) => name === 'routing.ReservationExpired')).toHaveLength(3);
  });

  it('when the caller hangs up, the agent is free again and keeps the place', async () => {
    const agentId = await on.anAgent();
    const since = (await agent(agentId)).available_since;
    const id = await on.enter();
    const reservationId = await reservationOf(id);
    on.clock.pass(3);
    await on.ending.execute(id, {});
    expect((await contact(id)).state).toBe('abandoned');
    expect(await agent(agentId)).toMatchObject({ state: 'available', available_since: since });
    await expect(on.accepting.execute(reservationId)).rejects.toMatchObject({ kind: 'gone' });
  });

  it('when the agent leaves, the caller goes on to the next', async () => {
    const leaving = await on.anAgent();
    on.clock.pass(1);
    const staying = await on.anAgent();
    const id = await on.enter();
    expect((await contact(id)).reservation?.agent_id).toBe(leaving);
    await on.changing.execute(leaving, { state: 'paused', reason: 'lunch' });
    expect((await contact(id)).reservation?.agent_id).toBe(staying);
    await on.connecting.execute(id, undefined);
    await expect(on.changing.execute(staying, { state: 'offline' })).rejects.toMatchObject({
      code: 'routing.illegal-agent-state',
    });
    await expect(on.changing.execute(newId(), { state: 'offline' })).rejects.toMatchObject({ kind: 'not-found' });
    await expect(on.changing.execute(leaving, { state: 'available', expectedVersion: 1 })).rejects.toMatchObject({
      code: 'routing.agent-changed',
    });
  });

  const change = (customerId: string, from: Tier, to: Tier): Delivered<TierChange> => ({
    eventId: newId(),
    name: TierChanged.name,
    customerId,
    payload: { customerId, from, to, decisionId: newId(), effectiveOn: '2026-02-01' },
    occurredAt: on.clock.now(),
    recordedAt: on.clock.now(),
  });

  it('who rises while waiting is served by the new level', async () => {
    const { msisdn, customerId } = await on.aCaller();
    const [first, rising] = [await on.enter(), await on.enter(msisdn)];
    const listener = new ReRankContactWhenTierChanges(on.reRanking);
    await on.ground.transaction.run((tx) => listener.handleAll(tx, [change(customerId, 'ORDINARY', 'DIAMOND')]));
    await on.anAgent();
    expect([(await contact(first)).state, (await contact(rising)).state]).toEqual(['queued', 'offered']);
  });

  it('when the levels of many change at once, each waits by the own level, by the last one where it changed twice', async () => {
    const callers = [await on.aCaller(), await on.aCaller(), await on.aCaller()] as const;
    const [twice, once, unchanged] = callers;
    for (const { msisdn } of callers) await on.enter(msisdn);
    const before = await db.query<{ version: number }>('SELECT version FROM routing.contact');
    const listener = new ReRankContactWhenTierChanges(on.reRanking);
    await on.ground.transaction.run((tx) =>
      listener.handleAll(tx, [
        change(twice.customerId, 'ORDINARY', 'DIAMOND'),
        change(once.customerId, 'ORDINARY', 'GOLD'),
        change(twice.customerId, 'DIAMOND', 'SILVER'),
        change(newId(), 'ORDINARY', 'GOLD'),
      ]),
    );
    const version = before[0]?.version ?? 0;
    const waiting = await db.query('SELECT customer_id, tier, rank, version FROM routing.contact');
    expect(waiting).toHaveLength(3);
    expect(waiting).toEqual(
      expect.arrayContaining([
        { customer_id: twice.customerId, tier: 'SILVER', rank: 2, version: version + 1 },
        { customer_id: once.customerId, tier: 'GOLD', rank: 3, version: version + 1 },
        { customer_id: unchanged.customerId, tier: 'ORDINARY', rank: 0, version },
      ]),
    );
  });

  it('those whom nobody idle can serve do not hold up the ones behind them, however many they are', async () => {
    for (let nth = 0; nth < 110; nth++) await on.enter(undefined, { needs: ['roaming'] });
    const simple = await on.enter();
    await on.anAgent();
    expect((await contact(simple)).state).toBe('offered');
  });

  it('a match that was lost with its process is made by the sweep', async () => {
    await on.anAgent();
    const id = await on.enter();
    await db.query(`UPDATE routing.contact SET state = 'queued'`);
    await db.query(`UPDATE routing.agent SET state = 'available'`);
    await db.query(`DELETE FROM routing.reservation`);
    await on.sweeping.execute();
    expect((await contact(id)).state).toBe('offered');
  });
});
