import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { newId, Transaction, type Tx } from '../../../platform/database/index.js';
import { Outbox } from '../../../platform/events/index.js';
import { applyMergePatch } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { maskFreeText, meantBy } from '../../../platform/privacy/index.js';
import { CustomersFacade } from '../../customers/index.js';
import { TicketStatusChanged } from '../domain/events.js';
import { CustomerIsFixed, NoteIsKept, TicketChanged, TicketNotFound } from '../domain/refusals.js';
import { targetFor } from '../domain/service-level.js';
import { statuses, type Status } from '../domain/status.js';
import { assertMayChange, changeSeverity, changeStatus } from '../domain/ticket.js';
import type { Note, RelatedParty, TicketRecord } from '../domain/ticket-record.js';
import {
  appendNotes,
  appendStatusChange,
  customerOfTicket,
  lockTicket,
  readTicket,
  updateTicket,
} from '../persistence/ticket-rows.js';
import { serviceLevelsOfVersion } from '../persistence/service-levels.js';
import { announceBreaches } from './announce-breaches.js';
import { splitParties } from './split-parties.js';
import { KNOWN_ATTRIBUTES, masked, troubleTicketOf, troubleTickets } from './ticket.resource.js';

/** Notes as a client sends them: those without a known id are new. */
export type SentNote = { readonly id?: string; readonly text: string };

/** A checked merge patch; attributes that are not named here are kept as they come. */
export interface TicketPatch {
  readonly status?: Status;
  readonly statusChangeReason?: string | null;
  readonly note?: readonly SentNote[];
  readonly relatedParty?: readonly RelatedParty[];
  readonly [attribute: string]: unknown;
}

@Injectable()
export class ChangeTicket {
  constructor(
    private readonly transaction: Transaction,
    private readonly customers: CustomersFacade,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * Applies a merge patch; the status moves by its rules, and the clocks with it.
   * @param expectedVersion refuses the change when the ticket has another version (`If-Match`).
   * @throws TicketNotFound, TicketChanged, TicketHasEnded, IllegalStatusChange, AttributeNotPatchable, CustomerIsFixed, NoteIsKept,
   * CustomerIsErased
   */
  execute(
    { ticketId, expectedVersion }: { readonly ticketId: string; readonly expectedVersion?: number | undefined },
    patch: TicketPatch,
    actor: Pick<Actor, 'id' | 'name'>,
  ): Promise<TicketRecord> {
    return this.transaction.run(async (tx) => {
      const customerId = await customerOfTicket(tx, ticketId);
      if (!customerId) throw new TicketNotFound();
      const now = this.clock.now();
      const seals = await this.customers.sealsToWrite(tx, [customerId], now);
      const before = await lockTicket(tx, { customerId, ticketId }, seals);
      if (!before) throw new TicketNotFound();
      if (expectedVersion !== undefined && expectedVersion !== before.version) {
        throw new TicketChanged(expectedVersion, before.version);
      }
      assertMayChange(before);

      const notes = newNotes(before, patch.note ?? [], actor, now);
      const after = await this.revise(tx, { ...before, notes: [...before.notes, ...notes] }, patch, now);
      await updateTicket(tx, { ...after, updatedAt: now, version: before.version + 1 }, seals);
      await appendNotes(tx, after, notes);
      if (after.status !== before.status) await this.announceStatus(tx, before, after, actor, now);
      // Also those that the sweep has not seen yet: a ticket solved too late was late.
      await announceBreaches(tx, this.outbox, after, now);
      const stored = await readTicket(tx, after, seals);
      if (!stored) throw new TicketNotFound();
      tx.audit({
        action: 'tickets.change',
        objectType: 'TroubleTicket',
        objectId: ticketId,
        customerId,
        before,
        after: stored,
        reason: patch.statusChangeReason ?? undefined,
      });
      return stored;
    });
  }

  private async revise(tx: Tx, before: TicketRecord, patch: TicketPatch, now: Date): Promise<TicketRecord> {
    const { note: _notes, relatedParty, ...rest } = patch;
    const stored = troubleTicketOf(before);
    const meant = meantBy(rest, masked(stored), stored) as object;
    const merged: Readonly<Record<string, unknown>> = { ...applyMergePatch(stored, meant, troubleTickets) };
    const text = (name: string): string | undefined => {
      const value = merged[name];
      return typeof value === 'string' ? value : undefined;
    };
    const status = statuses.find((one) => one === merged['status']) ?? before.status;
    const severity = text('severity') ?? before.severity;
    const requested = merged['requestedResolutionDate'];

    let ticket: TicketRecord = {
      ...before,
      description: text('description') ?? before.description,
      ticketType: text('ticketType') ?? before.ticketType,
      name: text('name'),
      requestedResolutionAt: requested instanceof Date ? requested : undefined,
      otherParties: relatedParty ? partiesOf(before, relatedParty) : before.otherParties,
      extension: Object.fromEntries(Object.entries(merged).filter(([name]) => !KNOWN_ATTRIBUTES.has(name))),
    };
    if (severity !== before.severity) {
      const levels = await serviceLevelsOfVersion(tx, before.serviceLevelVersion);
      ticket = { ...ticket, ...changeSeverity(ticket, severity, targetFor(levels, ticket.tier, severity)) };
    }
    if (status === before.status) return ticket;
    // A reason belongs to one change: without a new one, that of the last is not repeated.
    const reason = patch.statusChangeReason ?? undefined;
    return {
      ...ticket,
      ...changeStatus(ticket, status, now),
      statusAt: now,
      statusReason: reason,
      statusChanges: [...before.statusChanges, { status, reason, changedAt: now }],
      resolvedAt: status === 'resolved' ? now : status === 'closed' ? ticket.resolvedAt : undefined,
    };
  }

  private async announceStatus(
    tx: Tx,
    before: TicketRecord,
    after: TicketRecord,
    actor: Pick<Actor, 'id'>,
    now: Date,
  ): Promise<void> {
    const { ticketId, customerId, status } = after;
    const nth = after.statusChanges.length;
    await appendStatusChange(tx, after, { status, changedAt: now, nth, actorId: actor.id });
    await this.outbox.publish(
      tx,
      TicketStatusChanged,
      { ticketId, customerId, from: before.status, to: status },
      { customerId, occurredAt: now },
    );
  }
}

/** @throws CustomerIsFixed */
function partiesOf({ customerId }: TicketRecord, sent: readonly RelatedParty[]): readonly RelatedParty[] {
  const { customerId: named, others } = splitParties(sent);
  if (named !== undefined && named !== customerId) throw new CustomerIsFixed();
  return others;
}

/** @throws NoteIsKept */
function newNotes(
  ticket: TicketRecord,
  sent: readonly SentNote[],
  actor: Pick<Actor, 'name'>,
  now: Date,
): readonly Note[] {
  const kept = new Map(ticket.notes.map(({ noteId, text }) => [noteId, text]));
  return sent.flatMap(({ id, text }) => {
    const known = id === undefined ? undefined : kept.get(id);
    if (known === undefined) return [{ noteId: newId(), author: actor.name, text, writtenAt: now }];
    if (known !== text && maskFreeText(known) !== text) throw new NoteIsKept();
    return [];
  });
}
