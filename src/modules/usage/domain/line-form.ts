import type { ColumnOrder } from './column-order.js';
import type { Encoding } from './feed.js';
import { MAX_LINE_BYTES } from './line-splitter.js';
import { RecordFields } from './record-fields.js';
import { Rejection } from './rejection.js';

/** An escaped JSON text has at most six bytes for one. */
const ROOM = MAX_LINE_BYTES * 8;

/** Turns the lines of a file that is not UTF-8 in format 01 into such lines; one object serves line after line. */
export class LineForm {
  /** Holds the last line until the next one comes. */
  readonly bytes = Buffer.allocUnsafe(ROOM);
  length = 0;
  /** Why the line cannot be right, whatever its values. */
  fault: Rejection | undefined;
  readonly #fields = new RecordFields();
  readonly #decoded = Buffer.allocUnsafe(ROOM);
  // What says it is GBK is often its superset GB 18030: names have characters that GBK lacks (生僻字).
  readonly #gb18030 = new TextDecoder('gb18030', { fatal: true });
  readonly #guessing = new TextDecoder('gb18030');

  constructor(
    private readonly encoding: Encoding,
    private readonly columns: ColumnOrder | undefined,
  ) {}

  read(bytes: Buffer, start: number, end: number): void {
    this.fault = undefined;
    const isForeign = this.encoding === 'GBK' && !isAscii(bytes, start, end);
    if (!this.columns) {
      this.length = isForeign ? this.#decode(bytes, start, end, this.bytes) : bytes.copy(this.bytes, 0, start, end);
      return;
    }
    const line = isForeign
      ? this.#fields.of(this.#decoded, 0, this.#decode(bytes, start, end, this.#decoded))
      : this.#fields.of(bytes, start, end);
    this.fault ??= this.columns.fault(line);
    this.length = this.columns.rewrite(line, this.bytes);
  }

  /** A `|` may be the second byte of a GBK character, so the line is decoded before it is cut. */
  #decode(bytes: Buffer, start: number, end: number, target: Buffer): number {
    const line = bytes.subarray(start, end);
    try {
      return target.write(this.#gb18030.decode(line));
    } catch {
      this.fault = new Rejection('E_FORMAT', '', 'has bytes that are no GBK');
      return target.write(this.#guessing.decode(line));
    }
  }
}

function isAscii(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((bytes[at] ?? 0) > 0x7f) return false;
  return true;
}
