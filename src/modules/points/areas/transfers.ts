import { PayeeRegister } from '../application/transfers/payee-register.js';
import { DecideTransfer, LapseTransfers, TransferPointsUseCase } from '../application/transfers/transfer-points.js';
import { TransfersInCopy } from '../application/transfers/transfers-in-copy.js';
import { FindPointsTransfers } from '../application/transfers/transfers.query.js';
import { WatchTransfers } from '../application/transfers/watch-transfers.js';
import { PointsTransfersController } from '../http/transfers/transfers.controller.js';
import { LapseTransfersJob } from '../jobs/lapse-transfers.job.js';

/** Points that customers give one another (积分转赠). */
export const transfers = {
  controllers: [PointsTransfersController],
  providers: [
    TransfersInCopy,
    PayeeRegister,
    TransferPointsUseCase,
    DecideTransfer,
    FindPointsTransfers,
    WatchTransfers,
  ],
  workers: [LapseTransfers, LapseTransfersJob],
};
