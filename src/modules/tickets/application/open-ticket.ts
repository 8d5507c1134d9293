import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { isId, newId, Transaction, type Tx } from '../../../platform/database/index.js';
import { Outbox } from '../../../platform/events/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { CustomerNotFound, type CustomerSeals, CustomersFacade } from '../../customers/index.js';
import { TieringFacade } from '../../tiering/index.js';
import { TicketOpened } from '../domain/events.js';
import { CustomerMissing, ExternalIdTaken, TicketNotFound } from '../domain/refusals.js';
import { clockDueAt } from '../domain/service-clock.js';
import { targetFor } from '../domain/service-level.js';
import { openTicket } from '../domain/ticket.js';
import type { RelatedParty, TicketRecord } from '../domain/ticket-record.js';
import {
  appendNotes,
  appendStatusChange,
  claimExternalId,
  customerOfTicket,
  insertTicket,
  readTicket,
} from '../persistence/ticket-rows.js';
import { serviceLevelsAt } from '../persistence/service-levels.js';
import { splitParties } from './split-parties.js';

export interface NewTicket {
  readonly description: string;
  readonly severity: string;
  readonly ticketType: string;
  readonly name?: string | undefined;
  /** Unique among the tickets that the same actor opens: the same again, with the same content, is the same ticket. */
  readonly externalId?: string | undefined;
  readonly requestedResolutionDate?: Date | undefined;
  /** One of them has the role `customer`. */
  readonly relatedParty: readonly RelatedParty[];
  readonly notes?: readonly string[];
  readonly extension?: Readonly<Record<string, unknown>>;
}

@Injectable()
export class OpenTicket {
  constructor(
    private readonly transaction: Transaction,
    private readonly customers: CustomersFacade,
    private readonly tiering: TieringFacade,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** @throws CustomerMissing, CustomerNotFound, CustomerIsErased, ExternalIdTaken */
  async execute(asked: NewTicket, actor: Pick<Actor, 'id' | 'name'>): Promise<TicketRecord> {
    const { customerId, others } = splitParties(asked.relatedParty);
    if (customerId === undefined) throw new CustomerMissing();
    if (!isId(customerId)) throw new CustomerNotFound();
    const tier = await this.tiering.tierOf(customerId);
    return this.transaction.run(async (tx) => {
      const { region } = await this.customers.profileOf(customerId, tx);
      const now = this.clock.now();
      const seals = await this.customers.sealsToWrite(tx, [customerId], now);
      const ticketId = newId();
      const same = await this.alreadyOpened(tx, asked, actor, ticketId, seals);
      if (same) return same;

      const levels = await serviceLevelsAt(tx, now, region);
      const serviceRank = this.tiering.serviceRank(tier);
      const { severity } = asked;
      const ticket: TicketRecord = {
        ...openTicket({ now, severity, serviceRank, target: targetFor(levels, tier, severity) }),
        ticketId,
        customerId,
        source: actor.id,
        externalId: asked.externalId,
        ticketType: asked.ticketType,
        name: asked.name,
        description: asked.description,
        statusReason: undefined,
        statusAt: now,
        tier,
        serviceLevelVersion: levels.version,
        requestedResolutionAt: asked.requestedResolutionDate,
        resolvedAt: undefined,
        otherParties: others,
        extension: asked.extension ?? {},
        openedAt: now,
        updatedAt: now,
        version: 1,
        statusChanges: [{ status: 'acknowledged', reason: undefined, changedAt: now }],
        notes: (asked.notes ?? []).map((text) => ({ noteId: newId(), author: actor.name, text, writtenAt: now })),
      };
      await insertTicket(tx, ticket, seals);
      const { status } = ticket;
      await appendStatusChange(tx, ticket, { status, changedAt: now, nth: 1, actorId: actor.id });
      await appendNotes(tx, ticket, ticket.notes);
      await this.outbox.publish(
        tx,
        TicketOpened,
        {
          ticketId,
          customerId,
          ticketType: ticket.ticketType,
          severity,
          priority: ticket.priority,
          expectedResolutionDate: clockDueAt(ticket.resolution).toISOString(),
        },
        { customerId, occurredAt: now },
      );
      tx.audit({ action: 'tickets.open', objectType: 'TroubleTicket', objectId: ticketId, customerId, after: ticket });
      return ticket;
    });
  }

  private async alreadyOpened(
    tx: Tx,
    asked: NewTicket,
    actor: Pick<Actor, 'id'>,
    ticketId: string,
    seals: CustomerSeals,
  ): Promise<TicketRecord | undefined> {
    const { externalId } = asked;
    if (externalId === undefined) return undefined;
    const requestHash = hashOf(asked);
    const held = await claimExternalId(tx, { source: actor.id, externalId, ticketId, requestHash });
    if (!held) return undefined;
    if (!held.requestHash.equals(requestHash)) throw new ExternalIdTaken();
    const customerId = await customerOfTicket(tx, held.ticketId);
    const ticket = customerId && (await readTicket(tx, { customerId, ticketId: held.ticketId }, seals));
    if (!ticket) throw new TicketNotFound();
    return ticket;
  }
}

/** The same content in whatever order of attributes. */
const hashOf = (asked: NewTicket): Buffer =>
  createHash('sha256')
    .update(JSON.stringify(sorted(asked)))
    .digest();

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, sorted(inner)]);
}
