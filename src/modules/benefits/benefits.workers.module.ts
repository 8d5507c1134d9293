import { Module } from '@nestjs/common';
import { BenefitsModule } from './benefits.module.js';
import { RegrantWhenTierChanges } from './listeners/regrant-when-tier-changes.listener.js';

@Module({ imports: [BenefitsModule], providers: [RegrantWhenTierChanges] })
export class BenefitsWorkersModule {}
