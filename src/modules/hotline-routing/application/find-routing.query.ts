import { Injectable, Optional } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Database } from '../../../platform/database/index.js';
import { CustomerPlaces, readPage, type ListRequest, type Page } from '../../../platform/http/index.js';
import { covers, type Actor } from '../../../platform/identity/index.js';
import { AccessRegister } from '../../organization/index.js';
import { choose, effectiveRank, type Candidate } from '../domain/choose.js';
import { expectedWaitSeconds, TOP_RANK } from '../domain/policy.js';
import { AgentNotFound, ContactNotFound, ReservationNotFound } from '../domain/refusals.js';
import {
  idleAgents,
  policyInEffect,
  poolsOf,
  readAgent,
  readContact,
  readReservation,
  waitingContacts,
  type AgentRow,
  type ContactRow,
  type ReservationRow,
} from '../persistence/routing-rows.js';

export interface QueuePlace {
  /** 1: the next. */
  readonly position: number;
  /** Undefined while nobody is staffed. */
  readonly expectedWaitSeconds: number | undefined;
}

export interface ReservationWithEndpoint extends ReservationRow {
  readonly endpoint: string;
}

export interface ContactOverview {
  readonly contact: ContactRow;
  /** Only while it waits. */
  readonly place: QueuePlace | undefined;
  /** The last one, decided or not. */
  readonly reservation: ReservationWithEndpoint | undefined;
}

export interface DecisionOverview {
  readonly contactId: string;
  /** When it was taken; now, when the contact still waits. */
  readonly decidedAt: Date;
  readonly policyVersion: number;
  /** The level by which the contact was served: a promoted one counts as the first. */
  readonly rank: number;
  readonly agentId: string | undefined;
  readonly reason: string;
  readonly candidates: readonly Candidate[];
}

export interface PoolLoad {
  readonly poolId: string;
  readonly waiting: number;
  readonly waitingVips: number;
  readonly idle: number;
  readonly staffed: number;
}

const EXPLAINED = 1000;

@Injectable()
export class FindRouting {
  constructor(
    private readonly database: Database,
    private readonly register: AccessRegister,
    private readonly clock: Clock,
    @Optional() private readonly places?: CustomerPlaces,
  ) {}

  /** Whose call it is, is told only to who may see that customer; exchanges serve whoever calls. @throws ContactNotFound */
  async contact(contactId: string, reader?: Actor): Promise<ContactOverview> {
    const overview = await this.justEntered(contactId, reader);
    const { contact } = overview;
    if (reader && contact.customer_id !== null) {
      const entry = { action: 'routing.contact', customerIds: [contact.customer_id], fieldGroups: ['tier'] };
      await this.register.record({ actor: reader, ...entry });
    }
    return overview;
  }

  /** The same, of a call whose arrival is in the register already. @throws ContactNotFound */
  async justEntered(contactId: string, reader?: Actor): Promise<ContactOverview> {
    const known = await this.knownContact(contactId);
    const contact = (await this.mayBeSeen(known, reader)) ? known : { ...known, customer_id: null };
    const [reservation] = await this.database.query<ReservationWithEndpoint>(
      `SELECT r.*, a.endpoint FROM routing.reservation r JOIN routing.agent a USING (agent_id)
       WHERE contact_id = $1 ORDER BY offered_at DESC, reservation_id DESC LIMIT 1`,
      [contactId],
    );
    return { contact, place: await this.placeOf(contact), reservation };
  }

  private async mayBeSeen({ customer_id }: ContactRow, reader: Actor | undefined): Promise<boolean> {
    if (!reader || reader.kind === 'system' || reader.scope.everybody || customer_id === null) return true;
    const [place] = (await this.places?.placesOf([customer_id])) ?? [];
    return place !== undefined && covers(reader.scope, place);
  }

  /** @throws ContactNotFound */
  async position(contactId: string): Promise<{ readonly contact: ContactRow; readonly place: QueuePlace | undefined }> {
    const contact = await this.knownContact(contactId);
    return { contact, place: await this.placeOf(contact) };
  }

  /** Why this agent, or why nobody yet. @throws ContactNotFound */
  async decision(contactId: string): Promise<DecisionOverview> {
    const contact = await this.knownContact(contactId);
    if (contact.state === 'queued') return this.whyItWaits(contact);
    const [row] = await this.database.query<DecisionOverview>(
      `SELECT contact_id AS "contactId", agent_id AS "agentId", decided_at AS "decidedAt",
         policy_version AS "policyVersion", rank, reason, candidates
       FROM routing.decision WHERE contact_id = $1 ORDER BY decided_at DESC, reservation_id DESC LIMIT 1`,
      [contactId],
    );
    return row ?? this.undecided(contact, 'abandoned-before-any-decision');
  }

