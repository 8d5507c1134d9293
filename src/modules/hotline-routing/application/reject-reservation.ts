import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import { moveAgent } from '../domain/agent.js';
import { reject } from '../domain/reservation.js';
import { policyInEffect, updateAgent, updateContact, updateReservation } from '../persistence/routing-rows.js';
import { holdReservation } from './hold-reservation.js';
import { Kicks } from './kicks.js';

@Injectable()
export class RejectReservation {
  constructor(
    private readonly transaction: Transaction,
    private readonly kicks: Kicks,
    private readonly clock: Clock,
  ) {}

  /**
   * The agent does not take the call: it goes back to its place, and for a while not to this agent again.
   * @throws ReservationNotFound, ReservationDecided
   */
  async execute(reservationId: string, cause: string | undefined): Promise<void> {
    const domain = await this.transaction.run(async (tx) => {
      const { reservation, contact, agent } = await holdReservation(tx, reservationId);
      const state = reject(reservation);
      if (state === reservation.state) return undefined;
      const { excludeSeconds } = await policyInEffect(tx);
      const now = this.clock.now();
      await updateContact(tx, { contact_id: contact.contact_id, state: 'queued' });
      await updateAgent(tx, { agentId: agent.agent_id, state: moveAgent(agent.state, 'available'), now });
      const excludedUntil = new Date(now.getTime() + excludeSeconds * 1000);
      await updateReservation(tx, { reservationId, state, now, cause, excludedUntil });
      return contact.domain;
    });
    if (domain !== undefined) await this.kicks.kick(domain);
  }
}
