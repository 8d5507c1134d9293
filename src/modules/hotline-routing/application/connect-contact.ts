import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import { Outbox } from '../../../platform/events/index.js';
import { moveAgent } from '../domain/agent.js';
import { connect } from '../domain/contact.js';
import { ContactConnected } from '../domain/events.js';
import { ContactNotFound, ContactNotOffered } from '../domain/refusals.js';
import {
  liveReservationOfContact,
  lockAgent,
  lockContact,
  updateAgent,
  updateContact,
  updateReservation,
} from '../persistence/routing-rows.js';

@Injectable()
export class ConnectContact {
  constructor(
    private readonly transaction: Transaction,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * Caller and agent talk. A platform that says only this, and no accept, is believed: it is a fact.
   * @param at when it happened, by the platform's clock; default now.
   * @throws ContactNotFound, ContactNotOffered
   */
  execute(contactId: string, at: Date | undefined): Promise<void> {
    return this.transaction.run(async (tx) => {
      const contact = await lockContact(tx, contactId);
      if (!contact) throw new ContactNotFound();
      const state = connect(contact.state);
      if (state === contact.state) return;
      const reservation = await liveReservationOfContact(tx, contactId);
      const agent = reservation && (await lockAgent(tx, reservation.agent_id));
      if (!reservation || !agent) throw new ContactNotOffered(contact.state);
      const now = this.clock.now();
      const connectedAt = at && at < now ? at : now;
      await updateContact(tx, { contact_id: contactId, state, agent_id: agent.agent_id, connected_at: connectedAt });
      if (reservation.state === 'pending') {
        await updateAgent(tx, { agentId: agent.agent_id, state: moveAgent(agent.state, 'busy'), now, noAnswers: 0 });
        await updateReservation(tx, { reservationId: reservation.reservation_id, state: 'accepted', now });
      }
      await this.outbox.publish(
        tx,
        ContactConnected,
        {
          contactId,
          agentId: agent.agent_id,
          tier: contact.tier,
          waitedSeconds: secondsBetween(contact.queued_at, connectedAt),
        },
        { customerId: contact.customer_id ?? undefined, occurredAt: connectedAt },
      );
    });
  }
}

const secondsBetween = (from: Date, to: Date): number =>
  Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000));
