import { Module } from '@nestjs/common';

/** Analytics listens to nothing: its runs are carried out by the platform. */
@Module({})
export class AnalyticsWorkersModule {}
