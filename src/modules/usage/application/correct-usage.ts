import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { Outbox } from '../../../platform/events/index.js';
import { AttributeNotPatchable, mergePatch } from '../../../platform/http/index.js';
import { canonicalJson, maskTexts, meantBy } from '../../../platform/privacy/index.js';
import { CustomersFacade } from '../../customers/index.js';
import { LAYOUT } from '../domain/field-table.js';
import { fieldsSaidBy, saidBeside, type UsageAttributes, type UsageExtra } from '../domain/usage-attributes.js';
import { UsageCancelled, UsageCorrected, UsageSuperseded as VersionSuperseded } from '../domain/usage-events.js';
import { storedUsageId } from '../domain/usage-id.js';
import { UsageChanged, UsageOwnerGone, UsageRefused, UsageSuperseded } from '../domain/usage-refusals.js';
import { FindUsage, keyOfRow, storedKeyOf, type UsageRow } from './find-usage.query.js';
import { PushRecords, type RecordOutcome } from './push-records.js';
import { UsageExtras } from './usage-extras.js';

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
    private readonly extras: UsageExtras,
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
    const before = this.extras.of(row);
    const changes = changesOf(row, patch);
    const extra = extraAfter(before, changes, patch);
    const fields = Object.entries(changes).filter(([name]) => IN_CONTRACT.has(name));
    if (fields.length === 0 && canonicalJson(extra) === canonicalJson(before)) return storedUsageId(keyOfRow(row));
    return this.version(row, 'CORRECT', { ...Object.fromEntries(fields), ...extra });
  }

  /** @throws UsageSuperseded, UsageChanged, UsageOwnerGone, UsageRefused */
  async cancel(row: UsageRow): Promise<void> {
    await this.version(row, 'CANCEL', this.extras.of(row));
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
      const about = { customerId: row.customer_id, occurredAt: this.clock.now() };
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
  // Amounts replace amounts: of a tax that is not said any more nothing is known.
  const said = { ...(patch.ratedProductUsage && { taxFen: 0 }), ...fieldsSaidBy(patch) };
  const present = fieldsOf(row);
  const wrong = Object.entries(said).flatMap(([name, value]) =>
    FIXED.includes(name) && value !== fixed[name] ? [name] : [],
  );
  if (patch.status !== undefined && patch.status !== row.status) wrong.push('status');
  if (patch.relatedParty?.some(({ id }) => id !== row.customer_id)) wrong.push('relatedParty');
  if (wrong.length > 0) throw new AttributeNotPatchable(wrong, Object.keys(present));
  return Object.fromEntries(
    Object.entries(said).filter(([name, value]) => !FIXED.includes(name) && value !== present[name]),
  );
}

/** What the version says beyond the contract: what was said before, merged with the patch. A mask that is sent back says nothing new. */
function extraAfter(before: UsageExtra, changes: Fields, patch: UsagePatch): UsageExtra {
  const { tmf: said = {}, ...more } = before;
  const named = Object.fromEntries(Object.entries(changes).filter(([name]) => !IN_CONTRACT.has(name)));
  const characteristics = { ...more, ...(meantBy(named, maskTexts(more), more) as object) };
  const tmf = mergePatch(said, meantBy(saidBeside(patch), maskTexts(said), said)) as Fields;
  return {
    ...Object.fromEntries(Object.entries(characteristics).filter(([, value]) => value !== '')),
    ...(Object.keys(tmf).length > 0 && { tmf }),
  };
}

const IN_CONTRACT: ReadonlySet<string> = new Set([...LAYOUT.USG.names, ...LAYOUT.USG.added]);

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
  receivedAt: row.received_at?.toISOString() ?? '',
});