  /** @throws ReservationNotFound */
  async reservation(reservationId: string): Promise<ReservationWithEndpoint> {
    const reservation = await readReservation(this.database, reservationId);
    const agent = reservation && (await readAgent(this.database, reservation.agent_id));
    if (!reservation || !agent) throw new ReservationNotFound();
    return { ...reservation, endpoint: agent.endpoint };
  }

  /** @throws AgentNotFound */
  async agent(agentId: string): Promise<AgentRow> {
    const agent = await readAgent(this.database, agentId);
    if (!agent) throw new AgentNotFound();
    return agent;
  }

  agents<V extends object>(list: ListRequest, view: (row: AgentRow) => V): Promise<Page<V>> {
    return readPage<AgentRow, V>(this.database, list, { select: 'a.*', from: 'routing.agent a' }, view);
  }

  async loads(): Promise<readonly PoolLoad[]> {
    const { vipFromRank } = await policyInEffect(this.database);
    return this.database.query<PoolLoad>(
      `SELECT p.pool_id AS "poolId",
         (SELECT count(*)::int FROM routing.contact c WHERE c.pool_id = p.pool_id AND c.state = 'queued') AS waiting,
         (SELECT count(*)::int FROM routing.contact c
          WHERE c.pool_id = p.pool_id AND c.state = 'queued' AND c.rank >= $1) AS "waitingVips",
         (SELECT count(*)::int FROM routing.agent a WHERE a.pool_id = p.pool_id AND a.state = 'available') AS idle,
         (SELECT count(*)::int FROM routing.agent a
          WHERE a.pool_id = p.pool_id AND a.state NOT IN ('offline', 'paused')) AS staffed
       FROM routing.pool p ORDER BY p.pool_id`,
      [vipFromRank],
    );
  }

  private async knownContact(contactId: string): Promise<ContactRow> {
    const contact = await readContact(this.database, contactId);
    if (!contact) throw new ContactNotFound();
    return contact;
  }

  private async placeOf(contact: ContactRow): Promise<QueuePlace | undefined> {
    if (contact.state !== 'queued') return undefined;
    const now = this.clock.now();
    const rank = effectiveRank({ rank: contact.rank, promoteAt: contact.promote_at }, now);
    const [row] = await this.database.query<{ ahead: number; staffed: number }>(
      `SELECT
         (SELECT count(*)::int FROM routing.contact c CROSS JOIN LATERAL (
            SELECT CASE WHEN c.promote_at <= $2 THEN ${TOP_RANK} ELSE c.rank END AS rank) e
          WHERE c.pool_id = $1 AND c.domain = $3 AND c.state = 'queued'
            AND (e.rank > $4 OR e.rank = $4 AND (c.queued_at, c.contact_id) < ($5::timestamptz, $6::uuid))) AS ahead,
         (SELECT count(*)::int FROM routing.agent a
          WHERE a.pool_id = $1 AND a.kind <> 'manager' AND a.state NOT IN ('offline', 'paused')) AS staffed`,
      [contact.pool_id, now, contact.domain, rank, contact.queued_at, contact.contact_id],
    );
    const { meanHandleSeconds } = await policyInEffect(this.database);
    const position = (row?.ahead ?? 0) + 1;
    return {
      position,
      expectedWaitSeconds: expectedWaitSeconds({ position, staffed: row?.staffed ?? 0, meanHandleSeconds }),
    };
  }

  private async whyItWaits(contact: ContactRow): Promise<DecisionOverview> {
    const now = this.clock.now();
    const { domain } = contact;
    const state = {
      contacts: await waitingContacts(this.database, { domain, now, limit: EXPLAINED }),
      agents: await idleAgents(this.database, domain),
      pools: await poolsOf(this.database, domain),
      policy: await policyInEffect(this.database),
    };
    const { waits, matches } = choose(state, now);
    const wait = waits.find(({ contactId }) => contactId === contact.contact_id);
    const isNext = matches.some(({ contactId }) => contactId === contact.contact_id);
    return {
      ...(await this.undecided(contact, wait?.reason ?? (isNext ? 'about-to-be-offered' : 'far-behind'))),
      candidates: wait?.candidates ?? [],
    };
  }

  private async undecided(contact: ContactRow, reason: string): Promise<DecisionOverview> {
    const now = this.clock.now();
    return {
      contactId: contact.contact_id,
      decidedAt: contact.ended_at ?? now,
      policyVersion: contact.policy_version,
      rank: effectiveRank({ rank: contact.rank, promoteAt: contact.promote_at }, contact.ended_at ?? now),
      agentId: undefined,
      reason,
      candidates: [],
    };
  }
}
