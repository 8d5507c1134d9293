import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { EndsRetention, type RetentionRule } from '../../../platform/privacy/index.js';
import { countCallers, forgetCallers, forgetCallersOf } from '../persistence/forgotten-callers.js';

/** From which number somebody called is forgotten; how long he waited and who answered stays. */
@EndsRetention()
@Injectable()
export class ForgetCallers implements RetentionRule {
  readonly retentionClass = 'routing.caller';
  readonly count = countCallers;
  readonly end = forgetCallers;

  async ofCustomer(tx: Tx, customerId: string): Promise<void> {
    await forgetCallersOf(tx, customerId);
  }
}
