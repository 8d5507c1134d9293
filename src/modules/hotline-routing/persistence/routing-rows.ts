import type { Database, Tx } from '../../../platform/database/index.js';
import type { AgentKind, AgentState } from '../domain/agent.js';
import type { IdleAgent, Match, Pool, WaitingContact } from '../domain/choose.js';
import type { ContactState } from '../domain/contact.js';
import { TOP_RANK, type RoutingPolicy } from '../domain/policy.js';
import type { ReservationState } from '../domain/reservation.js';

type Reader = Pick<Database | Tx, 'query'>;

export interface ContactRow {
  readonly contact_id: string;
  readonly source: string;
  readonly external_call_id: string;
  readonly dialled_code: string;
  readonly pool_id: string;
  readonly domain: string;
  readonly customer_id: string | null;
  readonly tier: string;
  readonly rank: number;
  readonly caller_sealed: Buffer | null;
  readonly caller_index: Buffer | null;
  readonly language: string | null;
  readonly needs: readonly string[];
  readonly manager_id: string | null;
  readonly policy_version: number;
  readonly state: ContactState;
  readonly queued_at: Date;
  readonly promote_at: Date;
  readonly agent_id: string | null;
  readonly connected_at: Date | null;
  readonly ended_at: Date | null;
  readonly end_cause: string | null;
  readonly version: number;
}

export interface AgentRow {
  readonly agent_id: string;
  readonly staff_id: string | null;
  readonly kind: AgentKind;
  readonly pool_id: string;
  readonly domain: string;
  readonly endpoint: string;
  readonly skills: readonly string[];
  readonly languages: readonly string[];
  readonly state: AgentState;
  readonly state_reason: string | null;
  readonly state_since: Date;
  readonly state_until: Date | null;
  readonly available_since: Date | null;
  readonly no_answers: number;
  readonly created_at: Date;
  readonly version: number;
}

export interface ReservationRow {
  readonly reservation_id: string;
  readonly contact_id: string;
  readonly agent_id: string;
  readonly state: ReservationState;
  readonly offered_at: Date;
  readonly expires_at: Date;
  readonly decided_at: Date | null;
  readonly cause: string | null;
}

// ------------------------------------------------------------------------------------------------ policy and pools

export async function policyInEffect(reader: Reader): Promise<RoutingPolicy> {
  const [row] = await reader.query<{ version: number; policy: Omit<RoutingPolicy, 'version'> }>(
    'SELECT version, policy FROM routing.policy ORDER BY version DESC LIMIT 1',
  );
  if (!row) throw new Error('There is no routing policy');
  return { ...row.policy, version: row.version };
}

export interface PoolRow {
  readonly pool_id: string;
  readonly domain: string;
}

export async function poolOfCode(reader: Reader, code: string): Promise<PoolRow | undefined> {
  const [row] = await reader.query<PoolRow>(
    'SELECT pool_id, domain FROM routing.dialled_code JOIN routing.pool USING (pool_id) WHERE code = $1',
    [code],
  );
  return row;
}

export async function poolById(reader: Reader, poolId: string): Promise<PoolRow | undefined> {
  const [row] = await reader.query<PoolRow>('SELECT pool_id, domain FROM routing.pool WHERE pool_id = $1', [poolId]);
  return row;
}

export const knownCodes = async (reader: Reader): Promise<readonly string[]> =>
  (await reader.query<{ code: string }>('SELECT code FROM routing.dialled_code ORDER BY code')).map(({ code }) => code);

export const knownPools = async (reader: Reader): Promise<readonly string[]> =>
  (await reader.query<{ pool_id: string }>('SELECT pool_id FROM routing.pool ORDER BY 1')).map((row) => row.pool_id);

export async function managerOf(reader: Reader, customerId: string): Promise<string | undefined> {
  const [row] = await reader.query<{ agent_id: string }>(
    'SELECT agent_id FROM routing.customer_manager WHERE customer_id = $1',
    [customerId],
  );
  return row?.agent_id;
}

