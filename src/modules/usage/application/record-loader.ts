import type { Tx } from '../../../platform/database/index.js';
import type { PersonalData } from '../../../platform/privacy/index.js';
import { ControlTotals } from '../domain/control-totals.js';
import type { Judgement } from '../domain/judgement.js';
import { RecordFields } from '../domain/record-fields.js';
import { figuresOfRefused } from '../domain/refused-figures.js';
import { Rejection } from '../domain/rejection.js';
import { RecordExtras, type SaysMore } from '../persistence/record-extras.js';
import type { RecordReader } from '../persistence/record-kinds.js';
import type { RecordBatch, RecordStore } from '../persistence/record-store.js';
import type { Intake } from '../domain/intake.js';
import { keepRejected, type RejectedLine } from '../persistence/rejected-records.js';
import { sealLine } from '../persistence/sealed-line.js';

/** Reads lines of one kind and stores them, batch after batch: while the database works on one, the next is read. */
export interface LineLoader {
  readonly totals: ControlTotals;
  readonly rejected: number;
  /** With `fault` the line is refused, whatever it says. */
  take(lineNo: number, bytes: Buffer, start: number, end: number, fault?: Rejection): void;
  readonly isFull: boolean;
  /** Hands the lines taken so far to the database; waits only for the batch before. */
  flush(): Promise<void>;
  /** Stores the rest and makes everything count. */
  finish(): Promise<void>;
  /** Waits for work that is under way, whatever comes of it. */
  settle(): Promise<void>;
}

const REJECTED_AT_ONCE = 5_000;

export class RecordLoader<R extends SaysMore> implements LineLoader {
  readonly totals = new ControlTotals();
  rejected = 0;
  readonly #fields = new RecordFields();
  readonly #extras: RecordExtras;
  #filling: RecordBatch<R>;
  #storing: RecordBatch<R> | undefined;
  #rejects: RejectedLine[] = [];
  #isOpen = false;
  #underway: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly tx: Tx,
    private readonly intake: Intake,
    private readonly judge: Judgement,
    private readonly personalData: PersonalData,
    private readonly reader: RecordReader<R>,
    private readonly store: RecordStore<R>,
    private readonly batchRows: number,
    private readonly onReject: (line: RejectedLine) => void,
  ) {
    this.#filling = store.newBatch(batchRows);
    this.#extras = new RecordExtras(tx, intake, personalData);
  }

  take(lineNo: number, bytes: Buffer, start: number, end: number, fault?: Rejection): void {
    const { reader, totals } = this;
    const line = this.#fields.of(bytes, start, end);
    const record = fault ?? reader.parse(line, this.judge);
    if (record instanceof Rejection) {
      const { figures, time } = figuresOfRefused(this.intake.kind, line);
      totals.add(figures, time);
      this.#reject(lineNo, record, bytes.toString('utf8', start, end));
      return;
    }
    totals.add(reader.figures(record), reader.timeOf(record));
    this.#filling.add(record, lineNo, bytes, start, end);
    if (record.extra !== undefined) this.#extras.add(record);
  }

  get isFull(): boolean {
    return this.#filling.size >= this.batchRows || this.#rejects.length >= REJECTED_AT_ONCE;
  }

  async flush(): Promise<void> {
    await this.#underway;
    const batch = this.#filling;
    this.#filling = this.#storing ?? this.store.newBatch(this.batchRows);
    this.#storing = batch;
    const rejects = this.#rejects;
    this.#rejects = [];
    this.#underway = this.#storeBatch(batch, rejects);
    this.#underway.catch(() => undefined); // it is thrown where it is awaited
  }

  async finish(): Promise<void> {
    await this.#underway;
    const rejects = this.#rejects;
    this.#rejects = [];
    this.#underway = this.#storeBatch(this.#filling, rejects);
    await this.#underway;
    await this.store.finish();
    await this.#extras.keep();
  }

  async settle(): Promise<void> {
    await this.#underway.catch(() => undefined);
  }

  async #storeBatch(batch: RecordBatch<R>, rejects: readonly RejectedLine[]): Promise<void> {
    if (!this.#isOpen) {
      await this.store.open();
      this.#isOpen = true;
    }
    await keepRejected(this.tx, this.intake, rejects);
    if (batch.size > 0) await this.store.store(batch);
    await this.#extras.stage();
    batch.clear();
  }

  #reject(lineNo: number, rejection: Rejection, line: string): void {
    this.rejected++;
    const recordId = this.#fields.identifier(1);
    const sealed = sealLine(this.personalData, this.intake.intakeId, lineNo, line);
    const rejected = { lineNo, recordId, rejection, sealed };
    this.#rejects.push(rejected);
    this.onReject(rejected);
  }
}
