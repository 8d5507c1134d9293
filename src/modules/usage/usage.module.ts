import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/index.js';
import { OrganizationModule } from '../organization/index.js';
import { UsageInCopy } from './application/usage-in-copy.js';
import { CloseFiles } from './application/close-files.js';
import { FindFiles } from './application/find-files.query.js';
import { IntakeMetrics } from './application/intake-metrics.js';
import { IntakePolicy } from './application/intake-policy.js';
import { LoadLines } from './application/load-lines.js';
import { LoadFile } from './application/load-file.js';
import { PushRecords } from './application/push-records.js';
import { ReleaseHeldRecords } from './application/release-held-records.js';
import { DayClosings } from './persistence/day-closings.js';
import { RejectList } from './persistence/reject-list.js';
import { IntakeAlarms } from './persistence/intake-alarms.js';
import { SourceRegister } from './persistence/source-register.js';
import { FileRegister } from './persistence/file-register.js';
import { MonthPartitions } from './persistence/month-partitions.js';
import { IntakeController } from './http/intake.controller.js';
import { IntakeScope } from './http/intake-scope.js';
import { UsageController } from './http/usage.controller.js';
import { CustomerOfUsage } from './application/usage-customer.query.js';
import { ForgetNumbers } from './application/forget-numbers.js';
import { ForgetRejectedLines, RefuseHeldLines } from './application/forget-raw-lines.js';
import { FindUsage } from './application/find-usage.query.js';
import { UsageFacade } from './usage.facade.js';

@Module({
  imports: [OrganizationModule, CustomersModule],
  controllers: [IntakeController, UsageController],
  providers: [
    UsageInCopy,
    CustomerOfUsage,
    FindUsage,
    ForgetNumbers,
    ForgetRejectedLines,
    RefuseHeldLines,
    IntakeScope,
    LoadFile,
    LoadLines,
    PushRecords,
    ReleaseHeldRecords,
    FindFiles,
    IntakePolicy,
    CloseFiles,
    FileRegister,
    IntakeAlarms,
    IntakeMetrics,
    SourceRegister,
    DayClosings,
    RejectList,
    MonthPartitions,
    UsageFacade,
  ],
  exports: [UsageFacade, ForgetNumbers],
})
export class UsageModule {}
