import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import { PREVIEW_DAYS } from '../domain/life-of-a-rule-set.js';
import { forgetNamesBefore } from '../persistence/previews.js';

const DAY_MS = 86_400_000;

/** Whom a preview names is kept as long as it can be approved by; its figures stay. */
@Injectable()
export class ForgetNamesOfPreviews {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    const until = new Date(this.clock.now().getTime() - PREVIEW_DAYS * DAY_MS);
    await this.transaction.run((tx) => forgetNamesBefore(tx, until));
  }
}
