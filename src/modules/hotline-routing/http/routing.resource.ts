import { defineResource } from '../../../platform/http/index.js';
import { agentKinds, agentStates } from '../domain/agent.js';

const BASE = '/care-api/routing/v1';

export const contacts = { type: 'RoutingContact', path: `${BASE}/contact` };
export const reservations = { type: 'RoutingReservation', path: `${BASE}/reservation` };

export const agents = defineResource({
  type: 'HotlineAgent',
  path: `${BASE}/agent`,
  attributes: {
    id: { type: 'id', column: 'a.agent_id', filter: true },
    kind: { type: 'enum', column: 'a.kind', values: agentKinds, filter: true, sort: true },
    pool: { type: 'text', column: 'a.pool_id', filter: true, sort: true },
    state: { type: 'enum', column: 'a.state', values: agentStates, filter: true, sort: true },
    endpoint: { type: 'text', column: 'a.endpoint', filter: true, sort: true },
    stateSince: { type: 'instant', column: 'a.state_since', filter: true, sort: true },
    availableSince: { type: 'instant', column: 'a.available_since', filter: true, sort: true },
    skill: { type: 'text', filter: true, where: (skills) => `a.skills && ${skills}` },
  },
  defaultSort: 'endpoint',
});
