const TYPICAL_LINE_BYTES = 170;

/**
 * The lines of a batch as they came, for those that must be set aside. They are copied into a buffer that is used again and
 * again: to hold on to the blocks they came in would keep those alive until the next full garbage collection.
 */
export class RawLines {
  #bytes: Buffer;
  #filled = 0;
  #lineNos: Int32Array<ArrayBuffer>;
  #ends: Int32Array<ArrayBuffer>;
  #count = 0;

  constructor(lines: number) {
    this.#bytes = Buffer.allocUnsafe(lines * TYPICAL_LINE_BYTES);
    this.#lineNos = new Int32Array(lines);
    this.#ends = new Int32Array(lines);
  }

  add(lineNo: number, bytes: Buffer, from: number, to: number): void {
    const end = this.#filled + to - from;
    if (end > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, this.#filled);
      this.#bytes = larger;
    }
    if (this.#count === this.#lineNos.length) {
      this.#lineNos = grown(this.#lineNos);
      this.#ends = grown(this.#ends);
    }
    bytes.copy(this.#bytes, this.#filled, from, to);
    this.#lineNos[this.#count] = lineNo;
    this.#ends[this.#count++] = end;
    this.#filled = end;
  }

  clear(): void {
    this.#filled = 0;
    this.#count = 0;
  }

  /** The line itself; line numbers only grow, so it is found by halving. */
  of(lineNo: number): string {
    let low = 0;
    let high = this.#count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#lineNos[middle] ?? 0) < lineNo) low = middle + 1;
      else high = middle;
    }
    if (this.#lineNos[low] !== lineNo) throw new Error(`Line ${lineNo} is not in this batch`);
    return this.#bytes.toString('utf8', low === 0 ? 0 : this.#ends[low - 1], this.#ends[low]);
  }
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2 + 1);
  larger.set(array);
  return larger;
}
