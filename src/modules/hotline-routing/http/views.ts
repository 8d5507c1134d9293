import { headOf } from '../../../platform/http/index.js';
import type { ContactOverview, QueuePlace, ReservationWithEndpoint } from '../application/find-routing.query.js';
import type { AgentView, ContactView, ReservationView } from './routing.dto.js';
import { agents, contacts, reservations } from './routing.resource.js';

export const reservationView = (row: ReservationWithEndpoint): ReservationView => ({
  ...headOf(reservations, row.reservation_id),
  state: row.state,
  contactId: row.contact_id,
  agentId: row.agent_id,
  endpoint: row.endpoint,
  offeredAt: row.offered_at,
  expiresAt: row.expires_at,
  decidedAt: row.decided_at ?? undefined,
  cause: row.cause ?? undefined,
});

export const placeView = (place: QueuePlace | undefined): Partial<QueuePlace> => ({
  ...(place && { position: place.position, expectedWaitSeconds: place.expectedWaitSeconds }),
});

export const contactView = ({ contact, place, reservation }: ContactOverview): ContactView => ({
  ...headOf(contacts, contact.contact_id),
  externalCallId: contact.external_call_id,
  dialledCode: contact.dialled_code,
  pool: contact.pool_id,
  state: contact.state,
  customerId: contact.customer_id ?? undefined,
  tier: contact.tier,
  needs: contact.needs,
  language: contact.language ?? undefined,
  queuedAt: contact.queued_at,
  ...placeView(place),
  reservation: reservation && reservationView(reservation),
  agentId: contact.agent_id ?? undefined,
  connectedAt: contact.connected_at ?? undefined,
  endedAt: contact.ended_at ?? undefined,
  endCause: contact.end_cause ?? undefined,
});

/** A row of agents, seen from here: persistence is not an edge's business. */
export interface AgentFacts {
  readonly agent_id: string;
  readonly kind: string;
  readonly pool_id: string;
  readonly endpoint: string;
  readonly skills: readonly string[];
  readonly languages: readonly string[];
  readonly staff_id: string | null;
  readonly state: string;
  readonly state_reason: string | null;
  readonly state_since: Date;
  readonly available_since: Date | null;
  readonly version: number;
}

export const agentView = (row: AgentFacts): AgentView => ({
  ...headOf(agents, row.agent_id),
  kind: row.kind,
  pool: row.pool_id,
  endpoint: row.endpoint,
  skills: row.skills,
  languages: row.languages,
  staffId: row.staff_id ?? undefined,
  state: row.state,
  stateReason: row.state_reason ?? undefined,
  stateSince: row.state_since,
  availableSince: row.available_since ?? undefined,
  version: row.version,
});
