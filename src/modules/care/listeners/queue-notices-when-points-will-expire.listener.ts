import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { ListensTo, type Delivered, type SetWiseListener } from '../../../platform/events/index.js';
import { ExpiryNotified } from '../../points/index.js';
import { QueueNoticesOfPoints, type ToldOfExpiry } from '../application/queue-notices-of-points.js';

@ListensTo<ToldOfExpiry>(ExpiryNotified)
@Injectable()
export class QueueNoticesWhenPointsWillExpire implements SetWiseListener<ToldOfExpiry> {
  constructor(private readonly notices: QueueNoticesOfPoints) {}

  handleAll(tx: Tx, events: readonly Delivered<ToldOfExpiry>[]): Promise<void> {
    return this.notices.execute(
      tx,
      events.map(({ payload }) => payload),
    );
  }
}
