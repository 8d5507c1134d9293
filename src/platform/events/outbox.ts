import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.js';
import { newId, type Tx } from '../database/index.js';
import type { EventType } from './event.js';

export interface About {
  /** Whose event it is; events of one customer are delivered in order. */
  readonly customerId?: string | undefined;
  /** When it happened in the business. */
  readonly occurredAt: Date;
}

/**
 * Announces what a transaction has done, in that transaction: what is not saved is not announced, what is saved is.
 *
 * A run that announces by the hundred thousand writes to the table itself, in the statement that makes the facts:
 * ```sql
 * INSERT INTO platform.outbox (name, customer_id, payload, occurred_at, recorded_at)
 * SELECT 'tiering.TierChanged', d.customer_id, jsonb_build_object('customerId', d.customer_id, …), $1, $2 FROM …
 * ```
 * These five columns are the published ones; `position` and `event_id` are given by the table, the rest is the relay's.
 */
@Injectable()
export class Outbox {
  constructor(private readonly clock: Clock) {}

  publish<Payload extends object>(tx: Tx, event: EventType<Payload>, payload: Payload, about: About): Promise<void> {
    return this.publishMany(tx, event, [{ ...about, payload }]);
  }

  /** One statement for all of them; they are delivered in the order given. */
  async publishMany<Payload extends object>(
    tx: Tx,
    event: EventType<Payload>,
    events: readonly (About & { readonly payload: Payload })[],
  ): Promise<void> {
    if (events.length === 0) return;
    await tx.execute(
      `INSERT INTO platform.outbox (event_id, name, customer_id, payload, occurred_at, recorded_at)
       SELECT event_id, $1, customer_id, payload, occurred_at, $2
       FROM unnest($3::uuid[], $4::uuid[], $5::jsonb[], $6::timestamptz[])
         WITH ORDINALITY AS e (event_id, customer_id, payload, occurred_at, nth)
       ORDER BY nth`,
      [
        event.name,
        this.clock.now(),
        events.map(() => newId()),
        events.map(({ customerId }) => customerId ?? null),
        events.map(({ payload }) => JSON.stringify(payload)),
        events.map(({ occurredAt }) => occurredAt),
      ],
    );
  }
}
