import { Module } from '@nestjs/common';
import { AnalyticsFacade } from './analytics.facade.js';
import { AnalyticsInCopy } from './application/analytics-in-copy.js';
import { AssessChurn } from './application/assess-churn.run.js';
import { ChurnRiskQuery } from './application/churn-risk.query.js';
import { ReassessChurn } from './application/reassess-churn.run.js';
import { ValuePyramidQuery } from './application/value-pyramid.query.js';
import { AnalyticsController } from './http/analytics.controller.js';

@Module({
  controllers: [AnalyticsController],
  providers: [AnalyticsInCopy, AnalyticsFacade, AssessChurn, ReassessChurn, ChurnRiskQuery, ValuePyramidQuery],
  exports: [AnalyticsFacade],
})
export class AnalyticsModule {}
