import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { ListensTo, type Delivered, type SetWiseListener } from '../../../platform/events/index.js';
import { TierChanged, TierRetained, TierWillDowngrade } from '../../tiering/index.js';
import { QueueNotices } from '../application/queue-notices.js';
import type { AboutLevel } from '../domain/level-event.js';

@ListensTo<AboutLevel>(TierChanged, TierWillDowngrade, TierRetained)
@Injectable()
export class QueueNoticesWhenLevelChanges implements SetWiseListener<AboutLevel> {
  constructor(private readonly notices: QueueNotices) {}

  handleAll(tx: Tx, events: readonly Delivered<AboutLevel>[]): Promise<void> {
    return this.notices.execute(tx, events);
  }
}
