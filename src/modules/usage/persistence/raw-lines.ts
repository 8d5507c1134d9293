/** Where the lines of a batch lie, so that those that must be set aside can be kept as they came. */
export class RawLines {
  #lineNos: number[] = [];
  #bytes: Buffer[] = [];
  #from: number[] = [];
  #to: number[] = [];

  add(lineNo: number, bytes: Buffer, from: number, to: number): void {
    this.#lineNos.push(lineNo);
    this.#bytes.push(bytes);
    this.#from.push(from);
    this.#to.push(to);
  }

  clear(): void {
    this.#lineNos = [];
    this.#bytes = [];
    this.#from = [];
    this.#to = [];
  }

  /** The line itself; line numbers only grow, so it is found by halving. */
  of(lineNo: number): string {
    let low = 0;
    let high = this.#lineNos.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#lineNos[middle] ?? 0) < lineNo) low = middle + 1;
      else high = middle;
    }
    if (this.#lineNos[low] !== lineNo) throw new Error(`Line ${lineNo} is not in this batch`);
    return (this.#bytes[low] ?? Buffer.alloc(0)).toString('utf8', this.#from[low], this.#to[low]);
  }
}
