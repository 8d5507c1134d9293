import fc from 'fast-check';
import {
  byTurn,
  choose,
  effectiveRank,
  obstacle,
  type IdleAgent,
  type RoutingState,
  type WaitingContact,
} from './choose.js';

const NOW = new Date('2026-02-01T09:00:00+08:00');
const secondsAgo = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1000);
const policy = { vipFromRank: 2 };

const aContact = (contactId: string, changes: Partial<WaitingContact> = {}): WaitingContact => ({
  contactId,
  poolId: 'hotline',
  rank: 0,
  queuedAt: secondsAgo(10),
  promoteAt: new Date(NOW.getTime() + 300_000),
  needs: [],
  language: undefined,
  managerId: undefined,
  excluded: [],
  ...changes,
});
const anAgent = (agentId: string, changes: Partial<IdleAgent> = {}): IdleAgent => ({
  agentId,
  poolId: 'hotline',
  kind: 'general',
  skills: [],
  languages: ['zh'],
  idleSince: secondsAgo(60),
  ...changes,
});
const decide = (contacts: readonly WaitingContact[], agents: readonly IdleAgent[], heldBack = 0, staffed = 20) =>
  choose({ contacts, agents, pools: [{ poolId: 'hotline', heldBack, staffed }], policy }, NOW);
const pairs = (...given: Parameters<typeof decide>): readonly string[] =>
  decide(...given).matches.map(({ contactId, agentId, reason }) => `${contactId} → ${agentId} (${reason})`);

describe('sharing out the agents', () => {
  it('[HOT-02] serves the higher level first, within a level who came first', () => {
    const contacts = [
      aContact('early', { queuedAt: secondsAgo(200) }),
      aContact('diamond', { rank: 5, queuedAt: secondsAgo(1) }),
      aContact('gold', { rank: 3, queuedAt: secondsAgo(2) }),
      aContact('first gold', { rank: 3, queuedAt: secondsAgo(3) }),
    ];
    const order = decide(
      contacts,
      ['a', 'b', 'c', 'd'].map((id) => anAgent(id)),
    ).matches;
    expect(order.map(({ contactId }) => contactId)).toEqual(['diamond', 'first gold', 'gold', 'early']);
  });

  it('takes whoever has been idle longest', () => {
    const agents = [anAgent('fresh', { idleSince: secondsAgo(1) }), anAgent('rested', { idleSince: secondsAgo(99) })];
    expect(pairs([aContact('c')], agents)).toEqual(['c → rested (longest-idle)']);
    expect(decide([aContact('c')], agents).matches[0]?.candidates).toEqual([
      { agentId: 'rested', verdict: 'chosen' },
      { agentId: 'fresh', verdict: 'idle-for-less-time' },
    ]);
  });

  it('[HOT-05] the own manager first when idle, then a vip seat, then the pool', () => {
    const vip = aContact('vip', { rank: 5, managerId: 'own' });
    const [own, seat, general] = [
      anAgent('own', { kind: 'manager', idleSince: secondsAgo(1), poolId: 'elsewhere' }),
      anAgent('seat', { kind: 'vip_seat', idleSince: secondsAgo(2) }),
      anAgent('general', { idleSince: secondsAgo(99) }),
    ];
    expect(pairs([vip], [general, seat, own])).toEqual(['vip → own (own-manager)']);
    expect(pairs([vip], [general, seat])).toEqual(['vip → seat (vip-seat)']);
    expect(pairs([vip], [general])).toEqual(['vip → general (longest-idle)']);
    expect(pairs([aContact('ordinary')], [own, seat])).toEqual([]);
  });

  it('[HOT-03] holds agents back for VIPs, but never the last one who is staffed', () => {
    const [ordinary, vip] = [aContact('ordinary'), aContact('vip', { rank: 2 })];
    expect(decide([ordinary], [anAgent('a')], 1).waits).toMatchObject([{ reason: 'held-back-for-vips' }]);
    expect(pairs([ordinary], [anAgent('a'), anAgent('b')], 1)).toHaveLength(1);
    expect(pairs([ordinary, vip], [anAgent('a')], 1)).toEqual(['vip → a (longest-idle)']);
    expect(pairs([ordinary], [anAgent('a')], 1, 1)).toHaveLength(1);
  });

  it('[HOT-02] lets nobody starve: after a long wait an ordinary caller counts as the first level', () => {
    const patient = aContact('patient', { queuedAt: secondsAgo(301), promoteAt: secondsAgo(1) });
    expect(pairs([aContact('diamond', { rank: 5 }), patient], [anAgent('a')], 1)).toEqual([
      'patient → a (longest-idle)',
    ]);
  });

  it('asks for what the caller needs, and lets the next pass meanwhile', () => {
    const contacts = [
      aContact('roaming', { rank: 5, needs: ['roaming'] }),
      aContact('english', { rank: 4, language: 'en' }),
      aContact('any'),
    ];
    const { matches, waits } = decide(contacts, [anAgent('a', { skills: ['billing'] })]);
    expect(matches.map(({ contactId }) => contactId)).toEqual(['any']);
    expect(waits.map(({ candidates }) => candidates[0]?.verdict)).toEqual(['lacks-skill', 'lacks-language']);
  });

  it('does not ask the same agent again for a while', () => {
    const until = (seconds: number) => ({ excluded: [{ agentId: 'a', until: secondsAgo(-seconds) }] });
    expect(pairs([aContact('c', until(5))], [anAgent('a')])).toEqual([]);
    expect(pairs([aContact('c', until(0))], [anAgent('a')])).toHaveLength(1);
  });
});