export async function storeManager(tx: Tx, customerId: string, agentId: string, now: Date): Promise<void> {
  await tx.execute(
    `INSERT INTO routing.customer_manager (customer_id, agent_id, assigned_at) VALUES ($1, $2, $3)
     ON CONFLICT (customer_id) DO UPDATE SET agent_id = EXCLUDED.agent_id, assigned_at = EXCLUDED.assigned_at`,
    [customerId, agentId, now],
  );
}

// ------------------------------------------------------------------------------------------------ what a match looks at

// One domain is matched by one transaction at a time. Two keys: this number is routing's own among the advisory locks.
const ROUTING_LOCK = 1_008_600;

/** Everything after this sees what every earlier holder has committed (READ COMMITTED only: each statement looks anew). */
export async function lockDomain(tx: Tx, domain: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [ROUTING_LOCK, domain]);
}

export async function idleAgents(reader: Reader, domain: string): Promise<readonly IdleAgent[]> {
  return reader.query<IdleAgent>(
    `SELECT agent_id AS "agentId", pool_id AS "poolId", kind, skills, languages, available_since AS "idleSince"
     FROM routing.agent WHERE domain = $1 AND state = 'available' ORDER BY available_since, agent_id`,
    [domain],
  );
}

export async function poolsOf(reader: Reader, domain: string): Promise<readonly Pool[]> {
  return reader.query<Pool>(
    `SELECT p.pool_id AS "poolId", p.held_back AS "heldBack", (
       SELECT count(*)::int FROM routing.agent a
       WHERE a.pool_id = p.pool_id AND a.kind <> 'manager' AND a.state NOT IN ('offline', 'paused')) AS staffed
     FROM routing.pool p WHERE p.domain = $1`,
    [domain],
  );
}

/**
 * The waiting contacts of a domain in the order of their turn: the heads of the six levels, so that one index serves however
 * many wait. Within a level who waits longest comes first, and so do those who have waited too long.
 */
export async function waitingContacts(
  reader: Reader,
  { domain, now, limit, offset = 0 }: { domain: string; now: Date; limit: number; offset?: number },
): Promise<readonly WaitingContact[]> {
  const rows = await reader.query<
    Omit<WaitingContact, 'language' | 'managerId'> & { language: string | null; managerId: string | null }
  >(
    `WITH head AS (
       SELECT c.* FROM generate_series(0, ${TOP_RANK}) AS level (rank) CROSS JOIN LATERAL (
         SELECT contact_id, pool_id, rank, queued_at, promote_at, needs, language, manager_id FROM routing.contact
         WHERE domain = $1 AND state = 'queued' AND rank = level.rank ORDER BY queued_at, contact_id LIMIT $3::int + $4::int) c
       ORDER BY CASE WHEN promote_at <= $2 THEN ${TOP_RANK} ELSE c.rank END DESC, queued_at, contact_id LIMIT $3::int OFFSET $4::int)
     SELECT contact_id AS "contactId", pool_id AS "poolId", rank, queued_at AS "queuedAt", promote_at AS "promoteAt", needs,
       language, manager_id AS "managerId", COALESCE((
         SELECT jsonb_agg(jsonb_build_object('agentId', r.agent_id, 'until', r.excluded_until)) FROM routing.reservation r
         WHERE r.contact_id = head.contact_id AND r.excluded_until > $2), '[]') AS excluded
     FROM head ORDER BY CASE WHEN promote_at <= $2 THEN ${TOP_RANK} ELSE rank END DESC, queued_at, contact_id`,
    [domain, now, limit, offset],
  );
  return rows.map((row) => ({
    ...row,
    language: row.language ?? undefined,
    managerId: row.managerId ?? undefined,
    excluded: row.excluded.map(({ agentId, until }) => ({ agentId, until: new Date(until) })),
  }));
}

export interface Pairing extends Match {
  readonly reservationId: string;
  readonly rank: number;
}

/**
 * Stores the pairs whose two halves are still free, and returns them. Contacts are taken before agents, as everywhere in this
 * module: two transactions that wait for each other would be ended by the server.
 */
