import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { actionsOn } from '../persistence/standard-actions.js';
import { makeTasksOnEvents } from '../persistence/tasks.js';
import { levelEventsOf, type DeliveredAboutLevel } from './level-events.js';

/** What is to be done because a level was raised, lowered, or will be (TIER-11): two statements, however many the levels. */
@Injectable()
export class MakeTasksOnEvents {
  constructor(private readonly clock: Clock) {}

  async execute(tx: Tx, told: readonly DeliveredAboutLevel[]): Promise<void> {
    const today = businessDate(this.clock.now());
    await makeTasksOnEvents(tx, { events: levelEventsOf(told, today), actions: await actionsOn(tx, today), today });
  }
}
