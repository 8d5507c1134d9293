import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { Outbox } from '../../../platform/events/index.js';
import { AttributeNotPatchable } from '../../../platform/http/index.js';
import { CustomersFacade } from '../../customers/index.js';
import { fieldsSaidBy, saidBeside, type UsageAttributes } from '../domain/usage-attributes.js';
import { UsageCancelled, UsageCorrected, UsageSuperseded as VersionSuperseded } from '../domain/usage-events.js';
import { storedUsageId } from '../domain/usage-id.js';
import { UsageChanged, UsageOwnerGone, UsageRefused, UsageSuperseded } from '../domain/usage-refusals.js';
import { FindUsage, keyOfRow, storedKeyOf, type UsageRow } from './find-usage.query.js';
import { PushRecords, type RecordOutcome } from './push-records.js';

type Fields = Readonly<Record<string, unknown>>;

/** A merge patch. Clients send whole resources back, so what cannot be changed may be there as it is. */
export interface UsagePatch extends UsageAttributes {
  readonly status?: string | undefined;
  readonly relatedParty?: readonly { readonly id: string }[] | undefined;
  readonly usageSpecification?: { readonly id: string } | undefined;
}

/**
 * Corrects a stored record, or takes it back, as billing would: by a later version that goes the way of all records. What was said
 * before stays.
 */
@Injectable()
export class CorrectUsage {
  constructor(
    private readonly find: FindUsage,
    private readonly pushRecords: PushRecords,
    private readonly customers: CustomersFacade,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * The id of the version that counts now: that of the record itself when the patch changes nothing.
   * @throws AttributeNotPatchable, InvalidUsage, UsageSuperseded, UsageChanged, UsageOwnerGone, UsageRefused
   */
  async correct(row: UsageRow, patch: UsagePatch): Promise<string> {
    const changes = { ...changesOf(row, patch), ...saidBeside(patch) };
    if (Object.keys(changes).length === 0) return storedUsageId(keyOfRow(row));
    return this.version(row, 'CORRECT', changes);
  }

  /** @throws UsageSuperseded, UsageChanged, UsageOwnerGone, UsageRefused */
  async cancel(row: UsageRow): Promise<void> {
    await this.version(row, 'CANCEL', {});
  }

  private async version(row: UsageRow, operation: 'CORRECT' | 'CANCEL', changes: Fields): Promise<string> {
    if (row.status === 'recycled' || row.status === 'rejected') throw new UsageSuperseded(row.status);
    const { source } = row;
    const name = await this.customers.billingNameOf(row.customer_id, source);
    if (!name) throw new UsageOwnerGone();
    const recordId = row.ref_record_id ?? row.record_id;
    const version = 1 + Math.max(...(await this.find.versionsOf(row)));
    const record = { ...fieldsOf(row), ...changes, ...name, operation, recordId, refRecordId: recordId, version };

    let usageId = '';
    const announce = async (tx: Tx, [outcome]: readonly RecordOutcome[]): Promise<void> => {
      if (outcome?.outcome === 'HELD') throw UsageRefused.because(outcome); // it would be a correction that nobody sees
      const key = await storedKeyOf(tx, { source, recordId, version });
      if (key) usageId = storedUsageId(key);
      if (outcome?.outcome !== 'ACCEPTED') return;
      const about = { occurredAt: this.clock.now() };
      const before = storedUsageId(keyOfRow(row));
      if (operation === 'CANCEL') return this.outbox.publish(tx, UsageCancelled, { usageId: before }, about);
      await this.outbox.publish(tx, UsageCorrected, { usageId }, about);
      await this.outbox.publish(tx, VersionSuperseded, { usageId: before }, about);
    };
    const [result] = await this.pushRecords.execute('USG', source, [record], announce);
    if (result?.outcome === 'REJECTED' && result.code === 'E_CONFLICT') throw new UsageChanged();
    if (!result || result.outcome === 'REJECTED') throw UsageRefused.because(result);
    return usageId;
  }
}

/** What the patch changes of the record's own fields. @throws AttributeNotPatchable, InvalidUsage */
export function changesOf(row: UsageRow, patch: UsagePatch): Fields {
  const fixed: Fields = {
    recordId: row.record_id,
    version: row.version,
    operation: row.operation,
    refRecordId: row.ref_record_id,
    source: row.source,
  };
  const said = fieldsSaidBy(patch);
  const present = fieldsOf(row);
  const wrong = Object.keys(said).filter((name) => FIXED.includes(name) && said[name] !== fixed[name]);
  if (patch.status !== undefined && patch.status !== row.status) wrong.push('status');
  if (patch.relatedParty?.some(({ id }) => id !== row.customer_id)) wrong.push('relatedParty');
  if (wrong.length > 0) throw new AttributeNotPatchable(wrong, Object.keys(present));
  return Object.fromEntries(
    Object.entries(said).filter(([name, value]) => !FIXED.includes(name) && value !== present[name]),
  );
}

const FIXED: readonly string[] = [
  'recordId',
  'version',
  'operation',
  'refRecordId',
  'source',
  'msisdn',
  'accountNo',
  'imsi',
];

/** What a record says of its event, by the contract's names. */
export const fieldsOf = (row: UsageRow): Fields => ({
  eventType: row.usage_type,
  eventTime: row.event_time.toISOString(),
  counterpartyClass: row.counterparty_class,
  durationSec: row.duration_sec,
  volumeKB: row.volume_kb,
  count: row.event_count,
  feeFen: row.fee_fen,
  taxFen: row.tax_fen,
  regionHome: row.region_home ?? '',
  regionVisited: row.region_visited ?? '',
  forwarded: row.forwarded ?? '',
  tariffCode: row.tariff_code ?? '',
});
