import { Module } from '@nestjs/common';
import { ForgetNumbersWhenCustomerIsErased } from './listeners/forget-numbers-when-customer-is-erased.listener.js';
import { UsageModule } from './usage.module.js';

@Module({ imports: [UsageModule], providers: [ForgetNumbersWhenCustomerIsErased] })
export class UsageWorkersModule {}
