import { Module } from '@nestjs/common';

/** Nothing of usage runs later: intake is finished when it is answered. */
@Module({})
export class UsageWorkersModule {}
