import { isUtf8 } from 'node:buffer';
import type { Kind } from './codes.js';
import { LAYOUT } from './field-table.js';
import { MAX_LINE_BYTES } from './line-splitter.js';
import { RecordFields } from './record-fields.js';
import { Rejection } from './rejection.js';

/*
 * A record is one line, whatever it came as, and is read, hashed, held and mended as that line:
 *   D|fields of format 01|anything more, known by its place
 *   E|fields of format 01|fields that came with 02|JSON object of what nobody knows
 * The first is what format 01 sends. The second is only ever written here.
 */

const MAX_VALUE = 256;
/** What ends a field or a line, and halves of characters, which UTF-8 cannot say. */
const UNWRITABLE = /[|\r\n]|\p{Surrogate}/u;

/** Names of what a line has beyond its known fields. */
export type Extras = Readonly<Record<string, unknown>>;

/** What of a line the contract does not know, as JSON; it is kept and not judged. */
export function extraOf(kind: Kind, line: RecordFields): string | undefined | Rejection {
  const { names, added } = LAYOUT[kind];
  if (line.isOverfull) return new Rejection('E_FORMAT', '', 'has too many fields');
  if (line.isExtended) {
    const json = line.span(names.length + added.length + 1, line.count - 1);
    return json.length > 0 ? json.toString('utf8') : undefined;
  }
  const extras: Record<string, string> = {};
  for (let field = names.length + 1; field < line.count; field++) {
    if (!line.has(field)) continue;
    const bytes = line.span(field, field);
    if (!isUtf8(bytes)) return badText(`field${field}`);
    extras[`field${field}`] = bytes.toString('utf8');
  }
  return Object.keys(extras).length > 0 ? JSON.stringify(extras) : undefined;
}

export const badText = (field: string): Rejection =>
  new Rejection('E_FORMAT', field, 'must be a text of valid UTF-8 without control characters, at most 256 characters');

/** JSON that may stand in a line. */
export const extrasText = (extras: Extras): string => JSON.stringify(extras).replaceAll('|', '\\u007c');

/** A record of named values as its line, so that all channels are read by the same rules and give the same hash. */
export function lineOfRecord(kind: Kind, record: Readonly<Record<string, unknown>>): Buffer | Rejection {
  const { names, added } = LAYOUT[kind];
  const known = [...names, ...added];
  const fields: string[] = [];
  for (const name of known) {
    const text = textOf(record[name] ?? '');
    if (text === undefined) {
      return new Rejection(
        'E_FORMAT',
        name,
        'must be a text without |, CR, LF or half characters, a whole number, or true or false',
      );
    }
    fields.push(text);
  }
  const unknown = Object.entries(record).filter(([name, value]) => value !== null && !known.includes(name));
  const extra = unknown.length > 0 ? extrasText(Object.fromEntries(unknown)) : '';
  const fieldsOf01 = fields.slice(0, names.length);
  const tellsMore = extra !== '' || fields.slice(names.length).some((text) => text !== '');
  const line = Buffer.from((tellsMore ? ['E', ...fields, extra] : ['D', ...fieldsOf01]).join('|'));
  return line.length > MAX_LINE_BYTES
    ? new Rejection('E_FORMAT', '', `has more than ${MAX_LINE_BYTES} bytes as a line`)
    : line;
}

/** The values of a line by their names; of the empty ones nothing. What the contract does not know stands beside them. */
export function recordOfLine(kind: Kind, text: string): Readonly<Record<string, unknown>> {
  const { names, added } = LAYOUT[kind];
  const line = RecordFields.ofText(text);
  const known = line.isExtended ? [...names, ...added] : names;
  const extra = extraOf(kind, line);
  return {
    ...(typeof extra === 'string' ? (JSON.parse(extra) as Extras) : {}),
    ...Object.fromEntries(
      known.flatMap((name, at) => (line.has(at + 1) ? [[name, line.span(at + 1, at + 1).toString('utf8')]] : [])),
    ),
  };
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && value.length <= MAX_VALUE && !UNWRITABLE.test(value) ? value : undefined;
}
