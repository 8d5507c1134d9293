import { Injectable } from '@nestjs/common';
import { EndsRetention, type RetentionRule } from '../../../platform/privacy/index.js';
import { countRegisterLines } from '../persistence/old-register-lines.js';

/** The application may not take lines out of its own registers: an administrator of the database detaches their months. */
@EndsRetention()
@Injectable()
export class ReportOldRegisterLines implements RetentionRule {
  readonly retentionClass = 'organization.access-register';
  readonly count = countRegisterLines;
}
