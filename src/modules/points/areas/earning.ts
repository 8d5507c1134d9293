import { AccruePointsFromBills } from '../application/earning/accrue-points-from-bills.run.js';
import { ActivatePoints } from '../application/earning/activate-points.run.js';
import { AuditBills } from '../application/earning/bill-audit.query.js';
import { CorrectPoints } from '../application/earning/correct-points.run.js';
import { DraftEarnRules } from '../application/earning/draft-earn-rules.js';
import { FindEarnRuleDrafts } from '../application/earning/earn-rule-drafts.query.js';
import { FindEarnRuleSets } from '../application/earning/earn-rule-sets.query.js';
import { EarningInCopy } from '../application/earning/earning-in-copy.js';
import { ProposeEarnRules, PutApprovedEarnRulesInForce } from '../application/earning/put-earn-rules-in-force.js';
import { QuotePointsQuery } from '../application/earning/quote-points.js';
import { BillAuditController } from '../http/earning/bill-audit.controller.js';
import { EarnRuleDraftsController } from '../http/earning/earn-rule-drafts.controller.js';
import { QuoteController } from '../http/earning/quote.controller.js';
import { CorrectPointsWhenClosedMonthsChanged } from '../listeners/correct-points-when-closed-months-changed.listener.js';

/** Points that bills earn (积分累计), and the rules for that. */
export const earning = {
  controllers: [BillAuditController, QuoteController, EarnRuleDraftsController],
  providers: [
    AuditBills,
    FindEarnRuleSets,
    AccruePointsFromBills,
    CorrectPoints,
    ActivatePoints,
    QuotePointsQuery,
    EarningInCopy,
    DraftEarnRules,
    FindEarnRuleDrafts,
    ProposeEarnRules,
    PutApprovedEarnRulesInForce,
  ],
  workers: [CorrectPointsWhenClosedMonthsChanged],
};
