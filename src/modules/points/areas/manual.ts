import { FreezeAccount } from '../application/manual/freeze-account.js';
import { HandOnTheLedger } from '../application/manual/hand-on-the-ledger.js';
import { CustomerOfManualEntry, FindManualEntries } from '../application/manual/manual-entries.query.js';
import { AdjustApprovedPoints, GiveApprovedPoints, PostByHand } from '../application/manual/post-by-hand.js';
import { ManualPointsController } from '../http/manual/manual-points.controller.js';

/** What people give, take and freeze by hand. */
export const manual = {
  controllers: [ManualPointsController],
  providers: [
    HandOnTheLedger,
    PostByHand,
    GiveApprovedPoints,
    AdjustApprovedPoints,
    FindManualEntries,
    CustomerOfManualEntry,
    FreezeAccount,
  ],
};
