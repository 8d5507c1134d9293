import { Lines } from '../domain/lines.js';

/**
 * The lines of a batch as they came, for those that must be set aside. They are copied into a buffer that is used again and
 * again: to hold on to the blocks they came in would keep those alive until the next full garbage collection.
 */
export class RawLines {
  readonly #lines: Lines;
  #lineNos: Int32Array<ArrayBuffer>;

  constructor(lines: number) {
    this.#lines = new Lines(lines);
    this.#lineNos = new Int32Array(lines);
  }

  add(lineNo: number, bytes: Buffer, from: number, to: number): void {
    const { count } = this.#lines;
    if (count === this.#lineNos.length) {
      const larger = new Int32Array(count * 2 + 1);
      larger.set(this.#lineNos);
      this.#lineNos = larger;
    }
    this.#lineNos[count] = lineNo;
    this.#lines.add(bytes, from, to);
  }

  clear(): void {
    this.#lines.clear();
  }

  /** The line itself; line numbers only grow, so it is found by halving. */
  of(lineNo: number): string {
    let low = 0;
    let high = this.#lines.count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#lineNos[middle] ?? 0) < lineNo) low = middle + 1;
      else high = middle;
    }
    if (this.#lines.count === 0 || this.#lineNos[low] !== lineNo)
      throw new Error(`Line ${lineNo} is not in this batch`);
    return this.#lines.textOf(low);
  }
}
