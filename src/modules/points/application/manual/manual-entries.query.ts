import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../../platform/database/index.js';
import {
  type CustomerResolver,
  type ListRequest,
  type Page,
  readPage,
  ResolvesCustomer,
} from '../../../../platform/http/index.js';
import { ManualEntryNotFound } from '../../domain/manual/refusals-of-gifts.js';
import {
  MANUAL_COLUMNS,
  type ManualEntry,
  manualEntryFrom,
  type ManualRow,
} from '../../persistence/manual/manual-entries.js';

@Injectable()
export class FindManualEntries {
  constructor(private readonly database: Database) {}

  list<V extends object>(list: ListRequest, view: (entry: ManualEntry) => V): Promise<Page<V>> {
    return readPage<ManualRow, V>(
      this.database,
      list,
      { select: MANUAL_COLUMNS, from: 'points.manual_entry m' },
      (row) => view(manualEntryFrom(row)),
    );
  }

  /** @throws ManualEntryNotFound */
  async one(journalId: string): Promise<ManualEntry> {
    const [row] = isId(journalId)
      ? await this.database.query<ManualRow & Record<string, unknown>>(
          `SELECT ${MANUAL_COLUMNS} FROM points.manual_entry m WHERE m.journal_id = $1`,
          [journalId],
        )
      : [];
    if (!row) throw new ManualEntryNotFound();
    return manualEntryFrom(row);
  }
}

@ResolvesCustomer('manualEntry')
@Injectable()
export class CustomerOfManualEntry implements CustomerResolver {
  constructor(private readonly database: Database) {}

  async customerOf(journalId: string): Promise<string | undefined> {
    if (!isId(journalId)) return undefined;
    const [row] = await this.database.query<{ customer_id: string }>(
      'SELECT customer_id FROM points.manual_entry WHERE journal_id = $1',
      [journalId],
    );
    return row?.customer_id;
  }
}
