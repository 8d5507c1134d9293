import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { ListensTo, type Delivered, type SetWiseListener } from '../../../platform/events/index.js';
import { TierChanged, TierWillDowngrade } from '../../tiering/index.js';
import { MakeTasksOnEvents } from '../application/make-tasks-on-events.js';
import type { AboutLevel } from '../domain/level-event.js';

@ListensTo<AboutLevel>(TierChanged, TierWillDowngrade)
@Injectable()
export class MakeTasksWhenLevelChanges implements SetWiseListener<AboutLevel> {
  constructor(private readonly tasks: MakeTasksOnEvents) {}

  handleAll(tx: Tx, events: readonly Delivered<AboutLevel>[]): Promise<void> {
    return this.tasks.execute(tx, events);
  }
}