describe('whoever waits and whoever is idle', () => {
  const pool = fc.constantFrom('p', 'q');
  const skills = fc.subarray(['x', 'y']);
  const agentIds = Array.from({ length: 8 }, (_, nth) => `a${nth}`);
  const states: fc.Arbitrary<RoutingState> = fc.record({
    contacts: fc
      .array(
        fc.record({
          poolId: pool,
          rank: fc.integer({ min: 0, max: 5 }),
          queuedAt: fc.integer({ min: 0, max: 20 }).map(secondsAgo),
          promoteAt: fc.integer({ min: -30, max: 10 }).map(secondsAgo),
          needs: skills,
          language: fc.option(fc.constantFrom('zh', 'en'), { nil: undefined }),
          managerId: fc.option(fc.constantFrom(...agentIds), { nil: undefined, freq: 4 }),
          excluded: fc.array(
            fc.record({
              agentId: fc.constantFrom(...agentIds),
              until: fc.integer({ min: -9, max: 9 }).map(secondsAgo),
            }),
            { maxLength: 2 },
          ),
        }),
        { maxLength: 12 },
      )
      .map((contacts) => contacts.map((contact, nth) => ({ ...contact, contactId: `c${nth}` }))),
    agents: fc
      .array(
        fc.record({
          poolId: pool,
          kind: fc.constantFrom('manager' as const, 'vip_seat' as const, 'general' as const),
          skills,
          languages: fc.subarray(['zh', 'en']),
          idleSince: fc.integer({ min: 0, max: 20 }).map(secondsAgo),
        }),
        { maxLength: 8 },
      )
      .map((agents) => agents.map((agent, nth) => ({ ...agent, agentId: `a${nth}` }))),
    pools: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })).map(([p, q]) => [
      { poolId: 'p', heldBack: p, staffed: 20 },
      { poolId: 'q', heldBack: q, staffed: 20 },
    ]),
    policy: fc.constant(policy),
  });

  it('are brought together by the rules, in every state', () => {
    fc.assert(
      fc.property(states, (state) => {
        const { matches, waits } = choose(state, NOW);
        const contact = (id: string) => state.contacts.find(({ contactId }) => contactId === id) ?? aContact(id);
        const agent = (id: string) => state.agents.find(({ agentId }) => agentId === id) ?? anAgent(id);
        const fits = (contactId: string, agentId: string): boolean =>
          obstacle(contact(contactId), agent(agentId), policy, NOW) === undefined;
        const isVip = (contactId: string): boolean => effectiveRank(contact(contactId), NOW) >= policy.vipFromRank;
        const heldBack = (poolId: string): number => state.pools.find((pool) => pool.poolId === poolId)?.heldBack ?? 0;
        const idle = state.agents.filter(({ agentId }) => !matches.some((match) => match.agentId === agentId));
        const idleIn = (poolId: string) => idle.filter((one) => one.poolId === poolId && one.kind !== 'manager').length;

        // Nobody twice, nobody lost, nobody with somebody who may not.
        expect(new Set(matches.map(({ agentId }) => agentId)).size).toBe(matches.length);
        expect([...matches, ...waits].map(({ contactId }) => contactId).sort()).toEqual(
          state.contacts.map(({ contactId }) => contactId).sort(),
        );
        for (const { contactId, agentId } of matches) expect(fits(contactId, agentId)).toBe(true);

        for (const wait of waits) {
          // Nobody behind got an agent who could have served the one who waits.
          for (const match of matches.filter(({ reason }) => reason !== 'own-manager')) {
            const isBehind = byTurn(NOW)(contact(wait.contactId), contact(match.contactId)) < 0;
            expect(isBehind && fits(wait.contactId, match.agentId)).toBe(false);
          }
          // Nobody waits for an idle agent, unless that agent is held back.
          for (const { agentId } of idle.filter((one) => fits(wait.contactId, one.agentId))) {
            expect([wait.reason, isVip(wait.contactId), agentId]).toEqual(['held-back-for-vips', false, agentId]);
            expect(idleIn(contact(wait.contactId).poolId)).toBeLessThanOrEqual(
              heldBack(contact(wait.contactId).poolId),
            );
          }
        }
        // What is held back stays idle, whatever ordinary callers take.
        const managed = matches.some(({ contactId, reason }) => reason === 'own-manager' && !isVip(contactId));
        for (const { contactId } of matches.filter((match) => !managed && !isVip(match.contactId))) {
          const { poolId } = contact(contactId);
          expect(idleIn(poolId)).toBeGreaterThanOrEqual(heldBack(poolId));
        }
      }),
      { numRuns: 2000, verbose: true },
    );
  });

  it('come to the same whatever order they are listed in', () => {
    fc.assert(
      fc.property(states, (state) => {
        const turned = { ...state, contacts: [...state.contacts].reverse(), agents: [...state.agents].reverse() };
        expect(choose(turned, NOW)).toEqual(choose(state, NOW));
      }),
      { verbose: true },
    );
  });
});
