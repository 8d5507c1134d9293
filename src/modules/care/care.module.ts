import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/index.js';
import { TieringModule } from '../tiering/index.js';
import { AddStandardAction } from './application/add-standard-action.js';
import { CareInCopy } from './application/care-in-copy.js';
import { ChangeStandardAction } from './application/change-standard-action.js';
import { EndTask } from './application/end-task.js';
import { MakeTasks } from './application/make-tasks.run.js';
import { FindNotices } from './application/notices.query.js';
import { ReportNotice } from './application/report-notice.js';
import { FindStandardActions } from './application/standard-actions.query.js';
import { TellWhatWasEarned } from './application/tell-what-was-earned.run.js';
import { FindTasks } from './application/tasks.query.js';
import { CareNoticesController } from './http/notices.controller.js';
import { StandardActionsController } from './http/standard-actions.controller.js';
import { CareTasksController } from './http/tasks.controller.js';

@Module({
  imports: [CustomersModule, TieringModule],
  controllers: [StandardActionsController, CareTasksController, CareNoticesController],
  providers: [
    CareInCopy,
    FindStandardActions,
    AddStandardAction,
    ChangeStandardAction,
    MakeTasks,
    TellWhatWasEarned,
    FindTasks,
    EndTask,
    FindNotices,
    ReportNotice,
  ],
})
export class CareModule {}
