import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { EndsRetention, type RetentionRule } from '../../../platform/privacy/index.js';
import { PosPointsFacade } from '../../points/index.js';
import { countMessagesBefore, deleteMessagesBefore } from '../persistence/pos-messages.js';

/**
 * Messages that nothing goes on from any more. A terminal can repeat one for a day (its day is near to ours), a return names its original for
 * a year; what is still held or not cleared stays, however old. The sale and the ledger stay.
 */
@EndsRetention()
@Injectable()
export class ForgetPosMessages implements RetentionRule {
  readonly retentionClass = 'merchants.pos-message';

  constructor(private readonly points: PosPointsFacade) {}

  async count(tx: Tx, before: Date): Promise<number> {
    const settled = await this.points.settledBefore(tx);
    return settled ? countMessagesBefore(tx, earlier(before, settled)) : 0;
  }

  async end(tx: Tx, before: Date): Promise<number> {
    const settled = await this.points.settledBefore(tx);
    return settled ? deleteMessagesBefore(tx, earlier(before, settled)) : 0;
  }
}

const earlier = (one: Date, other: Date): Date => (one < other ? one : other);
