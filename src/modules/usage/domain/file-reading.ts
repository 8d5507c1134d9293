import { createHash } from 'node:crypto';
import type { Trailer } from './control-totals.js';
import type { Encoding } from './feed.js';
import { parseHeader, parseTrailer, type FileName, type Header } from './file-envelope.js';
import { LineForm } from './line-form.js';
import { RecordFields } from './record-fields.js';
import { BadFile, type Rejection } from './rejection.js';

const D = 0x44;
const T = 0x54;
const PIPE = 0x7c;

export interface OnFile {
  header(header: Header): void;
  /**
   * A record as a line of ours (record-line.ts), there only during the call. With `fault` it cannot be right, whatever its
   * values.
   */
  record(lineNo: number, bytes: Buffer, start: number, end: number, fault?: Rejection): void;
}

/** The grammar of a file, line by line: one header, records, one trailer. Hashes the body on the way. */
export class FileReading {
  #lineNo = 0;
  #header: Buffer | undefined;
  #trailer: { readonly line: Buffer; readonly parsed: Trailer } | undefined;
  #bodySha256: string | undefined;
  /** Of a file that is not UTF-8 in format 01. */
  #form: LineForm | undefined;
  readonly #hash = createHash('sha256');
  readonly #fields = new RecordFields();
  // Records that lie side by side are hashed together: one call per block, not per line.
  #bytes: Buffer = Buffer.alloc(0);
  #from = 0;
  #to = 0;

  constructor(
    private readonly name: FileName,
    private readonly on: OnFile,
    private readonly encoding: Encoding = 'UTF-8',
  ) {}

  /** @throws BadFile */
  line(bytes: Buffer, start: number, end: number, endWithBreak: number): void {
    this.#lineNo++;
    if (!this.#header) {
      refuseByteOrderMark(bytes, start, end);
      const header = parseHeader(this.#fields.of(bytes, start, end), this.name);
      if (header.columns || this.encoding !== 'UTF-8') this.#form = new LineForm(this.encoding, header.columns);
      this.on.header(header);
      this.#header = Buffer.from(bytes.subarray(start, end));
      return;
    }
    if (this.#trailer) {
      if (end > start) throw new BadFile('E_FORMAT', 'there are lines after the trailer');
      return;
    }
    const type = bytes[start + 1] === PIPE ? bytes[start] : undefined;
    if (type === D) {
      this.#toHash(bytes, start, endWithBreak);
      if (this.#form) this.#record(this.#form, bytes, start, end);
      else this.on.record(this.#lineNo, bytes, start, end);
    } else if (type === T) {
      this.#trailer = {
        line: Buffer.from(bytes.subarray(start, end)),
        parsed: parseTrailer(this.#fields.of(bytes, start, end)),
      };
    } else {
      throw new BadFile('E_FORMAT', `line ${this.#lineNo} begins neither with D| nor with T|`);
    }
  }

  /** The trailer, and the checksum of what was read. @throws BadFile when the file is not whole. */
  end(): { readonly trailer: Trailer; readonly sha256: string; readonly fingerprint: Buffer } {
    if (!this.#header) throw new BadFile('E_FORMAT', 'the file is empty: a day without records has header and trailer');
    if (!this.#trailer) throw new BadFile('E_COUNT', 'the file has no trailer: it was cut off');
    const sha256 = this.#bodyHash();
    const fingerprint = createHash('sha256').update(this.#header).update(sha256).update(this.#trailer.line).digest();
    return { trailer: this.#trailer.parsed, sha256, fingerprint };
  }

  #record(form: LineForm, bytes: Buffer, start: number, end: number): void {
    form.read(bytes, start, end);
    this.on.record(this.#lineNo, form.bytes, 0, form.length, form.fault);
  }

  #toHash(bytes: Buffer, start: number, end: number): void {
    if (bytes === this.#bytes && start === this.#to) {
      this.#to = end;
      return;
    }
    this.#hash.update(this.#bytes.subarray(this.#from, this.#to));
    this.#bytes = bytes;
    this.#from = start;
    this.#to = end;
  }

  #bodyHash(): string {
    this.#hash.update(this.#bytes.subarray(this.#from, this.#to));
    this.#bytes = Buffer.alloc(0);
    return (this.#bodySha256 ??= this.#hash.digest('hex'));
  }
}

const BYTE_ORDER_MARKS = ['efbbbf', 'fffe', 'feff'].map((hex) => Buffer.from(hex, 'hex'));

function refuseByteOrderMark(bytes: Buffer, start: number, end: number): void {
  const line = bytes.subarray(start, end);
  if (BYTE_ORDER_MARKS.some((mark) => line.subarray(0, mark.length).equals(mark))) {
    throw new BadFile('E_FORMAT', 'the file begins with a byte order mark (BOM): it must begin with H|');
  }
}
