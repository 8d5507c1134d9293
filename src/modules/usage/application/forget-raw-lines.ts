import { Injectable } from '@nestjs/common';
import { EndsRetention, type RetentionRule } from '../../../platform/privacy/index.js';
import {
  countHeldLines,
  countRejectedLines,
  forgetRejectedLines,
  refuseHeldLines,
} from '../persistence/forgotten-lines.js';

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
  readonly end = refuseHeldLines;
}
