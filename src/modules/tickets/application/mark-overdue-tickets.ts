import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import { Outbox } from '../../../platform/events/index.js';
import { breachesOf } from '../domain/ticket.js';
import { claimOverdue, stopWatching } from '../persistence/ticket-rows.js';
import { announceBreaches } from './announce-breaches.js';

const BATCH = 200;

/** Finds the tickets whose time has run out and says so, once. Several sweeps at the same time share the work. */
@Injectable()
export class MarkOverdueTickets {
  constructor(
    private readonly transaction: Transaction,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Returns the number of breaches that it announced. */
  async execute(): Promise<number> {
    let announced = 0;
    for (;;) {
      const { found, fresh } = await this.sweep();
      announced += fresh;
      if (found < BATCH) return announced;
    }
  }

  private sweep(): Promise<{ readonly found: number; readonly fresh: number }> {
    return this.transaction.run(async (tx) => {
      const now = this.clock.now();
      const tickets = await claimOverdue(tx, now, BATCH);
      let fresh = 0;
      for (const ticket of tickets) {
        fresh += await announceBreaches(tx, this.outbox, ticket, now);
        await stopWatching(tx, ticket.ticketId, breachesOf(ticket, now));
      }
      return { found: tickets.length, fresh };
    });
  }
}
