import type { Intake } from '../domain/intake.js';
import { untimely, type Judgement, type Untimely } from '../domain/judgement.js';
import { BinaryRows } from './binary-copy.js';
import { RawLines } from './raw-lines.js';
import type { RecordBatch } from './record-store.js';
import type { IdentifiedRecord, StagedKind } from './staged-kind.js';
import { NOBODY, type Subjects } from './subjects.js';

/** As COPY takes them; buffers that begin too small leave their halves behind as garbage. */
export const TYPICAL_ROW_BYTES = 240;
const TYPICAL_IDENTITY_BYTES = 100;
/** The customer is the first column of each row: after the number of columns and its own length. */
const CUSTOMER_AT = 6;
const CUSTOMER_BYTES = 16;
/** Rows are sorted by numbers that hold their customer's rank and, below it, their place. */
const PLACES = 2 ** 21;
const UNTIMELY: readonly (Untimely | undefined)[] = [undefined, 'FUTURE', 'LATE'];

/** Columns that stand before those of the record, in each table of records. */
export const OWN_COLUMNS = ['customer_id', 'file_id', 'recorded_at', 'source', 'is_current'] as const;
/** In this order; the directory's own key is made of the last four. */
export const DIRECTORY_COLUMNS = [
  'customer_id', 'month', 'content_hash', 'version', 'record_id', 'source', 'kind',
] as const; // prettier-ignore

/**
 * The records of a batch as the database will take them, but for the customer, whom nobody knows while they are read: sixteen bytes are
 * left open in each row. What else is asked of a record later lies in flat arrays; the records themselves are garbage at once.
 */
export class StagedBatch<R extends IdentifiedRecord> implements RecordBatch<R> {
  size = 0;
  subjects: Subjects | undefined;
  readonly raw: RawLines;
  readonly rows: BinaryRows;
  /** What the directory takes. */
  readonly identities: BinaryRows;
  lineNos = new Int32Array(0);
  months = new Int32Array(0);
  hashHigh = new Int32Array(0);
  hashLow = new Int32Array(0);
  /** Of each record, as many as the kind has facts. */
  values = new Float64Array(0);
  days = new Int32Array(0);
  customers = new Int32Array(0);
  isCorrection = new Uint8Array(0);
  #subjectNos = new Int32Array(0);
  #from = new Float64Array(0);
  #until = new Float64Array(0);
  #untimely = new Uint8Array(0);
  #rowAt = new Int32Array(0);
  #identityAt = new Int32Array(0);
  #keys = new Float64Array(0);
  readonly #newPrefix: Buffer;
  readonly #correctionPrefix: Buffer;
  readonly #identityPrefix: Buffer;
  readonly #factsOf: readonly ((record: R) => number)[];

  constructor(
    private readonly kind: StagedKind<R>,
    private readonly intake: Intake,
    private readonly judge: Judgement,
    private readonly nextSubjects: () => Subjects,
    rows: number,
  ) {
    this.rows = new BinaryRows(rows * TYPICAL_ROW_BYTES);
    this.identities = new BinaryRows(rows * TYPICAL_IDENTITY_BYTES);
    this.raw = new RawLines(rows);
    this.#newPrefix = prefixOf(kind, intake, true);
    this.#correctionPrefix = prefixOf(kind, intake, false);
    this.#identityPrefix = new BinaryRows().row(DIRECTORY_COLUMNS.length).bytes(Buffer.alloc(CUSTOMER_BYTES)).written();
    this.#factsOf = Object.values(kind.facts).map(({ of }) => of);
    this.#grow(rows);
  }

