import { Refusal } from '../../../src/platform/errors/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { TestClock } from '../../support/clock.js';
import { pbx, routingOn } from './support.js';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('the hotline under load', () => {
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

  const waitingWhileIdle = () =>
    db.query(
      `SELECT c.contact_id FROM routing.contact c WHERE c.state = 'queued' AND EXISTS (
                SELECT FROM routing.agent a WHERE a.state = 'available' AND a.domain = c.domain
                  AND NOT EXISTS (SELECT FROM routing.reservation r
                    WHERE r.contact_id = c.contact_id AND r.agent_id = a.agent_id AND r.excluded_until > $1))`,
      [on.clock.time],
    );

  it('50 calls, 20 agents, 16 at once: nobody is reserved twice, nobody waits beside an idle agent', async () => {
    const processes = [on, on.anotherProcess(), on.anotherProcess()];
    const any = () => processes[Math.floor(Math.random() * processes.length)] ?? on;
    const refused: string[] = [];
    const surely = (error: unknown): void => {
      if (!(error instanceof Refusal)) throw error;
      refused.push(error.code);
    };
    const agents = await Promise.all(Array.from({ length: 20 }, () => on.anAgent({}, 'offline')));
    const callers = await Promise.all((['DIAMOND', 'GOLD', 'ORDINARY'] as const).map((tier) => on.aCaller(tier)));

    const call = async (nth: number): Promise<void> => {
      const caller = callers[nth % 5]?.msisdn;
      const { contactId } = await any().entering.execute(
        { externalCallId: `race-${nth}`, dialledCode: '10086', callerId: caller, needs: [] },
        pbx,
      );
      for (let tries = 0; tries < 400; tries++) {
        const { contact, reservation } = await any().find.contact(contactId);
        if (contact.state === 'queued') {
          if (Math.random() < 0.02) break;
        } else if (reservation && Math.random() < 0.2) {
          await any().rejecting.execute(reservation.reservation_id, 'busy').catch(surely);
        } else if (reservation) {
          // Both ends of the telephone at once, and an agent who goes for lunch just now.
          await Promise.all([
            any().accepting.execute(reservation.reservation_id).catch(surely),
            any().connecting.execute(contactId, undefined).catch(surely),
            ...(Math.random() < 0.1
              ? [any().changing.execute(reservation.agent_id, { state: 'paused' }).catch(surely)]
              : []),
          ]);
          if ((await any().find.contact(contactId)).contact.state === 'connected') break;
        }
        await pause(2);
      }
      await Promise.all([any().ending.execute(contactId, {}), any().ending.execute(contactId, {})]);
      const { agent_id: agentId } = (await on.find.contact(contactId)).contact;
      if (agentId) await any().changing.execute(agentId, { state: 'available' }).catch(surely);
    };

    const queue = Array.from({ length: 50 }, (_, nth) => nth);
    const driver = async (): Promise<void> => {
      for (let nth = queue.shift(); nth !== undefined; nth = queue.shift()) await call(nth);
    };
    const sweeps = (async () => {
      while (queue.length > 0) {
        await Promise.all(processes.map((process) => process.sweeping.execute()));
        await pause(20);
      }
    })();
    await Promise.all([
      ...Array.from({ length: 16 }, driver),
      ...agents.map((agentId) => any().changing.execute(agentId, { state: 'available' })),
      sweeps,
    ]);

    const twice = await db.query(`
      SELECT a.reservation_id FROM routing.reservation a JOIN routing.reservation b ON a.reservation_id < b.reservation_id
        AND (a.agent_id = b.agent_id OR a.contact_id = b.contact_id)
      WHERE a.state IN ('pending', 'accepted') AND b.state IN ('pending', 'accepted')`);
    const oneAgentWithTwoTalks = await db.query(`
      SELECT agent_id FROM routing.contact WHERE state = 'connected' GROUP BY agent_id HAVING count(*) > 1`);
    expect([twice, oneAgentWithTwoTalks, await waitingWhileIdle()]).toEqual([[], [], []]);
    expect(await db.query(`SELECT FROM routing.contact WHERE state NOT IN ('completed', 'abandoned')`)).toEqual([]);
    expect(await db.query(`SELECT FROM routing.agent WHERE state IN ('reserved', 'busy')`)).toEqual([]);
    const [{ talks } = { talks: 0 }] = await db.query<{ talks: number }>(
      `SELECT count(*)::int AS talks FROM routing.contact WHERE state = 'completed'`,
    );
    expect(talks).toBeGreaterThan(25);
    expect(processes.flatMap(({ interrupted }) => interrupted)).toEqual([]);
    expect(refused.filter((code) => !code.startsWith('routing.'))).toEqual([]);
  });

  it('a call and an agent who come at the same moment find each other, 300 times out of 300', async () => {
    const other = on.anotherProcess();
    const agentId = await on.anAgent({}, 'offline');
    let missed = 0;
    for (let nth = 0; nth < 300; nth++) {
      const [contactId] = await Promise.all([
        on.enter(undefined, { externalCallId: `meet-${nth}` }),
        other.changing.execute(agentId, { state: 'available' }),
      ]);
      if ((await on.find.contact(contactId)).contact.state !== 'offered') missed++;
      await on.ending.execute(contactId, {});
      await on.changing.execute(agentId, { state: 'offline' });
    }
    expect(missed).toBe(0);
    expect([...on.interrupted, ...other.interrupted]).toEqual([]);
  });

  it('of accept and timeout exactly one wins', async () => {
    const late = new TestClock();
    const sweeper = on.anotherProcess(late);
    const won = { accepted: 0, timedOut: 0 };
    for (let nth = 0; nth < 60; nth++) {
      await db.query('TRUNCATE routing.agent, routing.contact, routing.reservation');
      const agentId = await on.anAgent();
      const contactId = await on.enter();
      const { reservation } = await on.find.contact(contactId);
      late.time = reservation?.expires_at ?? on.clock.time;
      const [accepted] = await Promise.all([
        pause(nth % 4)
          .then(() => on.accepting.execute(reservation?.reservation_id ?? ''))
          .then(
            () => true,
            () => false,
          ),
        pause((nth + 2) % 4).then(() => sweeper.sweeping.execute()),
      ]);
      const after = await on.find.contact(contactId);
      const state = after.reservation?.state;
      expect(state).toBe(accepted ? 'accepted' : 'timedOut');
      expect(after.contact.state).toBe(accepted ? 'offered' : 'queued');
      expect((await on.find.agent(agentId)).state).toBe(accepted ? 'busy' : 'available');
      won[accepted ? 'accepted' : 'timedOut']++;
    }
    expect(won.accepted + won.timedOut).toBe(60);
  });

  it('shares out a thousand waiting calls among a thousand agents from eight sides at once', async () => {
    const COUNT = 1000;
    await db.query(
      `INSERT INTO routing.agent (agent_id, kind, pool_id, domain, endpoint, skills, languages, state, state_since, available_since, created_at, version)
       SELECT gen_random_uuid(), 'general', 'hotline', 'national', 'bulk/' || n, '{}', '{zh}', 'available', $1, $1::timestamptz - n * interval '1 second', $1, 1
       FROM generate_series(1, $2::int) n`,
      [on.clock.time, COUNT],
    );
    await db.query(
      `INSERT INTO routing.contact (contact_id, source, external_call_id, dialled_code, pool_id, domain, tier, rank, needs, policy_version, state, queued_at, promote_at, version)
       SELECT gen_random_uuid(), 'bulk', n::text, '10086', 'hotline', 'national', 'ORDINARY', n % 6, '{}', 1, 'queued', $1, $1::timestamptz + interval '5 minutes', 1
       FROM generate_series(1, $2::int) n`,
      [on.clock.time, COUNT],
    );
    const processes = Array.from({ length: 8 }, () => on.anotherProcess());
    const from = performance.now();
    await Promise.all(processes.map((process) => process.kicks.kick('national')));
    const seconds = (performance.now() - from) / 1000;
    console.log(`${Math.round(COUNT / seconds)} reservations/s (${COUNT} in ${seconds.toFixed(2)} s)`);
    expect(
      await db.query(
        `SELECT count(*)::int AS held, count(DISTINCT agent_id)::int AS agents FROM routing.reservation WHERE state = 'pending'`,
      ),
    ).toEqual([{ held: COUNT, agents: COUNT }]);
  });
});
