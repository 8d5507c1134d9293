import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/index.js';
import { OrganizationModule } from '../organization/index.js';
import { UsageInCopy } from './application/usage-in-copy.js';
import { AcknowledgeAlarm } from './application/acknowledge-alarm.js';
import { ChangeSource } from './application/change-source.js';
import { FindAlarms } from './application/find-alarms.query.js';
import { FindSources } from './application/find-sources.query.js';
import { AlarmsController } from './http/alarms.controller.js';
import { SourcesController } from './http/sources.controller.js';
import { CloseFiles } from './application/close-files.js';
import { FindFiles } from './application/find-files.query.js';
import { GatherPushes } from './application/gather-pushes.js';
import { RecordRate } from './application/record-rate.js';
import { FindDroppedFiles } from './application/find-dropped-files.js';
import { LoadDroppedFile } from './application/load-dropped-file.js';
import { IntakeFolder } from './persistence/intake-folder.js';
import { AlarmGauge } from './application/alarm-gauge.js';
import { RaiseKeyAlarm } from './application/raise-key-alarm.js';
import { WatchFeeds } from './application/watch-feeds.js';
import { IntakeMetrics } from './application/intake-metrics.js';
import { IntakePolicy } from './application/intake-policy.js';
import { LoadLines } from './application/load-lines.js';
import { LoadFile } from './application/load-file.js';
import { PushRecords } from './application/push-records.js';
import { ReleaseHeldRecords } from './application/release-held-records.js';
import { CloseDay } from './application/close-day.js';
import { CompareDays } from './application/compare-days.js';
import { ExplainDifference } from './application/explain-difference.js';
import { ReconcileDays } from './application/reconcile-days.js';
import { StateDay } from './application/state-day.js';
import { AuditMonth } from './application/audit-month.query.js';
import { CloseMonth } from './application/close-month.js';
import { FindReconciliations } from './application/find-reconciliations.query.js';
import { SyncStatus } from './application/sync-status.query.js';
import { MonthClosingController } from './http/month-closing.controller.js';
import { ReconciliationController } from './http/reconciliation.controller.js';
import { DecideHeld } from './application/decide-held.js';
import { HeldRecordsController } from './http/held-records.controller.js';
import { DecideReject } from './application/decide-reject.js';
import { DiscloseReject } from './application/disclose-reject.js';
import { FindRejects } from './application/find-rejects.query.js';
import { ReplayRejects } from './application/replay-rejects.run.js';
import { StartRejectReplay } from './application/start-reject-replay.js';
import { RejectsController } from './http/rejects.controller.js';
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
import { ExplainMonth } from './application/explain-month.query.js';
import { MonthFactsController } from './http/month-facts.controller.js';
import { ListUsage } from './application/list-usage.query.js';
import { ReceiveUsage } from './application/receive-usage.js';
import { CorrectUsage } from './application/correct-usage.js';
import { UsageExtras } from './application/usage-extras.js';
import { UsageSpecifications } from './application/usage-specifications.js';
import { UsageHubController } from './http/usage-hub.controller.js';
import { UsageSpecificationController } from './http/usage-specification.controller.js';
import { BillingModule } from './billing.module.js';
import { AuditOrders } from './application/audit-orders.run.js';
import { CrossRegionPayments } from './application/cross-region-payments.query.js';
import { FindOrders } from './application/find-orders.query.js';
import { ReportHandledOrder } from './application/report-handled-order.js';
import { SettleOrder } from './application/settle-order.js';
import { CrossRegionController } from './http/cross-region.controller.js';
import { HandledOrderController } from './http/handled-order.controller.js';

@Module({
  imports: [OrganizationModule, CustomersModule, BillingModule],
  controllers: [
    HandledOrderController,
    CrossRegionController,
    IntakeController,
    AlarmsController,
    SourcesController,
    UsageController,
    UsageSpecificationController,
    UsageHubController,
    MonthFactsController,
    RejectsController,
    MonthClosingController,
    ReconciliationController,
    HeldRecordsController,
  ],
  providers: [
    UsageInCopy,
    AuditOrders,
    CrossRegionPayments,
    FindOrders,
    ReportHandledOrder,
    SettleOrder,
    CustomerOfUsage,
    FindUsage,
    ExplainMonth,
    ListUsage,
    ReceiveUsage,
    CorrectUsage,
    UsageExtras,
    UsageSpecifications,
    ForgetNumbers,
    ForgetRejectedLines,
    RefuseHeldLines,
    IntakeScope,
    LoadFile,
    LoadLines,
    PushRecords,
    AlarmGauge,
    RaiseKeyAlarm,
    WatchFeeds,
    FindDroppedFiles,
    LoadDroppedFile,
    IntakeFolder,
    GatherPushes,
    RecordRate,
    ReleaseHeldRecords,
    FindFiles,
    IntakePolicy,
    AcknowledgeAlarm,
    ChangeSource,
    CloseFiles,
    FindAlarms,
    FindSources,
    FileRegister,
    IntakeAlarms,
    IntakeMetrics,
    SourceRegister,
    DayClosings,
    RejectList,
    FindRejects,
    DecideReject,
    DiscloseReject,
    ReplayRejects,
    StartRejectReplay,
    DecideHeld,
    AuditMonth,
    CloseMonth,
    FindReconciliations,
    SyncStatus,
    CompareDays,
    CloseDay,
    ExplainDifference,
    ReconcileDays,
    StateDay,
    MonthPartitions,
  ],
  exports: [
    IntakeAlarms,
    ReconcileDays,
    ReleaseHeldRecords,
    RaiseKeyAlarm,
    WatchFeeds,
    FindDroppedFiles,
    LoadDroppedFile,
    ForgetNumbers,
  ],
})
export class UsageModule {}
