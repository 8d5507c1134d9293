import { Module } from '@nestjs/common';
import { EndLevelWhenCustomerDeparts } from './listeners/end-level-when-customer-departs.listener.js';

@Module({ providers: [EndLevelWhenCustomerDeparts] })
export class TieringWorkersModule {}
