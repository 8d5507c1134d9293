const TYPICAL_LINE_BYTES = 170;

/** Lines one behind the other in one buffer: thousands of them are a few objects, not one each. */
export class Lines {
  count = 0;
  bytes: Buffer;
  #ends: Int32Array<ArrayBuffer>;

  constructor(lines: number) {
    this.bytes = Buffer.allocUnsafe(lines * TYPICAL_LINE_BYTES);
    this.#ends = new Int32Array(lines);
  }

  static of(lines: readonly Buffer[]): Lines {
    const all = new Lines(lines.length);
    for (const line of lines) all.add(line, 0, line.length);
    return all;
  }

  add(bytes: Buffer, from: number, to: number): void {
    const filled = this.startOf(this.count);
    const end = filled + to - from;
    if (end > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, this.bytes.length * 2));
      this.bytes.copy(larger, 0, 0, filled);
      this.bytes = larger;
    }
    if (this.count === this.#ends.length) {
      const larger = new Int32Array(this.count * 2 + 1);
      larger.set(this.#ends);
      this.#ends = larger;
    }
    bytes.copy(this.bytes, filled, from, to);
    this.#ends[this.count++] = end;
  }

  clear(): void {
    this.count = 0;
  }

  startOf(at: number): number {
    return at === 0 ? 0 : (this.#ends[at - 1] ?? 0);
  }

  endOf(at: number): number {
    return this.#ends[at] ?? 0;
  }

  textOf(at: number): string {
    return this.bytes.toString('utf8', this.startOf(at), this.endOf(at));
  }
}
