import { Module } from '@nestjs/common';
import { ReviewTiers } from './application/review-tiers.run.js';
import { TieringFacade } from './tiering.facade.js';

@Module({ providers: [TieringFacade, ReviewTiers], exports: [TieringFacade] })
export class TieringModule {}
