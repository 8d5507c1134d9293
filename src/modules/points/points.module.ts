import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/index.js';
import { TieringModule } from '../tiering/index.js';
import { ActivatePoints } from './application/activate-points.run.js';
import { EarningInCopy } from './application/earning-in-copy.js';
import { AuctionsInCopy } from './application/auctions-in-copy.js';
import { FindAuctions } from './application/auctions.query.js';
import { GroupsInCopy } from './application/groups-in-copy.js';
import { KeyPersonRegister } from './application/key-person-register.js';
import { MovePoints } from './application/move-points.js';
import { OpenAuctionUseCase } from './application/open-auction.js';
import { PayeeRegister } from './application/payee-register.js';
import { PlaceBidUseCase } from './application/place-bid.js';
import { RedeemForGroupUseCase } from './application/redeem-for-group.js';
import { DecideTransfer, TransferPointsUseCase } from './application/transfer-points.js';
import { TransfersInCopy } from './application/transfers-in-copy.js';
import { FindPointsTransfers } from './application/transfers.query.js';
import { WatchTransfers } from './application/watch-transfers.js';
import { AuctionsController } from './http/auctions.controller.js';
import { GroupAccountsController } from './http/group-accounts.controller.js';
import { PointsTransfersController } from './http/transfers.controller.js';
import { GivePointsBackUseCase } from './application/give-points-back.js';
import { HoldPointsAtMerchants } from './application/hold-points-at-merchants.js';
import { HoldsInCopy } from './application/holds-in-copy.js';
import { SmallPayments } from './application/small-payments.js';
import { PointsInCopy } from './application/points-in-copy.js';
import { FindAccount } from './application/account.query.js';
import { expiryParts } from './expiry.parts.js';
import { AccruePointsFromBills } from './application/accrue-points-from-bills.run.js';
import { AwardPointsUseCase } from './application/award-points.js';
import { AuditBills } from './application/bill-audit.query.js';
import { CorrectPoints } from './application/correct-points.run.js';
import { FindEarnRuleSets } from './application/earn-rule-sets.query.js';
import { QuotePointsQuery } from './application/quote-points.js';
import { ProofOfTheNight } from './application/proof-of-the-night.js';
import { ProvePoints } from './application/prove-points.js';
import { RedeemPointsUseCase } from './application/redeem-points.js';
import { CustomerOfRedemption } from './application/redemption-customer.query.js';
import { FindRedemption } from './application/redemption.query.js';
import { ReverseRedemptionUseCase } from './application/reverse-redemption.js';
import { PointsTotalsQuery } from './application/totals.query.js';
import { BillAuditController } from './http/bill-audit.controller.js';
import { PointsController } from './http/points.controller.js';
import { ProofController } from './http/proof.controller.js';
import { QuoteController } from './http/quote.controller.js';
import { SmallPaymentsController } from './http/small-payments.controller.js';
import { PointsLedger } from './persistence/points-ledger.js';
import { SingleOperations } from './persistence/single-operations.js';
import { campaignsParts } from './campaigns.parts.js';
import { PosPointsFacade } from './pos-points.facade.js';
import { PointsMoneyModule } from './points-money.module.js';
import { PointsFacade } from './points.facade.js';
import { exchangeParts } from './exchange.parts.js';

@Module({
  imports: [CustomersModule, TieringModule, PointsMoneyModule],
  controllers: [
    ...exchangeParts.controllers,
    ...campaignsParts.controllers,
    PointsController,
    ProofController,
    BillAuditController,
    ...expiryParts.controllers,
    PointsTransfersController,
    AuctionsController,
    GroupAccountsController,
    QuoteController,
    SmallPaymentsController,
  ],
  providers: [
    ...exchangeParts.providers,
    ...campaignsParts.providers,
    PointsInCopy,
    ...expiryParts.providers,
    GivePointsBackUseCase,
    HoldPointsAtMerchants,
    HoldsInCopy,
    PosPointsFacade,
    SmallPayments,
    TransfersInCopy,
    PayeeRegister,
    MovePoints,
    TransferPointsUseCase,
    DecideTransfer,
    FindPointsTransfers,
    WatchTransfers,
    AuctionsInCopy,
    OpenAuctionUseCase,
    PlaceBidUseCase,
    FindAuctions,
    GroupsInCopy,
    KeyPersonRegister,
    RedeemForGroupUseCase,
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
    ProofOfTheNight,
    AuditBills,
    FindEarnRuleSets,
    AccruePointsFromBills,
    CorrectPoints,
    ActivatePoints,
    QuotePointsQuery,
    EarningInCopy,
    PointsFacade,
  ],
  exports: [...exchangeParts.providers, PointsFacade, PosPointsFacade, PointsLedger, SingleOperations, ProofOfTheNight],
})
export class PointsModule {}
