import { Module } from '@nestjs/common';

/** Nothing of the customers runs later yet. */
@Module({})
export class CustomersWorkersModule {}
