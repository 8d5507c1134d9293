import type { Clock } from '../../../src/platform/clock/index.js';
import { EVERYBODY, type Actor } from '../../../src/platform/identity/index.js';
import {
  AccessRegister,
  ALL_PERMISSIONS,
  StaffNotFound,
  type OrganizationFacade,
} from '../../../src/modules/organization/index.js';
import { FindCards } from '../../../src/modules/tiering/application/cards.query.js';
import { TieringFacade, type Tier } from '../../../src/modules/tiering/index.js';
import { AcceptReservation } from '../../../src/modules/hotline-routing/application/accept-reservation.js';
import { AssignManager } from '../../../src/modules/hotline-routing/application/assign-manager.js';
import { ChangeAgentState } from '../../../src/modules/hotline-routing/application/change-agent-state.js';
import { ConnectContact } from '../../../src/modules/hotline-routing/application/connect-contact.js';
import { CreateAgent } from '../../../src/modules/hotline-routing/application/create-agent.js';
import { EndContact } from '../../../src/modules/hotline-routing/application/end-contact.js';
import { EnterContact } from '../../../src/modules/hotline-routing/application/enter-contact.js';
import { FindRouting } from '../../../src/modules/hotline-routing/application/find-routing.query.js';
import { Kicks } from '../../../src/modules/hotline-routing/application/kicks.js';
import { MatchContacts } from '../../../src/modules/hotline-routing/application/match-contacts.js';
import { ReRankContact } from '../../../src/modules/hotline-routing/application/re-rank-contact.js';
import { RejectReservation } from '../../../src/modules/hotline-routing/application/reject-reservation.js';
import { SweepRouting } from '../../../src/modules/hotline-routing/application/sweep-routing.js';
import { TestClock } from '../../support/clock.js';
import type { TestDatabase } from '../../support/database.js';
import { aSnapshot, customersOn } from '../customers/support.js';
import { keepTier } from '../tiering/facts.js';

export const pbx: Actor = {
  kind: 'system',
  id: 'pbx-1',
  name: 'PBX',
  role: 'pbx',
  permissions: ALL_PERMISSIONS,
  unitId: undefined,
  scope: EVERYBODY,
  requestId: 'call',
  clientAddress: '192.0.2.1',
};

type Ground = Awaited<ReturnType<typeof customersOn>>;

/** One process of several: its kicks are its own, the database is everybody's. */
export function aProcess({ source, database, transaction, facade, personalData, outbox }: Ground, clock: Clock) {
  const tiering = new TieringFacade(database, new FindCards(database, personalData, clock));
  const register = new AccessRegister(source, clock);
  const matching = new MatchContacts(transaction, outbox, clock);
  const kicks = new Kicks(matching);
  // Kicks swallow what goes wrong, since the sweep mends it; a test wants to know.
  const interrupted: unknown[] = [];
  const match = matching.execute.bind(matching);
  matching.execute = (domain) =>
    match(domain).catch((error: unknown) => {
      interrupted.push(error);
      throw error;
    });
  return {
    kicks,
    interrupted,
    entering: new EnterContact(database, transaction, facade, tiering, personalData, register, kicks, clock),
    accepting: new AcceptReservation(transaction, clock),
    rejecting: new RejectReservation(transaction, kicks, clock),
    connecting: new ConnectContact(transaction, outbox, clock),
    ending: new EndContact(transaction, kicks, outbox, clock),
    creating: new CreateAgent(transaction, clock, NO_STAFF),
    changing: new ChangeAgentState(transaction, kicks, clock),
    assigning: new AssignManager(transaction, facade, clock),
    reRanking: new ReRankContact(tiering),
    sweeping: new SweepRouting(database, transaction, kicks, outbox, clock),
    find: new FindRouting(database, register, clock),
  };
}

/** Agents of these tests are members of no staff. */
const NO_STAFF = {
  staffById: () => Promise.reject(new StaffNotFound()),
} as unknown as OrganizationFacade;

export async function routingOn(db: TestDatabase) {
  const clock = new TestClock();
  const ground = await customersOn(db);
  const process = aProcess(ground, clock);
  let nth = 0;
  const unique = (): string => `${String(++nth).padStart(4, '0')}`;
  return {
    ...process,
    clock,
    ground,
    anotherProcess: (ownClock: Clock = clock) => aProcess(ground, ownClock),
    /** A caller of this level; returns the number. */
    aCaller: async (tier: Tier = 'ORDINARY') => {
      const id = unique();
      const msisdn = `1390000${id}`;
      const [applied] = await ground.apply(
        aSnapshot({ accountNo: `R-${id}`, msisdn, idNumber: `44010119800101${id}` }),
      );
      const customerId = applied?.customerId ?? '';
      await keepTier(db, customerId, tier);
      return { msisdn, customerId };
    },
    enter: async (callerId?: string, changes: { externalCallId?: string; needs?: string[] } = {}): Promise<string> =>
      (
        await process.entering.execute(
          { externalCallId: unique(), dialledCode: '10086', callerId, needs: [], ...changes },
          pbx,
        )
      ).contactId,
    anAgent: async (
      changes: Partial<Parameters<typeof process.creating.execute>[0]> = {},
      state: 'available' | 'offline' = 'available',
    ) => {
      const agent = {
        kind: 'general' as const,
        pool: 'hotline',
        endpoint: `SIP/${unique()}`,
        skills: [],
        languages: ['zh'],
        ...changes,
      };
      const { agent_id: agentId } = await process.creating.execute(agent);
      if (state === 'available') await process.changing.execute(agentId, { state });
      return agentId;
    },
    holdBack: (agents: number) => db.query('UPDATE routing.pool SET held_back = $1', [agents]),
    clear: () =>
      db.query(
        'TRUNCATE routing.contact, routing.agent, routing.reservation, routing.decision, routing.customer_manager, platform.outbox',
      ),
  };
}
