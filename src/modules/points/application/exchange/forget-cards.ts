import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../../platform/database/index.js';
import { EndsRetention, type RetentionRule } from '../../../../platform/privacy/index.js';
import { countShownCards, forgetCardsOf, forgetShownCards } from '../../persistence/exchange/exchange-orders.js';

@Injectable()
export class ForgetCards {
  ofCustomer(tx: Tx, customerId: string): Promise<void> {
    return forgetCardsOf(tx, customerId);
  }
}

/** A card that was shown is kept for as long as it may be shown again. */
@EndsRetention()
@Injectable()
export class ForgetShownCards implements RetentionRule {
  readonly retentionClass = 'points.shown-card';
  readonly count = countShownCards;
  readonly end = forgetShownCards;
}
