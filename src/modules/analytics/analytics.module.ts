import { Module } from '@nestjs/common';
import { AnalyticsFacade } from './analytics.facade.js';
import { AssessChurn } from './application/assess-churn.run.js';

@Module({ providers: [AnalyticsFacade, AssessChurn], exports: [AnalyticsFacade] })
export class AnalyticsModule {}
