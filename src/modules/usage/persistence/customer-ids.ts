/** The sixteen bytes of an id. */
export const bytesOf = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');

/** Customers by a small number each: rows carry the number, sums are kept by it, and rows are sorted by the id's rank. */
export class CustomerIds {
  count = 0;
  /** 16 bytes for each. */
  bytes = new Uint8Array(16 * 1024);
  /** Of each: its place among the ids in order, as PostgreSQL orders them. */
  ranks = new Int32Array(0);
  readonly #numbers = new Map<string, number>();
  #sorted = new Int32Array(0);
  #view = new DataView(this.bytes.buffer);

  /** Of the id whose sixteen bytes stand there. */
  numberOf(bytes: Buffer, at = 0): number {
    const key = bytes.toString('latin1', at, at + 16);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.count++;
    this.#numbers.set(key, number);
    if (number * 16 >= this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    bytes.copy(this.bytes, number * 16, at, at + 16);
    return number;
  }

  /** As text. */
  idOf(number: number): string {
    const hex = Buffer.from(this.bytes.buffer, number * 16, 16).toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }

  /** Ranks those that were added: only these are sorted, then both orders are merged. */
  rank(): void {
    const before = this.#sorted;
    const { count } = this;
    if (before.length === count) return;
    const added = Int32Array.from({ length: count - before.length }, (_, n) => before.length + n).sort((a, b) =>
      this.#compare(a, b),
    );
    const sorted = new Int32Array(count);
    const ranks = new Int32Array(count);
    for (let at = 0, old = 0, fresh = 0; at < count; at++) {
      const a = before[old];
      const b = added[fresh];
      const takesOld = b === undefined || (a !== undefined && this.#compare(a, b) < 0);
      const next = (takesOld ? a : b) ?? 0;
      if (takesOld) old++;
      else fresh++;
      sorted[at] = next;
      ranks[next] = at;
    }
    this.#sorted = sorted;
    this.ranks = ranks;
  }

  #compare(a: number, b: number): number {
    for (let word = 0; word < 16; word += 4) {
      const difference = this.#view.getUint32(a * 16 + word) - this.#view.getUint32(b * 16 + word);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}
