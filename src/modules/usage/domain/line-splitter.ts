import { BadFile } from './rejection.js';

const LF = 0x0a;
const CR = 0x0d;
export const MAX_LINE_BYTES = 8192;

/** A line is where it lies: bytes, first position, position of its end without and with the line end. */
export type OnLine = (bytes: Buffer, start: number, end: number, endWithBreak: number) => void;

/** Cuts blocks of bytes into lines (LF or CRLF) without copying, but for the line that crosses two blocks. */
export class LineSplitter {
  #carried: Buffer | undefined;

  constructor(private readonly onLine: OnLine) {}

  /** @throws BadFile when a line has no end within {@link MAX_LINE_BYTES}. */
  push(block: Buffer): void {
    let start = 0;
    if (this.#carried) {
      const found = block.indexOf(LF);
      const upTo = found < 0 ? block.length : found + 1;
      if (this.#carried.length + upTo > MAX_LINE_BYTES) throw endless();
      const joined = Buffer.concat([this.#carried, block.subarray(0, upTo)]);
      this.#carried = found < 0 ? joined : undefined;
      if (found < 0) return;
      this.#emit(joined, 0, joined.length - 1);
      start = upTo;
    }
    for (let at = block.indexOf(LF, start); at >= 0; at = block.indexOf(LF, start)) {
      if (at - start > MAX_LINE_BYTES) throw endless();
      this.#emit(block, start, at);
      start = at + 1;
    }
    if (block.length - start > MAX_LINE_BYTES) throw endless();
    if (start < block.length) this.#carried = block.subarray(start);
  }

  /** The last line may lack its line end. */
  end(): void {
    const last = this.#carried;
    this.#carried = undefined;
    if (last) this.onLine(last, 0, last.length, last.length);
  }

  #emit(bytes: Buffer, start: number, lf: number): void {
    this.onLine(bytes, start, lf > start && bytes[lf - 1] === CR ? lf - 1 : lf, lf + 1);
  }
}

const endless = (): BadFile => new BadFile('E_FORMAT', `a line has more than ${MAX_LINE_BYTES} bytes`);
