import type { Kind } from '../../../../src/modules/usage/domain/codes.js';
import { FIELD_TABLE, type FieldType, type RecordField } from '../../../../src/modules/usage/domain/field-table.js';

const TYPES: Partial<Record<FieldType, string>> = {
  msisdn: '11 digits',
  imsi: '15 digits',
  cycle: 'yyyyMM',
  province: 'province code',
};

const rowOf = (field: RecordField, at: number): string => {
  const { name, chinese, type, required, rule, words, codes, since } = field;
  const wordList = words && Object.entries(words).map(([word, meaning]) => `\`${word}\` ${meaning}`).join(', '); // prettier-ignore
  const cells = [
    since ?? at + 1, name, chinese, TYPES[type] ?? type, required ? 'M' : '', [wordList, rule].filter(Boolean).join('; '),
    codes.join(', '),
  ]; // prettier-ignore
  return `| ${cells.join(' | ')} |`.replaceAll(/ {2,}/g, ' ');
};

/** The fields of a kind as the contract shows them. */
export const tableOf = (kind: Kind): string =>
  [
    '| # | Field | 中文 | Type | M | Rule | Code |',
    '|---|---|---|---|---|---|---|',
    ...FIELD_TABLE[kind].map(rowOf),
  ].join('\n');

const sectionOf = (kind: Kind): RegExp => new RegExp(`(<!-- ${kind} -->\n)[^]*?(<!-- /${kind} -->)`);

/** The page with its tables made anew. */
export const withTables = (page: string, kinds: readonly Kind[]): string =>
  kinds.reduce((text, kind) => text.replace(sectionOf(kind), `$1${tableOf(kind)}\n$2`), page);
