/** By what a usage record is known: the key of its row, so that it is found without a directory of a billion records. */
export interface StoredUsageKey {
  readonly customerId: string;
  /** First day of its month, `YYYY-MM-DD`. */
  readonly month: string;
  readonly source: string;
  readonly recordId: string;
  readonly version: number;
}

export type UsageKey =
  | ({ readonly is: 'stored' } & StoredUsageKey)
  /** It waits, or has waited. */
  | { readonly is: 'received'; readonly source: string; readonly recordId: string; readonly version: number }
  | { readonly is: 'refused'; readonly intakeId: string; readonly lineNo: number };

export const storedUsageId = ({ customerId, month, source, recordId, version }: StoredUsageKey): string =>
  [customerId, month.slice(0, 7).replace('-', ''), source, recordId, version].join('~');

export const receivedUsageId = (key: { source: string; recordId: string; version: number }): string =>
  ['received', key.source, key.recordId, key.version].join('~');

export const refusedUsageId = (key: { intakeId: string; lineNo: number }): string =>
  ['rejected', key.intakeId, key.lineNo].join('~');

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const IDENTITY = '(?<source>[A-Z0-9]{2,12})~(?<recordId>[\\w.-]{1,64})~(?<version>[1-9]\\d{0,4})';
const STORED = new RegExp(`^(?<customerId>${UUID})~(?<year>\\d{4})(?<month>0[1-9]|1[0-2])~${IDENTITY}$`);
const RECEIVED = new RegExp(`^received~${IDENTITY}$`);
const REFUSED = new RegExp(`^rejected~(?<intakeId>${UUID})~(?<lineNo>\\d{1,9})$`);
const MAX_VERSION = 32_767;

/** `undefined` for an id of any other shape: it is the id of nothing. */
export function usageKeyOf(id: string): UsageKey | undefined {
  const refused = REFUSED.exec(id)?.groups;
  if (refused) return { is: 'refused', intakeId: refused['intakeId'] ?? '', lineNo: Number(refused['lineNo']) };
  const key = (STORED.exec(id) ?? RECEIVED.exec(id))?.groups;
  if (!key || Number(key['version']) > MAX_VERSION) return undefined;
  const { source = '', recordId = '', customerId, year, month } = key;
  const identity = { source, recordId, version: Number(key['version']) };
  if (customerId === undefined) return { is: 'received', ...identity };
  return { is: 'stored', customerId, month: `${year}-${month}-01`, ...identity };
}
