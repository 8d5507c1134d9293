import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/index.js';
import { TieringModule } from '../tiering/index.js';
import { controllers, providers } from './areas/index.js';
import { PointsFacade } from './points.facade.js';
import { PosPointsFacade } from './pos-points.facade.js';

const everything = [...providers, PointsFacade, PosPointsFacade];

/** What others may use of it is what `index.ts` shows. */
@Module({
  imports: [CustomersModule, TieringModule],
  controllers,
  providers: everything,
  exports: everything,
})
export class PointsModule {}
