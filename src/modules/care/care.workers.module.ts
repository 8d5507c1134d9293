import { Module } from '@nestjs/common';
import { MakeTasksOnEvents } from './application/make-tasks-on-events.js';
import { QueueNoticesOfPoints } from './application/queue-notices-of-points.js';
import { QueueNotices } from './application/queue-notices.js';
import { CareModule } from './care.module.js';
import { ForgetOutcomesWhenCustomerIsErased } from './listeners/forget-outcomes-when-customer-is-erased.listener.js';
import { MakeTasksWhenLevelChanges } from './listeners/make-tasks-when-level-changes.listener.js';
import { QueueNoticesWhenLevelChanges } from './listeners/queue-notices-when-level-changes.listener.js';
import { QueueNoticesWhenPointsWillExpire } from './listeners/queue-notices-when-points-will-expire.listener.js';

@Module({
  imports: [CareModule],
  providers: [
    MakeTasksOnEvents,
    MakeTasksWhenLevelChanges,
    QueueNotices,
    QueueNoticesWhenLevelChanges,
    QueueNoticesOfPoints,
    QueueNoticesWhenPointsWillExpire,
    ForgetOutcomesWhenCustomerIsErased,
  ],
})
export class CareWorkersModule {}