  add(record: R, lineNo: number, bytes: Buffer, from: number, to: number): void {
    const { kind, rows, identities } = this;
    const subjects = (this.subjects ??= this.nextSubjects());
    const at = this.size++;
    if (at === this.lineNos.length) this.#grow(at * 2 + 1);
    const { contentHash, recordId, version } = record;
    const month = kind.monthOf(record);
    const isCorrection = kind.isCorrection(record);
    this.lineNos[at] = lineNo;
    this.months[at] = month;
    this.hashHigh[at] = contentHash.high;
    this.hashLow[at] = contentHash.low;
    this.isCorrection[at] = isCorrection ? 1 : 0;
    const subject = subjects.ordinalOf(record.msisdn, record.accountNo);
    this.#subjectNos[at] = subject;
    const { provinces } = this.intake;
    if (provinces && !provinces.includes(kind.takenIn?.(record) ?? '')) subjects.askForOwnProvince(subject);
    const factsOf = this.#factsOf;
    const firstValue = at * factsOf.length;
    for (let fact = 0; fact < factsOf.length; fact++) this.values[firstValue + fact] = factsOf[fact]?.(record) ?? 0;
    this.days[at] = kind.dayBit?.(record) ?? 0;
    const time = kind.timeOf(record);
    const isLate = kind.mayBeLate || time > this.judge.now;
    this.#untimely[at] = isLate ? UNTIMELY.indexOf(untimely(time, isCorrection, this.judge)) : 0;
    const heldIn = kind.heldIn?.(record);
    this.#from[at] = heldIn ? heldIn[0] : time;
    this.#until[at] = heldIn ? heldIn[1] : time;
    this.raw.add(lineNo, bytes, from, to);
    this.#rowAt[at] = rows.at;
    kind.write(rows.rowLike(isCorrection ? this.#correctionPrefix : this.#newPrefix), record);
    this.#rowAt[at + 1] = rows.at;
    this.#identityAt[at] = identities.at;
    identities
      .rowLike(this.#identityPrefix)
      .date(month)
      .halves(contentHash.high, contentHash.low)
      .int2(version)
      .ascii(recordId)
      .ascii(this.intake.source)
      .ascii(kind.kind);
    this.#identityAt[at + 1] = identities.at;
  }

  clear(): void {
    this.size = 0;
    this.subjects = undefined;
    for (const part of [this.rows, this.identities, this.raw]) part.clear();
  }

  /** Writes into each record whose it is, or {@link NOBODY}'s. */
  findCustomers(subjects: Subjects): void {
    const { bytes } = subjects.customers;
    for (let at = 0; at < this.size; at++) {
      const customer = subjects.customerOf(this.#subjectNos[at] ?? 0, this.#from[at] ?? 0, this.#until[at] ?? 0);
      this.customers[at] = customer;
      if (customer < 0) continue;
      this.rows.overwrite16((this.#rowAt[at] ?? 0) + CUSTOMER_AT, bytes, customer * CUSTOMER_BYTES);
      this.identities.overwrite16((this.#identityAt[at] ?? 0) + CUSTOMER_AT, bytes, customer * CUSTOMER_BYTES);
    }
  }

  /** The places of those that must wait, of those that change others, and of all the rest. */
  sortOut(): Readonly<Record<'waiting' | 'corrections' | 'fresh', number[]>> {
    const sorted = { waiting: [] as number[], corrections: [] as number[], fresh: [] as number[] };
    for (let at = 0; at < this.size; at++) {
      const mustWait = (this.customers[at] ?? NOBODY) === NOBODY || this.#untimely[at] !== 0;
      (mustWait ? sorted.waiting : this.isCorrection[at] === 1 ? sorted.corrections : sorted.fresh).push(at);
    }
    return sorted;
  }

  untimelinessOf(at: number): Untimely | undefined {
    return UNTIMELY[this.#untimely[at] ?? 0];
  }

  /** In which time somebody must have had the number, to be whom the record is of. */
  heldFrom(at: number): number | undefined {
    const from = this.#from[at] ?? 0;
    return Number.isFinite(from) ? from : undefined;
  }

  heldUntil(at: number): number {
    return this.#until[at] ?? 0;
  }

  subjectOf(at: number): number {
    return this.#subjectNos[at] ?? 0;
  }

  lineOf(at: number): string {
    return this.raw.of(this.lineNos[at] ?? 0);
  }

  /** Adds the rows of some records to others, sorted by customer. */
  writeSorted(into: BinaryRows, places: readonly number[], ranks: Int32Array): void {
    const keys = this.#keys.subarray(0, places.length);
    for (let n = 0; n < places.length; n++) {
      const at = places[n] ?? 0;
      keys[n] = (ranks[this.customers[at] ?? 0] ?? 0) * PLACES + at;
    }
    keys.sort();
    for (const key of keys) {
      const at = key % PLACES;
      into.rowOf(this.rows, this.#rowAt[at] ?? 0, this.#rowAt[at + 1] ?? 0);
    }
  }

  writeIdentities(into: BinaryRows, places: readonly number[]): void {
    for (const at of places) into.rowOf(this.identities, this.#identityAt[at] ?? 0, this.#identityAt[at + 1] ?? 0);
  }

  /** Some identities, each with its place: all columns of the directory but source and kind. */
  writeQuestions(into: BinaryRows, places: readonly number[]): void {
    const tail = 4 + this.intake.source.length + 4 + this.kind.kind.length;
    for (const at of places) {
      into
        .row(DIRECTORY_COLUMNS.length - 1)
        .part(this.identities, (this.#identityAt[at] ?? 0) + 2, (this.#identityAt[at + 1] ?? 0) - tail)
        .int4(at);
    }
  }

  /** The columns of a record, to be followed by `more` others. */
  beginRow(into: BinaryRows, at: number, more: number): BinaryRows {
    return into
      .row(OWN_COLUMNS.length + this.kind.columns.length + more)
      .part(this.rows, (this.#rowAt[at] ?? 0) + 2, this.#rowAt[at + 1] ?? 0);
  }

  #grow(records: number): void {
    const ints = (array: Int32Array<ArrayBuffer>, length = records): Int32Array<ArrayBuffer> =>
      grown(array, new Int32Array(length));
    const floats = (array: Float64Array<ArrayBuffer>, length = records): Float64Array<ArrayBuffer> =>
      grown(array, new Float64Array(length));
    this.lineNos = ints(this.lineNos);
    this.months = ints(this.months);
    this.hashHigh = ints(this.hashHigh);
    this.hashLow = ints(this.hashLow);
    this.days = ints(this.days);
    this.customers = ints(this.customers);
    this.isCorrection = grown(this.isCorrection, new Uint8Array(records));
    this.#untimely = grown(this.#untimely, new Uint8Array(records));
    this.values = floats(this.values, records * this.#factsOf.length);
    this.#subjectNos = ints(this.#subjectNos);
    this.#from = floats(this.#from);
    this.#until = floats(this.#until);
    this.#rowAt = ints(this.#rowAt, records + 1);
    this.#identityAt = ints(this.#identityAt, records + 1);
    this.#keys = floats(this.#keys);
  }
}

function prefixOf<R extends IdentifiedRecord>(kind: StagedKind<R>, intake: Intake, isCurrent: boolean): Buffer {
  return new BinaryRows()
    .row(OWN_COLUMNS.length + kind.columns.length)
    .bytes(Buffer.alloc(CUSTOMER_BYTES))
    .uuid(intake.intakeId)
    .instant(intake.receivedAt.getTime())
    .ascii(intake.source)
    .boolean(isCurrent)
    .written();
}

function grown<A extends Int32Array | Float64Array | Uint8Array>(array: A, larger: A): A {
  larger.set(array);
  return larger;
}
