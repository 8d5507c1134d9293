import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { type Delivered, ListensTo, type SetWiseListener } from '../../../platform/events/index.js';
import { FindHugeBills } from '../application/find-huge-bills.js';
import { RecordsLoaded } from '../domain/events.js';

type Loaded = NonNullable<(typeof RecordsLoaded)['payload']>;

@Injectable()
@ListensTo(RecordsLoaded)
export class FindHugeBillsWhenBillsAreLoaded implements SetWiseListener<Loaded> {
  constructor(private readonly finding: FindHugeBills) {}

  async handleAll(tx: Tx, events: readonly Delivered<Loaded>[]): Promise<void> {
    const bills = events.map(({ payload }) => payload).filter(({ kind }) => kind === 'BIL');
    for (const lane of ['backfill', 'normal'] as const) {
      const intakeIds = bills.filter((loaded) => loaded.lane === lane).map(({ intakeId }) => intakeId);
      if (intakeIds.length > 0) await this.finding.amongBillsOf(tx, intakeIds, lane === 'backfill');
    }
  }
}
