import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { newId, type Tx } from '../../../platform/database/index.js';
import { wordsOf } from '../domain/notice.js';
import { queueNotices, templates } from '../persistence/notices.js';
import { levelEventsOf, type DeliveredAboutLevel } from './level-events.js';

/** What customers are told of their level (TIER-06, TIER-11): two statements, however many the levels. */
@Injectable()
export class QueueNotices {
  constructor(private readonly clock: Clock) {}

  async execute(tx: Tx, told: readonly DeliveredAboutLevel[]): Promise<void> {
    const at = this.clock.now();
    const templateOf = await templates(tx);
    const notices = levelEventsOf(told, businessDate(at)).flatMap((event) => {
      const template = templateOf.get(event.kind);
      return template === undefined ? [] : [{ ...event, noticeId: newId(), words: wordsOf(template, event) }];
    });
    if (notices.length > 0) await queueNotices(tx, notices, at);
  }
}
