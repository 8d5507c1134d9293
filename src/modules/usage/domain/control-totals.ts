import { BadFile } from './rejection.js';

/** What one record adds to the trailer's sums. */
export interface ControlFigures {
  readonly feeFen: number;
  readonly minutes: number;
  readonly volumeKb: number;
}

export const NO_FIGURES: ControlFigures = { feeFen: 0, minutes: 0, volumeKb: 0 };

/** `T|recordCount|sumFeeFen|sumMinutes|sumKB|firstEventTime|lastEventTime|sha256(body)` */
export interface Trailer {
  readonly records: number;
  readonly feeFen: number;
  readonly minutes: number;
  readonly volumeKb: number;
  readonly firstEventTime: number | undefined;
  readonly lastEventTime: number | undefined;
  readonly sha256: string;
}

/** What was really read, to be held against the trailer. */
export class ControlTotals {
  records = 0;
  #feeFen = 0;
  #minutes = 0;
  #volumeKb = 0;
  #first = Infinity;
  #last = -Infinity;

  /** Counts a record. What a record that is refused adds see `figuresOfRefused`; its time may be none. */
  add(figures: ControlFigures, eventTime: number | undefined): void {
    this.records++;
    this.#feeFen += figures.feeFen;
    this.#minutes += figures.minutes;
    this.#volumeKb += figures.volumeKb;
    if (eventTime === undefined) return;
    if (eventTime < this.#first) this.#first = eventTime;
    if (eventTime > this.#last) this.#last = eventTime;
  }

  /** @throws BadFile when trailer and body differ in anything. */
  mustEqual(trailer: Trailer, sha256: string): void {
    if (trailer.records !== this.records) {
      throw new BadFile('E_COUNT', `the trailer counts ${trailer.records} records, the file has ${this.records}`);
    }
    if (trailer.sha256 !== sha256)
      throw new BadFile('E_CHECKSUM', 'the body does not have the checksum of the trailer');
    const sums: readonly (readonly [string, number, number])[] = [
      ['sumFeeFen', trailer.feeFen, this.#feeFen],
      ['sumMinutes', trailer.minutes, this.#minutes],
      ['sumKB', trailer.volumeKb, this.#volumeKb],
    ];
    for (const [name, said, found] of sums) {
      if (said !== found) throw new BadFile('E_COUNT', `${name} of the trailer is ${said}, of the records ${found}`);
    }
    const first = Number.isFinite(this.#first) ? this.#first : undefined;
    const last = Number.isFinite(this.#last) ? this.#last : undefined;
    if (trailer.firstEventTime !== first || trailer.lastEventTime !== last) {
      throw new BadFile('E_COUNT', 'first or last event time of the trailer is not that of the records');
    }
  }
}