export async function reserve(
  tx: Tx,
  pairings: readonly Pairing[],
  { now, expiresAt, policyVersion }: { now: Date; expiresAt: Date; policyVersion: number },
): Promise<readonly (Pairing & { readonly customerId: string | undefined })[]> {
  const contacts = await tx.query<{ contact_id: string; customer_id: string | null }>(
    `UPDATE routing.contact SET state = 'offered', version = version + 1
     WHERE contact_id = ANY ($1::uuid[]) AND state = 'queued' RETURNING contact_id, customer_id`,
    [pairings.map(({ contactId }) => contactId)],
  );
  const customerOf = new Map(contacts.map((row) => [row.contact_id, row.customer_id ?? undefined]));
  const stillWaiting = pairings.filter(({ contactId }) => customerOf.has(contactId));
  const agents = await tx.query<{ agent_id: string }>(
    `UPDATE routing.agent SET state = 'reserved', state_reason = NULL, state_since = $2, version = version + 1
     WHERE agent_id = ANY ($1::uuid[]) AND state = 'available' RETURNING agent_id`,
    [stillWaiting.map(({ agentId }) => agentId), now],
  );
  const isHeld = new Set(agents.map((row) => row.agent_id));
  const made = stillWaiting.filter(({ agentId }) => isHeld.has(agentId));
  const unmade = stillWaiting.filter(({ agentId }) => !isHeld.has(agentId));
  if (unmade.length > 0) {
    await tx.execute(`UPDATE routing.contact SET state = 'queued' WHERE contact_id = ANY ($1::uuid[])`, [
      unmade.map(({ contactId }) => contactId),
    ]);
  }
  if (made.length > 0) {
    await tx.execute(
      `INSERT INTO routing.reservation (reservation_id, contact_id, agent_id, state, offered_at, expires_at)
       SELECT reservation_id, contact_id, agent_id, 'pending', $1, $2
       FROM unnest($3::uuid[], $4::uuid[], $5::uuid[]) AS m (reservation_id, contact_id, agent_id)`,
      [now, expiresAt, made.map((m) => m.reservationId), made.map((m) => m.contactId), made.map((m) => m.agentId)],
    );
    await tx.execute(
      `INSERT INTO routing.decision
         (contact_id, reservation_id, agent_id, decided_at, policy_version, rank, reason, candidates)
       SELECT contact_id, reservation_id, agent_id, $1, $2, rank, reason, candidates
       FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::smallint[], $7::text[], $8::jsonb[])
         AS m (contact_id, reservation_id, agent_id, rank, reason, candidates)`,
      [
        now,
        policyVersion,
        made.map((m) => m.contactId),
        made.map((m) => m.reservationId),
        made.map((m) => m.agentId),
        made.map((m) => m.rank),
        made.map((m) => m.reason),
        made.map((m) => JSON.stringify(m.candidates)),
      ],
    );
  }
  return made.map((m) => ({ ...m, customerId: customerOf.get(m.contactId) }));
}

// ------------------------------------------------------------------------------------------------ one contact, one agent

/** The new contact, or the one that this call already is. */
export async function insertContact(
  tx: Tx,
  contact: Omit<ContactRow, 'state' | 'agent_id' | 'connected_at' | 'ended_at' | 'end_cause' | 'version'>,
): Promise<{ readonly contactId: string; readonly isNew: boolean }> {
  const inserted = await tx.execute(
    `INSERT INTO routing.contact (contact_id, source, external_call_id, dialled_code, pool_id, domain, customer_id, tier,
       rank, caller_sealed, caller_index, language, needs, manager_id, policy_version, state, queued_at, promote_at, version)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'queued', $16, $17, 1)
     ON CONFLICT (source, external_call_id) DO NOTHING`,
    [
      contact.contact_id, contact.source, contact.external_call_id, contact.dialled_code, contact.pool_id, contact.domain,
      contact.customer_id, contact.tier, contact.rank, contact.caller_sealed, contact.caller_index, contact.language,
      contact.needs, contact.manager_id, contact.policy_version, contact.queued_at, contact.promote_at,
    ], // prettier-ignore
  );
  if (inserted === 1) return { contactId: contact.contact_id, isNew: true };
  const [known] = await tx.query<{ contact_id: string }>(
    'SELECT contact_id FROM routing.contact WHERE source = $1 AND external_call_id = $2',
    [contact.source, contact.external_call_id],
  );
  return { contactId: known?.contact_id ?? contact.contact_id, isNew: false };
}

