import { FindAccount } from '../application/ledger/account.query.js';
import { AwardPointsUseCase } from '../application/ledger/award-points.js';
import { CloseAccount } from '../application/ledger/close-account.js';
import { GivePointsBackUseCase } from '../application/ledger/give-points-back.js';
import { MovePoints } from '../application/ledger/move-points.js';
import { PointsInCopy } from '../application/ledger/points-in-copy.js';
import { PointsLists } from '../application/ledger/points-lists.query.js';
import { ReportPointsYear } from '../application/ledger/points-year.query.js';
import { RedeemPointsUseCase } from '../application/ledger/redeem-points.js';
import { CustomerOfRedemption } from '../application/ledger/redemption-customer.query.js';
import { FindRedemption } from '../application/ledger/redemption.query.js';
import { ReverseRedemptionUseCase } from '../application/ledger/reverse-redemption.js';
import { PointsTotalsQuery } from '../application/ledger/totals.query.js';
import { PointsYearController } from '../http/ledger/points-year.controller.js';
import { PointsController } from '../http/ledger/points.controller.js';
import { CloseAccountWhenCustomerDeparts } from '../listeners/close-account-when-customer-departs.listener.js';
import { ReopenAccountWhenCustomerReturns } from '../listeners/reopen-account-when-customer-returns.listener.js';
import { PointsLedger } from '../persistence/ledger/points-ledger.js';
import { SingleOperations } from '../persistence/ledger/single-operations.js';

/** Accounts, and what is redeemed and given back. */
export const ledger = {
  controllers: [PointsController, PointsYearController],
  providers: [
    PointsInCopy,
    GivePointsBackUseCase,
    MovePoints,
    PointsLedger,
    SingleOperations,
    RedeemPointsUseCase,
    ReverseRedemptionUseCase,
    AwardPointsUseCase,
    FindAccount,
    CustomerOfRedemption,
    FindRedemption,
    PointsTotalsQuery,
    PointsLists,
    ReportPointsYear,
  ],
  workers: [CloseAccount, CloseAccountWhenCustomerDeparts, ReopenAccountWhenCustomerReturns],
};
