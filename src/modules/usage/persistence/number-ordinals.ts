const FIRST_PLACES = 1 << 12;
const NONE = 0;

/** Numbers of telephones → small ordinals. A `Map` would keep each number, too large for a small integer, on the heap. */
export class NumberOrdinals {
  size = 0;
  #numbers = new Float64Array(FIRST_PLACES);
  /** Counted from 1. */
  #ordinals = new Int32Array(FIRST_PLACES);

  get(number: number): number | undefined {
    const ordinal = this.#ordinals[this.#placeOf(number)] ?? NONE;
    return ordinal === NONE ? undefined : ordinal - 1;
  }

  set(number: number, ordinal: number): void {
    let place = this.#placeOf(number);
    if (this.#ordinals[place] === NONE) {
      if (++this.size * 2 > this.#numbers.length) {
        this.#grow();
        place = this.#placeOf(number);
      }
      this.#numbers[place] = number;
    }
    this.#ordinals[place] = ordinal + 1;
  }

  #placeOf(number: number): number {
    const numbers = this.#numbers;
    const mask = numbers.length - 1;
    let place = (Math.imul(number % 0x7fff_ffff, 0x9e37_79b1) >>> 7) & mask;
    while (this.#ordinals[place] !== NONE && numbers[place] !== number) place = (place + 1) & mask;
    return place;
  }

  #grow(): void {
    const [numbers, ordinals] = [this.#numbers, this.#ordinals];
    this.#numbers = new Float64Array(numbers.length * 2);
    this.#ordinals = new Int32Array(numbers.length * 2);
    for (let old = 0; old < numbers.length; old++) {
      const ordinal = ordinals[old] ?? NONE;
      if (ordinal === NONE) continue;
      const number = numbers[old] ?? 0;
      const place = this.#placeOf(number);
      this.#numbers[place] = number;
      this.#ordinals[place] = ordinal;
    }
  }
}
