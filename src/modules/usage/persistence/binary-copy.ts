import { once } from 'node:events';
import { from as copyFrom } from 'pg-copy-streams';
import type { Tx } from '../../../platform/database/index.js';

const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const UNIX_EPOCH_IN_POSTGRES_DAYS = -10_957;
const UNIX_EPOCH_IN_POSTGRES_MS = UNIX_EPOCH_IN_POSTGRES_DAYS * 86_400_000;
const TWO_32 = 0x1_0000_0000;
/** More than all fixed-width values of a row and its longest text together. */
const SLACK = 4096;

/** OIDs of the types of elements. */
const ELEMENT = { int4: 23, int8: 20, text: 25, date: 1082, uuid: 2950 } as const;

/**
 * An array as a parameter in PostgreSQL's binary form, of as many elements as `write` writes: thousands of values that neither side has
 * to turn into text. The statement must cast the parameter to the same type.
 */
export function binaryArray(
  type: keyof typeof ELEMENT,
  length: number,
  write: (elements: BinaryRows, at: number) => void,
): Buffer {
  const elements = new BinaryRows(length * 20);
  for (let at = 0; at < length; at++) write(elements, at);
  const [dimensions, hasNulls, lowerBound] = [1, 0, 1];
  const head = Int32Array.of(dimensions, hasNulls, ELEMENT[type], length, lowerBound);
  return Buffer.concat([Buffer.from(head.buffer).swap32(), elements.written()]);
}

/** Rows in PostgreSQL's binary COPY format, written into one growing buffer that is used again and again. */
export class BinaryRows {
  rows = 0;
  #bytes: Buffer;
  #at = HEADER.length;

  constructor(initialBytes = 1 << 12) {
    this.#bytes = Buffer.allocUnsafe(initialBytes + SLACK);
    HEADER.copy(this.#bytes);
    this.#at = HEADER.length;
  }

  get isEmpty(): boolean {
    return this.rows === 0;
  }

  clear(): void {
    this.rows = 0;
    this.#at = HEADER.length;
  }

  /** Where the next byte goes. */
  get at(): number {
    return this.#at;
  }

  /** Begins a row of so many columns. */
  row(columns: number): this {
    this.#room(SLACK);
    this.rows++;
    return this.#int16(columns);
  }

  /** Begins a row with the columns of another one that has no more columns yet, its number of columns included. */
  rowLike(prefix: Buffer): this {
    this.#room(SLACK + prefix.length);
    this.rows++;
    const bytes = this.#bytes;
    let at = this.#at;
    for (let from = 0; from < prefix.length; from++) bytes[at++] = prefix[from] ?? 0; // so short, a call costs more
    this.#at = at;
    return this;
  }

  /** A row of others, from its first byte to its last. */
  rowOf(others: BinaryRows, from: number, to: number): this {
    this.rows++;
    return this.part(others, from, to);
  }

  /** Some columns of a row of others. */
  part(others: BinaryRows, from: number, to: number): this {
    this.#room(to - from + SLACK);
    others.#bytes.copy(this.#bytes, this.#at, from, to);
    this.#at += to - from;
    return this;
  }

  /** Writes 16 bytes over what stands there. */
  overwrite16(at: number, source: Uint8Array, from: number): void {
    const bytes = this.#bytes;
    for (let n = 0; n < 16; n++) bytes[at + n] = source[from + n] ?? 0;
  }

  /** What was written so far, without the header. */
  written(): Buffer {
    return Buffer.from(this.#bytes.subarray(HEADER.length, this.#at));
  }

  uuid(id: string): this {
    return this.bytes(Buffer.from(id.replaceAll('-', ''), 'hex'));
  }

  int2(value: number): this {
    return this.#int32(2).#int16(value);
  }

  int4(value: number): this {
    return this.#int32(4).#int32(value);
  }

  /** An integer within ±2^53. */
  int8(value: number): this {
    return this.#int32(8).#int64(value);
  }

  halves(high: number, low: number): this {
    return this.#int32(8).#int32(high).#int32(low);
  }

  boolean(value: boolean | undefined): this {
    if (value === undefined) return this.#int32(-1);
    this.#int32(1);
    this.#bytes[this.#at++] = value ? 1 : 0;
    return this;
  }

  /** From days since 1970-01-01. */
  date(day: number): this {
    return this.int4(day + UNIX_EPOCH_IN_POSTGRES_DAYS);
  }

  /** From epoch milliseconds. */
  instant(epochMs: number | undefined): this {
    if (epochMs === undefined) return this.#int32(-1);
    return this.int8((epochMs + UNIX_EPOCH_IN_POSTGRES_MS) * 1000);
  }

  ascii(value: string | undefined): this {
    if (value === undefined) return this.#int32(-1);
    this.#room(value.length + SLACK);
    this.#int32(value.length);
    this.#bytes.write(value, this.#at, 'latin1');
    this.#at += value.length;
    return this;
  }

  /** Sixteen bytes of an id. */
  id(source: Uint8Array, from: number): this {
    this.#int32(16);
    this.overwrite16(this.#at, source, from);
    this.#at += 16;
    return this;
  }

  bytes(value: Buffer | undefined): this {
    if (value === undefined) return this.#int32(-1);
    this.#room(value.length + SLACK);
    this.#int32(value.length);
    this.#at += value.copy(this.#bytes, this.#at);
    return this;
  }

  /** Sends the rows; the buffer must not be touched before the promise is settled. */
  async copyInto(tx: Tx, table: string, columns: readonly string[]): Promise<void> {
    this.#room(2);
    this.#bytes.writeInt16BE(-1, this.#at);
    const stream = tx.client.query(copyFrom(`COPY ${table} (${columns.join(', ')}) FROM STDIN (FORMAT binary)`));
    stream.end(this.#bytes.subarray(0, this.#at + 2));
    await once(stream, 'finish');
  }

  #int16(value: number): this {
    const bytes = this.#bytes;
    bytes[this.#at++] = value >> 8;
    bytes[this.#at++] = value;
    return this;
  }

  #int32(value: number): this {
    const bytes = this.#bytes;
    bytes[this.#at++] = value >> 24;
    bytes[this.#at++] = value >> 16;
    bytes[this.#at++] = value >> 8;
    bytes[this.#at++] = value;
    return this;
  }

  #int64(value: number): this {
    const high = Math.floor(value / TWO_32);
    return this.#int32(high).#int32(value - high * TWO_32);
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + bytes));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}
