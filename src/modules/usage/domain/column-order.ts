import { isUtf8 } from 'node:buffer';
import type { Kind } from './codes.js';
import { FIELD_TABLE, LAYOUT } from './field-table.js';
import type { RecordFields } from './record-fields.js';
import { badText, extrasText } from './record-line.js';
import { BadFile, Rejection } from './rejection.js';

const PIPE = 0x7c;
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
/** Beside the D; what reads a line tells one field more apart from that. */
const MAX_COLUMNS = 63;
const NOWHERE = -1;

/** In which order a file of format 02 has its columns, and how its lines become lines of ours (record-line.ts). */
export class ColumnOrder {
  /** For each field of ours where it stands in theirs. */
  readonly #sources: Int32Array;
  readonly #unknown: readonly { readonly name: string; readonly column: number }[];
  readonly #count: number;

  /** @throws BadFile when the names do not say where everything is that must be there. */
  constructor(kind: Kind, header: string) {
    const columns = header.split(',');
    if (columns.length > MAX_COLUMNS || !columns.every((name) => NAME.test(name))) {
      throw new BadFile('E_FORMAT', `the header of 02 names at most ${MAX_COLUMNS} columns, separated by commas`);
    }
    if (new Set(columns).size < columns.length) throw new BadFile('E_FORMAT', 'the header names a column twice');
    const missing = FIELD_TABLE[kind].find(({ name, required }) => required && !columns.includes(name));
    if (missing) throw new BadFile('E_FORMAT', `the header does not name the column ${missing.name}`);
    const { names, added } = LAYOUT[kind];
    const known = [...names, ...added];
    this.#count = columns.length;
    this.#sources = Int32Array.from(known, (name) => (columns.includes(name) ? columns.indexOf(name) + 1 : NOWHERE));
    this.#unknown = columns.flatMap((name, at) => (known.includes(name) ? [] : [{ name, column: at + 1 }]));
  }

  /** Writes a line of theirs as one of ours and answers where it ends; `target` has room for the longest. */
  rewrite(line: RecordFields, target: Buffer): number {
    const sources = this.#sources;
    target[0] = 0x45;
    let at = 1;
    for (let field = 0; field < sources.length; field++) {
      target[at++] = PIPE;
      const source = sources[field] ?? NOWHERE;
      if (source !== NOWHERE && source < line.count) at = line.copy(source, target, at);
    }
    target[at++] = PIPE;
    if (this.#unknown.length === 0) return at;
    const extras: Record<string, string> = {};
    for (const { name, column } of this.#unknown) {
      if (column < line.count && line.has(column)) extras[name] = line.span(column, column).toString('utf8');
    }
    return Object.keys(extras).length > 0 ? at + target.write(extrasText(extras), at) : at;
  }

  /** What is wrong with a line before its values are looked at. */
  fault(line: RecordFields): Rejection | undefined {
    if (line.count !== this.#count + 1) {
      return new Rejection('E_FORMAT', '', `has ${line.count - 1} fields, the header names ${this.#count}`);
    }
    const odd = this.#unknown.find(({ column }) => !isUtf8(line.span(column, column)));
    return odd && badText(odd.name);
  }
}
