import { headOf } from '../../../platform/http/index.js';
import { maskTexts } from '../../../platform/privacy/index.js';
import { keyOfRow, type ReceivedRow, type RefusedRow, type UsageRow } from '../application/find-usage.query.js';
import { usageSpecifications } from '../application/usage-specification.resource.js';
import { usages } from '../application/usage.resource.js';
import type { UsageExtra } from '../domain/usage-attributes.js';
import { receivedUsageId, refusedUsageId, storedUsageId } from '../domain/usage-id.js';
import { shippedSpecificationId } from '../domain/usage-specification.js';
import { yuanOf } from '../domain/yuan.js';
import type { UsageCharacteristic, UsageView } from './usage.dto.js';

export const usageView = (row: UsageRow, { tmf = {}, ...more }: UsageExtra, showsAmounts: boolean): UsageView => ({
  ...maskTexts(tmf),
  ...headOf(usages, storedUsageId(keyOfRow(row))),
  usageDate: row.event_time,
  usageType: row.usage_type,
  status: row.status,
  usageCharacteristic: characteristics({
    recordId: row.record_id,
    version: row.version,
    operation: row.operation,
    refRecordId: row.ref_record_id,
    source: row.source,
    counterpartyClass: row.counterparty_class,
    durationSec: row.duration_sec,
    volumeKB: row.volume_kb,
    count: row.event_count,
    regionHome: row.region_home,
    regionVisited: row.region_visited,
    forwarded: row.forwarded,
    tariffCode: row.tariff_code,
    receivedAt: row.received_at?.toISOString() ?? null,
    ...maskTexts(more),
  }),
  ...(showsAmounts && {
    ratedProductUsage: [
      {
        taxIncludedRatingAmount: yuanOf(row.fee_fen),
        taxExcludedRatingAmount: yuanOf(row.fee_fen - row.tax_fen),
        isBilled: row.status === 'billed',
      },
    ],
  }),
  relatedParty: [{ id: row.customer_id, role: 'customer', '@referredType': 'Customer' }],
  usageSpecification: specificationRef(ownSpecificationOf(tmf) ?? shippedSpecificationId(row.usage_type)),
});

function ownSpecificationOf({ usageSpecification: own }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof own === 'object' && own !== null && 'id' in own && typeof own.id === 'string' ? own.id : undefined;
}

/** Of what is nobody's only that it is there, and why. */
export const usageOfIntakeView = (row: ReceivedRow | RefusedRow): UsageView => {
  if (row.is === 'received') {
    const { source, record_id: recordId, version, reason } = row;
    return {
      ...headOf(usages, receivedUsageId({ source, recordId, version })),
      status: 'received',
      usageCharacteristic: characteristics({ recordId, version, source, reason }),
    };
  }
  const { intake_id: intakeId, line_no: lineNo, source, record_id: recordId, code, field, reason } = row;
  return {
    ...headOf(usages, refusedUsageId({ intakeId, lineNo })),
    status: 'rejected',
    usageCharacteristic: characteristics({ recordId, source, code, field, reason }),
  };
};

const specificationRef = (id: string): UsageView['usageSpecification'] => {
  const { href } = headOf(usageSpecifications, id);
  return { id, href, '@referredType': 'UsageSpecification' };
};

const characteristics = (values: Readonly<Record<string, unknown>>): UsageCharacteristic[] =>
  Object.entries(values).flatMap(([name, value]) =>
    value === null ? [] : [{ name, value, valueType: typeof value === 'number' ? 'integer' : typeof value }],
  );
