import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Metrics } from '../../../platform/telemetry/index.js';
import { FeedBacklog } from '../application/feed-backlog.query.js';

/** What an operator watches: items that have no number yet, subscribers that fall behind, files that nobody acknowledges. */
@Injectable()
export class FeedGauges {
  constructor(metrics: Metrics, backlog: FeedBacklog) {
    const behind = metrics.gauge(
      'feed_subscriber_behind_items',
      'Items that the slowest subscriber has not accepted yet',
    );
    const unacknowledged = metrics.gauge(
      'feed_unacknowledged_files',
      'Published files that no receiver has acknowledged',
    );
    new Gauge({
      name: 'guibin_feed_waiting_items',
      help: 'Items that wait for their number',
      registers: [metrics.registry],
      async collect() {
        const found = await backlog.execute();
        this.set(found.waiting);
        behind.set(found.behind);
        unacknowledged.set(found.unacknowledged);
      },
    });
  }
}
