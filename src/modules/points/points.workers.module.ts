import { Module } from '@nestjs/common';
import { workers } from './areas/index.js';
import { PointsModule } from './points.module.js';

@Module({ imports: [PointsModule], providers: workers })
export class PointsWorkersModule {}
