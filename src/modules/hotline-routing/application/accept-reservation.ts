import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import { moveAgent } from '../domain/agent.js';
import { accept } from '../domain/reservation.js';
import { updateAgent, updateReservation } from '../persistence/routing-rows.js';
import { holdReservation } from './hold-reservation.js';

@Injectable()
export class AcceptReservation {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @throws ReservationNotFound, ReservationTooLate, ReservationDecided, ReservationRescinded */
  execute(reservationId: string): Promise<void> {
    return this.transaction.run(async (tx) => {
      const { reservation, agent } = await holdReservation(tx, reservationId);
      const now = this.clock.now();
      const state = accept({ state: reservation.state, expiresAt: reservation.expires_at }, now);
      if (state === reservation.state) return;
      await updateAgent(tx, { agentId: agent.agent_id, state: moveAgent(agent.state, 'busy'), now, noAnswers: 0 });
      await updateReservation(tx, { reservationId, state, now });
    });
  }
}