export async function readContact(reader: Reader, contactId: string): Promise<ContactRow | undefined> {
  const [row] = await reader.query<ContactRow>('SELECT * FROM routing.contact WHERE contact_id = $1', [contactId]);
  return row;
}

export async function lockContact(tx: Tx, contactId: string): Promise<ContactRow | undefined> {
  const [row] = await tx.query<ContactRow>('SELECT * FROM routing.contact WHERE contact_id = $1 FOR UPDATE', [
    contactId,
  ]);
  return row;
}

type ContactChange = Pick<ContactRow, 'contact_id' | 'state'> &
  Partial<Pick<ContactRow, 'agent_id' | 'connected_at' | 'ended_at' | 'end_cause'>>;

export async function updateContact(tx: Tx, contact: ContactChange): Promise<void> {
  await tx.execute(
    `UPDATE routing.contact SET state = $2, agent_id = COALESCE($3, agent_id), connected_at = COALESCE($4, connected_at),
       ended_at = COALESCE($5, ended_at), end_cause = COALESCE($6, end_cause), version = version + 1 WHERE contact_id = $1`,
    [
      contact.contact_id,
      contact.state,
      contact.agent_id ?? null,
      contact.connected_at ?? null,
      contact.ended_at ?? null,
      contact.end_cause ?? null,
    ],
  );
}

export async function insertAgent(tx: Tx, agent: AgentRow): Promise<boolean> {
  const inserted = await tx.execute(
    `INSERT INTO routing.agent (agent_id, staff_id, kind, pool_id, domain, endpoint, skills, languages, state, state_since,
       created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (endpoint) DO NOTHING`,
    [
      agent.agent_id, agent.staff_id, agent.kind, agent.pool_id, agent.domain, agent.endpoint, agent.skills, agent.languages,
      agent.state, agent.state_since, agent.created_at, agent.version,
    ], // prettier-ignore
  );
  return inserted === 1;
}

export async function readAgent(reader: Reader, agentId: string): Promise<AgentRow | undefined> {
  const [row] = await reader.query<AgentRow>('SELECT * FROM routing.agent WHERE agent_id = $1', [agentId]);
  return row;
}

export async function lockAgent(tx: Tx, agentId: string): Promise<AgentRow | undefined> {
  const [row] = await tx.query<AgentRow>('SELECT * FROM routing.agent WHERE agent_id = $1 FOR UPDATE', [agentId]);
  return row;
}

export interface AgentChange {
  readonly agentId: string;
  readonly state: AgentState;
  readonly now: Date;
  readonly reason?: string | undefined;
  readonly until?: Date;
  /** Keeps the place among the idle: an offer that was withdrawn is not the agent's doing. */
  readonly keepsPlace?: boolean;
  readonly noAnswers?: number;
}

export async function updateAgent(tx: Tx, change: AgentChange): Promise<void> {
  await tx.execute(
    `UPDATE routing.agent SET state = $2, state_since = $3, state_reason = $4, state_until = $5,
       available_since = CASE WHEN $2 = 'available' AND NOT $6 THEN $3 ELSE available_since END,
       no_answers = COALESCE($7, no_answers), version = version + 1
     WHERE agent_id = $1`,
    [
      change.agentId,
      change.state,
      change.now,
      change.reason ?? null,
      change.until ?? null,
      change.keepsPlace ?? false,
      change.noAnswers ?? null,
    ],
  );
}

export async function readReservation(reader: Reader, reservationId: string): Promise<ReservationRow | undefined> {
  const [row] = await reader.query<ReservationRow>('SELECT * FROM routing.reservation WHERE reservation_id = $1', [
    reservationId,
  ]);
  return row;
}

