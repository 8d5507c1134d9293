import { Module } from '@nestjs/common';
import { CloseAccount } from './application/close-account.js';
import { CloseAccountWhenCustomerDeparts } from './listeners/close-account-when-customer-departs.listener.js';
import { CorrectPointsWhenClosedMonthsChanged } from './listeners/correct-points-when-closed-months-changed.listener.js';
import { ReopenAccountWhenCustomerReturns } from './listeners/reopen-account-when-customer-returns.listener.js';
import { PointsModule } from './points.module.js';

@Module({
  imports: [PointsModule],
  providers: [
    CloseAccount,
    CloseAccountWhenCustomerDeparts,
    ReopenAccountWhenCustomerReturns,
    CorrectPointsWhenClosedMonthsChanged,
  ],
})
export class PointsWorkersModule {}
