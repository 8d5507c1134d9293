import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Metrics } from '../telemetry/index.js';
import { Relay } from './relay.js';

/** What an operator watches: events that wait, those that no listener could take, and how late delivery is. */
@Injectable()
export class OutboxGauges {
  constructor(metrics: Metrics, relay: Relay) {
    const parked = metrics.gauge(
      'outbox_parked_events',
      'Events given up after their last attempt; they need a person',
    );
    const oldest = metrics.gauge('outbox_oldest_waiting_seconds', 'Age of the oldest event that waits for delivery');
    new Gauge({
      name: 'guibin_outbox_waiting_events',
      help: 'Events that wait for delivery',
      registers: [metrics.registry],
      async collect() {
        const backlog = await relay.backlog();
        this.set(backlog.waiting);
        parked.set(backlog.parked);
        oldest.set(backlog.oldestWaitingSeconds);
      },
    });
  }
}
