import { Module } from '@nestjs/common';
import { MakeTasksOnEvents } from './application/make-tasks-on-events.js';
import { CareModule } from './care.module.js';
import { ForgetOutcomesWhenCustomerIsErased } from './listeners/forget-outcomes-when-customer-is-erased.listener.js';
import { MakeTasksWhenLevelChanges } from './listeners/make-tasks-when-level-changes.listener.js';

@Module({
  imports: [CareModule],
  providers: [MakeTasksOnEvents, MakeTasksWhenLevelChanges, ForgetOutcomesWhenCustomerIsErased],
})
export class CareWorkersModule {}
