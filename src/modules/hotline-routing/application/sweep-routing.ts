import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Database, Transaction, type Tx } from '../../../platform/database/index.js';
import { Outbox } from '../../../platform/events/index.js';
import { afterNoAnswer, moveAgent } from '../domain/agent.js';
import { ReservationExpired } from '../domain/events.js';
import type { RoutingPolicy } from '../domain/policy.js';
import { expire } from '../domain/reservation.js';
import {
  claimExpired,
  claimWrappedUp,
  domainsToMatch,
  liveReservationOfAgent,
  lockAgent,
  policyInEffect,
  readContact,
  updateAgent,
  updateContact,
  updateReservation,
  type ReservationRow,
} from '../persistence/routing-rows.js';
import { Kicks } from './kicks.js';

const BATCH = 50;

/**
 * Every second: offers that nobody has answered, agents whose time after a call is over, and domains in which somebody
 * waits while somebody is idle. The rows say what is due; any number of sweeps may run at once.
 */
@Injectable()
export class SweepRouting {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly kicks: Kicks,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async execute(): Promise<{ readonly expired: number; readonly wrappedUp: number }> {
    const expired = await this.untilNoMore(() => this.transaction.run((tx) => this.expire(tx)));
    const wrappedUp = await this.untilNoMore(() => this.transaction.run((tx) => this.endWrapUps(tx)));
    await Promise.all((await domainsToMatch(this.database)).map((domain) => this.kicks.kick(domain)));
    return { expired, wrappedUp };
  }

  private async untilNoMore(batch: () => Promise<number>): Promise<number> {
    for (let total = 0; ;) {
      const done = await batch();
      total += done;
      if (done < BATCH) return total;
    }
  }

  private async expire(tx: Tx): Promise<number> {
    const now = this.clock.now();
    const reservations = await claimExpired(tx, now, BATCH);
    if (reservations.length === 0) return 0;
    const policy = await policyInEffect(tx);
    for (const reservation of reservations) await this.expireOne(tx, reservation, policy, now);
    return reservations.length;
  }

  private async expireOne(tx: Tx, reservation: ReservationRow, policy: RoutingPolicy, now: Date): Promise<void> {
    const { reservation_id: reservationId, contact_id: contactId, agent_id: agentId } = reservation;
    const state = expire({ state: reservation.state, expiresAt: reservation.expires_at }, now);
    if (state === reservation.state) return;
    const agent = await lockAgent(tx, agentId);
    const contact = await readContact(tx, contactId);
    await updateContact(tx, { contact_id: contactId, state: 'queued' });
    if (agent) {
      const noAnswers = agent.no_answers + 1;
      const next = moveAgent(agent.state, afterNoAnswer(noAnswers, policy.noAnswersBeforePause));
      const reason = next === 'paused' ? 'no-answer' : undefined;
      await updateAgent(tx, { agentId, state: next, now, noAnswers: next === 'paused' ? 0 : noAnswers, reason });
    }
    const excludedUntil = new Date(now.getTime() + policy.excludeSeconds * 1000);
    await updateReservation(tx, { reservationId, state, now, cause: 'no-answer', excludedUntil });
    await this.outbox.publish(
      tx,
      ReservationExpired,
      { reservationId, contactId, agentId },
      { customerId: contact?.customer_id ?? undefined, occurredAt: reservation.expires_at },
    );
  }

  private async endWrapUps(tx: Tx): Promise<number> {
    const now = this.clock.now();
    const agents = await claimWrappedUp(tx, now, BATCH);
    for (const { agent_id: agentId, state } of agents) {
      const reservation = await liveReservationOfAgent(tx, agentId);
      if (reservation)
        await updateReservation(tx, { reservationId: reservation.reservation_id, state: 'completed', now });
      await updateAgent(tx, { agentId, state: moveAgent(state, 'available'), now });
    }
    return agents.length;
  }
}
