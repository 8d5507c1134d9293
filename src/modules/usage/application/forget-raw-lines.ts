import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { EndsRetention, type RetentionRule } from '../../../platform/privacy/index.js';
import { heldExpiredAlarmKey } from '../domain/alarm.js';
import {
  countHeldLines,
  countRejectedLines,
  forgetRejectedLines,
  refuseHeldLines,
} from '../persistence/forgotten-lines.js';
import { IntakeAlarms } from '../persistence/intake-alarms.js';

/** Refused records as they came hold numbers and names; BOSS corrects them within days, if ever. */
@EndsRetention()
@Injectable()
export class ForgetRejectedLines implements RetentionRule {
  readonly retentionClass = 'usage.rejected-line';
  readonly count = countRejectedLines;
  readonly end = forgetRejectedLines;
}

@EndsRetention()
@Injectable()
export class RefuseHeldLines implements RetentionRule {
  readonly retentionClass = 'usage.held-line';
  readonly count = countHeldLines;

  constructor(private readonly alarms: IntakeAlarms) {}

  async end(tx: Tx, before: Date): Promise<number> {
    const expired = await refuseHeldLines(tx, before);
    for (const { source, kind, records } of expired) {
      const key = heldExpiredAlarmKey(source, kind);
      await this.alarms.raise(tx, { kind: 'HELD_EXPIRED', source, recordKind: kind, key, detail: { records } });
    }
    return expired.reduce((sum, { records }) => sum + records, 0);
  }
}
