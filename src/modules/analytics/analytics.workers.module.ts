import { Module } from '@nestjs/common';
import { ReassessChurnWhenClosedMonthsChanged } from './listeners/reassess-churn-when-closed-months-changed.listener.js';

@Module({ providers: [ReassessChurnWhenClosedMonthsChanged] })
export class AnalyticsWorkersModule {}
