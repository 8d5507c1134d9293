import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction, type Tx } from '../../../platform/database/index.js';
import { Outbox } from '../../../platform/events/index.js';
import { moveAgent } from '../domain/agent.js';
import { hangUp } from '../domain/contact.js';
import { ContactEnded } from '../domain/events.js';
import { ContactNotFound } from '../domain/refusals.js';
import { release } from '../domain/reservation.js';
import {
  liveReservationOfContact,
  lockAgent,
  lockContact,
  policyInEffect,
  updateAgent,
  updateContact,
  updateReservation,
} from '../persistence/routing-rows.js';
import { Kicks } from './kicks.js';

@Injectable()
export class EndContact {
  constructor(
    private readonly transaction: Transaction,
    private readonly kicks: Kicks,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * The call is over, however far it had come: `completed` after a talk, else `abandoned`. Said again it changes nothing.
   * @throws ContactNotFound
   */
  async execute(
    contactId: string,
    { at, cause }: { readonly at?: Date | undefined; readonly cause?: string | undefined },
  ): Promise<void> {
    const domain = await this.transaction.run(async (tx) => {
      const contact = await lockContact(tx, contactId);
      if (!contact) throw new ContactNotFound();
      const state = hangUp(contact.state);
      if (state === contact.state) return undefined;
      const now = this.clock.now();
      const endedAt = at && at < now ? at : now;
      const isAgentFreed = await this.release(tx, contactId, contact.state === 'connected', now);
      await updateContact(tx, { contact_id: contactId, state, ended_at: endedAt, end_cause: cause ?? null });
      const { queued_at: queuedAt, connected_at: connectedAt } = contact;
      await this.outbox.publish(
        tx,
        ContactEnded,
        {
          contactId,
          outcome: state,
          tier: contact.tier,
          waitedSeconds: seconds(queuedAt, connectedAt ?? endedAt),
          talkedSeconds: connectedAt ? seconds(connectedAt, endedAt) : 0,
        },
        { customerId: contact.customer_id ?? undefined, occurredAt: endedAt },
      );
      return isAgentFreed ? contact.domain : undefined;
    });
    if (domain !== undefined) await this.kicks.kick(domain);
  }

  /** Lets the agent go: after a talk to write it up, else back to the idle. Returns whether somebody is idle now. */
  private async release(tx: Tx, contactId: string, wasConnected: boolean, now: Date): Promise<boolean> {
    const reservation = await liveReservationOfContact(tx, contactId);
    const agent = reservation && (await lockAgent(tx, reservation.agent_id));
    if (!reservation || !agent) return false;
    const { wrapUpSeconds } = await policyInEffect(tx);
    const { agent_id: agentId } = agent;
    await updateReservation(tx, {
      reservationId: reservation.reservation_id,
      state: release(reservation.state, wasConnected),
      now,
    });
    if (wasConnected) {
      const until = new Date(now.getTime() + wrapUpSeconds * 1000);
      await updateAgent(tx, { agentId, state: moveAgent(agent.state, 'wrapup'), now, until });
      return false;
    }
    const keepsPlace = reservation.state === 'pending';
    await updateAgent(tx, { agentId, state: moveAgent(agent.state, 'available'), now, keepsPlace });
    return true;
  }
}

const seconds = (from: Date, to: Date): number => Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000));
