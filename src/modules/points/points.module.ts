import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/index.js';
import { TieringModule } from '../tiering/index.js';
import { GivePointsBackUseCase } from './application/give-points-back.js';
import { HoldPointsAtMerchants } from './application/hold-points-at-merchants.js';
import { HoldsInCopy } from './application/holds-in-copy.js';
import { SmallPayments } from './application/small-payments.js';
import { PointsInCopy } from './application/points-in-copy.js';
import { FindAccount } from './application/account.query.js';
import { AccruePointsFromBills } from './application/accrue-points-from-bills.run.js';
import { AwardPointsUseCase } from './application/award-points.js';
import { AuditBills } from './application/bill-audit.query.js';
import { CorrectPoints } from './application/correct-points.run.js';
import { FindEarnRuleSets } from './application/earn-rule-sets.query.js';
import { ProvePoints } from './application/prove-points.js';
import { RedeemPointsUseCase } from './application/redeem-points.js';
import { CustomerOfRedemption } from './application/redemption-customer.query.js';
import { FindRedemption } from './application/redemption.query.js';
import { ReverseRedemptionUseCase } from './application/reverse-redemption.js';
import { PointsTotalsQuery } from './application/totals.query.js';
import { BillAuditController } from './http/bill-audit.controller.js';
import { PointsController } from './http/points.controller.js';
import { SmallPaymentsController } from './http/small-payments.controller.js';
import { PointsLedger } from './persistence/points-ledger.js';
import { SingleOperations } from './persistence/single-operations.js';
import { PosPointsFacade } from './pos-points.facade.js';
import { PointsFacade } from './points.facade.js';

@Module({
  imports: [CustomersModule, TieringModule],
  controllers: [PointsController, BillAuditController, SmallPaymentsController],
  providers: [
    PointsInCopy,
    GivePointsBackUseCase,
    HoldPointsAtMerchants,
    HoldsInCopy,
    PosPointsFacade,
    SmallPayments,
    PointsLedger,
    SingleOperations,
    RedeemPointsUseCase,
    ReverseRedemptionUseCase,
    AwardPointsUseCase,
    FindAccount,
    CustomerOfRedemption,
    FindRedemption,
    PointsTotalsQuery,
    ProvePoints,
    AuditBills,
    FindEarnRuleSets,
    AccruePointsFromBills,
    CorrectPoints,
    PointsFacade,
  ],
  exports: [PointsFacade, PosPointsFacade, PointsLedger],
})
export class PointsModule {}
