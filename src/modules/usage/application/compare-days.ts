import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { differenceAlarmKey } from '../domain/alarm.js';
import type { Kind } from '../domain/codes.js';
import { differencesOf } from '../domain/reconciliation.js';
import type { SourceDay } from '../domain/source-day.js';
import { countDays, type CountedDay } from '../persistence/day-figures.js';
import { keepDifferences, keepSheet } from '../persistence/day-sheets.js';
import { IntakeAlarms } from '../persistence/intake-alarms.js';

/** Holds what a source says of its days against what is stored (日对账, DOMAIN §4.3.17), and keeps sheets and differences. */
@Injectable()
export class CompareDays {
  constructor(
    private readonly clock: Clock,
    private readonly alarms: IntakeAlarms,
  ) {}

  /** All provinces of these days; closed days stay as they were closed. */
  async execute(tx: Tx, source: string, kind: Kind, dates: readonly string[]): Promise<void> {
    for (const counted of await countDays(tx, source, kind, dates)) await this.keep(tx, { source, kind, ...counted });
  }

  private async keep(tx: Tx, counted: CountedDay & SourceDay): Promise<void> {
    const { source, kind, businessDate } = counted;
    const at = this.clock.now();
    if (!(await keepSheet(tx, source, kind, counted, at))) return;
    const differences = differencesOf(counted.theirs, counted.ours);
    const standing = await keepDifferences(tx, counted, differences, at);
    const key = differenceAlarmKey(counted);
    // That nobody has stated a day yet calls for nobody: it cannot be closed, that is enough.
    const isWrong = standing > differences.filter(({ type }) => type === 'NO_STATEMENT').length;
    if (!isWrong) await this.alarms.clear(tx, key);
    else {
      const { ours, theirs } = counted;
      const detail = { ours: ours.records, theirs: theirs?.records ?? 0, differences: standing };
      await this.alarms.raise(tx, { kind: 'DIFFERENCE', source, recordKind: kind, businessDate, key, detail });
    }
  }
}
