import type { Tx } from '../../../platform/database/index.js';
import { binaryArray, BinaryRows } from './binary-copy.js';
import type { CustomerIds } from './customer-ids.js';
import { addedColumns } from './month-facts.js';

const DAY_MS = 86_400_000;
const FIRST_SLOTS = 256;
/** So many at once: the buffer stays small. */
const ROWS_OF_COPY = 10_000;

/** A day (since 1970-01-01) as `YYYY-MM-DD`. */
export const dateOfDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/**
 * What the records of an intake add to the months of customers, summed in flat arrays: one place per customer and month. Sums are
 * doubles, so one that would leave the exact integers is carried away and begun anew: PostgreSQL adds `bigint` to `bigint`.
 */
export class MonthSums {
  #count = 0;
  #sums: Float64Array<ArrayBuffer>;
  #days = new Int32Array(FIRST_SLOTS);
  #inputs = new Int32Array(FIRST_SLOTS);
  #xorHigh = new Int32Array(FIRST_SLOTS);
  #xorLow = new Int32Array(FIRST_SLOTS);
  #customers = new Int32Array(FIRST_SLOTS);
  #months = new Int32Array(FIRST_SLOTS);
  /** By month: the place of each customer, counted from 1. */
  readonly #places = new Map<number, Int32Array<ArrayBuffer>>();
  readonly #carried = new BinaryRows();

  constructor(
    private readonly facts: readonly string[],
    private readonly ids: CustomerIds,
  ) {
    this.#sums = new Float64Array(FIRST_SLOTS * facts.length);
  }

  get count(): number {
    return this.#count;
  }

  /** Whether a month may have more than one row among those of {@link spill}. */
  get hasCarried(): boolean {
    return !this.#carried.isEmpty;
  }

  /** Adds one record: its figures from `values[at]`, the bit of its day of roaming, and its hash. */
  add(customer: number, month: number, values: Float64Array, at: number, day: number, high: number, low: number): void {
    const place = this.#placeOf(customer, month);
    const width = this.facts.length;
    const from = place * width;
    const sums = this.#sums;
    for (let fact = 0; fact < width; fact++) {
      const sum = (sums[from + fact] ?? 0) + (values[at + fact] ?? 0);
      if (!Number.isSafeInteger(sum)) {
        this.#write(this.#carried, place);
        this.#begin(place);
        this.add(customer, month, values, at, day, high, low);
        return;
      }
    }
    for (let fact = 0; fact < width; fact++) sums[from + fact] = (sums[from + fact] ?? 0) + (values[at + fact] ?? 0);
    this.#days[place] = (this.#days[place] ?? 0) | day;
    this.#inputs[place] = (this.#inputs[place] ?? 0) + 1;
    this.#xorHigh[place] = (this.#xorHigh[place] ?? 0) ^ high;
    this.#xorLow[place] = (this.#xorLow[place] ?? 0) ^ low;
  }

  /** Writes everything into `month_addition`. */
  async spill(tx: Tx): Promise<void> {
    const rows = this.#carried;
    const columns = addedColumns(this.facts);
    for (let place = 0; place < this.#count; place++) {
      this.#write(rows, place);
      if (rows.rows < ROWS_OF_COPY) continue;
      await rows.copyInto(tx, 'month_addition', columns);
      rows.clear();
    }
    if (!rows.isEmpty) await rows.copyInto(tx, 'month_addition', columns);
    rows.clear();
  }

  /** The columns of {@link addedColumns} as parameters. */
  parameters(): readonly Buffer[] {
    const count = this.#count;
    const width = this.facts.length;
    const of = (array: Int32Array): Buffer => binaryArray('int4', count, (into, place) => into.int4(array[place] ?? 0));
    return [
      binaryArray('uuid', count, (into, place) => into.id(this.ids.bytes, (this.#customers[place] ?? 0) * 16)),
      binaryArray('date', count, (into, place) => into.date(this.#months[place] ?? 0)),
      ...this.facts.map((_, fact) =>
        binaryArray('int8', count, (into, place) => into.int8(this.#sums[place * width + fact] ?? 0)),
      ),
      of(this.#days),
      of(this.#inputs),
      binaryArray('int8', count, (into, place) => into.halves(this.#xorHigh[place] ?? 0, this.#xorLow[place] ?? 0)),
    ];
  }

  #write(rows: BinaryRows, place: number): void {
    const width = this.facts.length;
    rows.row(width + 5).id(this.ids.bytes, (this.#customers[place] ?? 0) * 16);
    rows.date(this.#months[place] ?? 0);
    for (let fact = 0; fact < width; fact++) rows.int8(this.#sums[place * width + fact] ?? 0);
    rows.int4(this.#days[place] ?? 0).int4(this.#inputs[place] ?? 0);
    rows.halves(this.#xorHigh[place] ?? 0, this.#xorLow[place] ?? 0);
  }

  #begin(place: number): void {
    const width = this.facts.length;
    this.#sums.fill(0, place * width, (place + 1) * width);
    for (const array of [this.#days, this.#inputs, this.#xorHigh, this.#xorLow]) array[place] = 0;
  }

  #placeOf(customer: number, month: number): number {
    let places = this.#places.get(month);
    if (!places || customer >= places.length) {
      const larger = new Int32Array(Math.max(this.ids.count, customer + 1, 2 * (places?.length ?? 0)));
      if (places) larger.set(places);
      this.#places.set(month, (places = larger));
    }
    const known = places[customer] ?? 0;
    if (known > 0) return known - 1;
    const place = this.#count++;
    if (place >= this.#customers.length) this.#grow();
    places[customer] = place + 1;
    this.#customers[place] = customer;
    this.#months[place] = month;
    return place;
  }

  #grow(): void {
    const sums = new Float64Array(this.#sums.length * 2);
    sums.set(this.#sums);
    this.#sums = sums;
    const twice = (array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
      const larger = new Int32Array(array.length * 2);
      larger.set(array);
      return larger;
    };
    this.#days = twice(this.#days);
    this.#inputs = twice(this.#inputs);
    this.#xorHigh = twice(this.#xorHigh);
    this.#xorLow = twice(this.#xorLow);
    this.#customers = twice(this.#customers);
    this.#months = twice(this.#months);
  }
}