/** The reservation that holds an agent for the contact now. */
export async function liveReservationOfContact(reader: Reader, contactId: string): Promise<ReservationRow | undefined> {
  const [row] = await reader.query<ReservationRow>(
    `SELECT * FROM routing.reservation WHERE contact_id = $1 AND state IN ('pending', 'accepted')`,
    [contactId],
  );
  return row;
}

export async function liveReservationOfAgent(reader: Reader, agentId: string): Promise<ReservationRow | undefined> {
  const [row] = await reader.query<ReservationRow>(
    `SELECT * FROM routing.reservation WHERE agent_id = $1 AND state IN ('pending', 'accepted', 'wrapping')`,
    [agentId],
  );
  return row;
}

/** Contact and agent of the reservation must be locked. */
export async function updateReservation(
  tx: Tx,
  change: {
    readonly reservationId: string;
    readonly state: ReservationState;
    readonly now: Date;
    readonly cause?: string | undefined;
    readonly excludedUntil?: Date;
  },
): Promise<void> {
  await tx.execute(
    `UPDATE routing.reservation SET state = $2, decided_at = COALESCE(decided_at, $3), cause = COALESCE($4, cause),
       excluded_until = COALESCE($5, excluded_until) WHERE reservation_id = $1`,
    [change.reservationId, change.state, change.now, change.cause ?? null, change.excludedUntil ?? null],
  );
}

/** The last contacts whose offer nobody has answered, held for this transaction. Those being decided now are left alone. */
export async function claimExpired(tx: Tx, now: Date, limit: number): Promise<readonly ReservationRow[]> {
  const contacts = await tx.query<{ contact_id: string }>(
    `SELECT c.contact_id FROM routing.reservation r JOIN routing.contact c USING (contact_id)
     WHERE r.state = 'pending' AND r.expires_at <= $1 ORDER BY r.expires_at LIMIT $2 FOR UPDATE OF c SKIP LOCKED`,
    [now, limit],
  );
  // Looked up again under the lock: it may have been decided before the contact was ours.
  return tx.query<ReservationRow>(
    `SELECT * FROM routing.reservation WHERE contact_id = ANY ($1::uuid[]) AND state = 'pending' AND expires_at <= $2
     ORDER BY agent_id`,
    [contacts.map((row) => row.contact_id), now],
  );
}

/** Agents whose time after a call is over, held for this transaction. */
export async function claimWrappedUp(tx: Tx, now: Date, limit: number): Promise<readonly AgentRow[]> {
  return tx.query<AgentRow>(
    `SELECT * FROM routing.agent WHERE state = 'wrapup' AND state_until <= $1 ORDER BY state_until LIMIT $2
     FOR UPDATE SKIP LOCKED`,
    [now, limit],
  );
}

/** Domains in which somebody waits and somebody is idle: to be looked at, in case a kick was lost with its process. */
export async function domainsToMatch(reader: Reader): Promise<readonly string[]> {
  const rows = await reader.query<{ domain: string }>(
    `SELECT DISTINCT domain FROM routing.pool p
     WHERE EXISTS (SELECT FROM routing.contact c WHERE c.domain = p.domain AND c.state = 'queued')
       AND EXISTS (SELECT FROM routing.agent a WHERE a.domain = p.domain AND a.state = 'available')`,
  );
  return rows.map(({ domain }) => domain);
}

/** Gives the waiting contacts of a customer the rank of another level; their place in time stays. */
/** One change per customer. */
export async function reRank(
  tx: Tx,
  changes: readonly { readonly customerId: string; readonly tier: string; readonly rank: number }[],
): Promise<number> {
  return tx.execute(
    `UPDATE routing.contact c SET tier = n.tier, rank = n.rank, version = c.version + 1
     FROM unnest($1::uuid[], $2::text[], $3::int[]) AS n (customer_id, tier, rank)
     WHERE c.customer_id = n.customer_id AND c.state IN ('queued', 'offered')`,
    [changes.map(({ customerId }) => customerId), changes.map(({ tier }) => tier), changes.map(({ rank }) => rank)],
  );
}
