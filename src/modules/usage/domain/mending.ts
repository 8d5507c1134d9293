import type { Kind } from './codes.js';
import { LAYOUT } from './field-table.js';
import { PERSONAL } from './record-fields.js';
import { InvalidFix } from './refusals.js';

/** Mends one field of refused records: one value for all of them, or a value for each that was wrong. */
export interface Fix {
  readonly field: string;
  /** Takes the place of whatever the field says. */
  readonly value?: string | undefined;
  /** Wrong value → right one; what is not named stays. */
  readonly map?: Readonly<Record<string, string>> | undefined;
}

/** What a record is and whose it is says billing alone. These values are personal besides, and a fix is kept in the clear. */
const NOT_OURS: ReadonlySet<string> = new Set([
  'recordId', 'billNo', 'paymentId', 'version', 'refRecordId', 'supersedes', 'accountNo', 'msisdn', 'imsi', 'name', 'idType',
  'idNumber', 'birthDate',
]); // prettier-ignore
const MAX_LENGTH = 256;

/** @param kind of the records that are mended. @throws InvalidFix */
export function requireFixes(fixes: readonly Fix[], kind: Kind): void {
  const { names, added } = LAYOUT[kind];
  const fields = [...names, ...added];
  const seen = new Set<string>();
  for (const { field, value, map } of fixes) {
    if (!fields.includes(field)) throw new InvalidFix(field, 'a field of the kind of record');
    if (NOT_OURS.has(field)) throw new InvalidFix(field, 'a field that says neither what the record is nor whose');
    if (seen.has(field)) throw new InvalidFix(field, 'each field once');
    seen.add(field);
    const values = value === undefined ? Object.entries(map ?? {}).flat() : [value];
    if ((value === undefined) === (map === undefined) || values.length === 0) {
      throw new InvalidFix(field, 'either value or map');
    }
    for (const each of values) {
      if (typeof each !== 'string' || /[|\r\n]/.test(each) || each.length > MAX_LENGTH || PERSONAL.test(each)) {
        throw new InvalidFix(
          field,
          `values of at most ${MAX_LENGTH} characters without |, CR, LF, that are no person's number`,
        );
      }
    }
  }
}

/** The line as it should have been: a line of ours (record-line.ts), without its line end. */
export function mended(kind: Kind, line: string, fixes: readonly Fix[]): string {
  const { names, added } = LAYOUT[kind];
  const values = line.split('|');
  const fields = values[0] === 'E' ? [...names, ...added] : names;
  for (const { field, value, map } of fixes) {
    const at = fields.indexOf(field) + 1;
    const wrong = values[at];
    if (at === 0 || wrong === undefined) continue;
    values[at] = value ?? (map && Object.hasOwn(map, wrong) ? (map[wrong] ?? wrong) : wrong);
  }
  return values.join('|');
}
