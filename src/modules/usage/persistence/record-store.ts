import type { Tx } from '../../../platform/database/index.js';
import type { PersonalData } from '../../../platform/privacy/index.js';
import type { Judgement } from '../domain/judgement.js';
import { RecordFields } from '../domain/record-fields.js';
import { Rejection } from '../domain/rejection.js';
import { BinaryRows } from './binary-copy.js';
import { addToFacts, REMAKE_ROAM_DAYS } from './month-facts.js';
import { RawLines } from './raw-lines.js';
import type { Intake } from '../domain/intake.js';
import { contentHashText, hold, type HeldLine } from './held-records.js';
import { keepRejected } from './rejected-records.js';
import { sealLine } from './sealed-line.js';
import type { IdentifiedRecord, StagedKind } from './staged-kind.js';
import { Subjects } from './subjects.js';

/** What became of a line that was not simply stored. */
export type Exception = 'DUPLICATE' | 'CONFLICT' | 'LATE' | 'HELD';
export type OnException = (lineNo: number, exception: Exception, reason?: HeldLine['reason']) => void;

/** Lines that go to the database together. */
export interface RecordBatch<R> {
  readonly size: number;
  add(record: R, lineNo: number, bytes: Buffer, from: number, to: number): void;
  clear(): void;
}

/** Stores the records of one intake inside one transaction: any number of batches, then {@link finish}. */
export interface RecordStore<R> {
  /** A batch with room for so many rows. */
  newBatch(rows: number): RecordBatch<R>;
  open(): Promise<void>;
  store(batch: RecordBatch<R>): Promise<void>;
  /** Applies what needs all records (corrections, monthly facts). Nothing counts before. */
  finish(): Promise<void>;
}

export const CONFLICT = new Rejection('E_CONFLICT', 'recordId', 'this record is known already, with another content');
/** It may be of somebody who was erased since. */
export const TOO_LATE = new Rejection(
  'E_LATE',
  'eventTime',
  'this account is not known, and is of a time that was erased',
);
const PAGE = 5_000;
/** As COPY takes it; buffers that begin too small leave their halves behind as garbage. */
const TYPICAL_ROW_BYTES = 230;

class StagedBatch<R extends IdentifiedRecord> implements RecordBatch<R> {
  readonly direct: BinaryRows;
  readonly corrections = new BinaryRows();
  readonly asked = new BinaryRows();
  readonly raw: RawLines;
  size = 0;

  constructor(
    private readonly kind: StagedKind<R>,
    private readonly subjects: Subjects,
    private readonly personalData: PersonalData,
    private readonly intakeId: string,
    rows: number,
  ) {
    this.direct = new BinaryRows(rows * TYPICAL_ROW_BYTES);
    this.raw = new RawLines(rows);
  }

  add(record: R, lineNo: number, bytes: Buffer, from: number, to: number): void {
    const { kind } = this;
    const subject = this.subjects.ordinalOf(record.msisdn, record.accountNo, this.asked);
    this.size++;
    if (kind.isCorrection(record)) {
      // Whether it must wait is known at the end only, when the line itself is long gone.
      const sealed = sealLine(this.personalData, this.intakeId, lineNo, bytes.toString('utf8', from, to));
      const rows = this.corrections
        .row(kind.columns.length + 3)
        .int4(lineNo)
        .int4(subject)
        .bytes(sealed);
      kind.write(rows, record);
      return;
    }
    this.raw.add(lineNo, bytes, from, to);
    kind.write(
      this.direct
        .row(kind.columns.length + 2)
        .int4(lineNo)
        .int4(subject),
      record,
    );
  }

  clear(): void {
    this.size = 0;
    for (const part of [this.direct, this.corrections, this.asked, this.raw]) part.clear();
  }
}

/**
 * Usage, bills and payments: COPY into narrow temporary tables, then set-wise statements.
 *
 * Records that correct nothing go in batch by batch while the next batch is being read. The insert is tried as if all were
 * new, which they nearly always are; when some are not, it is undone, they are found and taken out, and it is tried again.
 * Corrections wait for the end of the intake, because what they change may come after them.
 */
export class StagedRecordStore<R extends IdentifiedRecord> implements RecordStore<R> {
  readonly #subjects: Subjects;
  #batches = 0;
  #directRows = 0;
  #hasCorrections = false;

  constructor(
    private readonly kind: StagedKind<R>,
    private readonly tx: Tx,
    private readonly intake: Intake,
    private readonly judge: Judgement,
    private readonly personalData: PersonalData,
    private readonly onException: OnException,
  ) {
    this.#subjects = new Subjects(personalData);
  }

  newBatch(rows: number): StagedBatch<R> {
    return new StagedBatch(this.kind, this.#subjects, this.personalData, this.intake.intakeId, rows);
  }

  async open(): Promise<void> {
    const { tx, kind } = this;
    await this.#subjects.open(tx);
    const columns = kind.columns.join(', ');
    await tx.execute(
      `CREATE TEMP TABLE staged ON COMMIT DROP AS SELECT 0 AS line_no, 0 AS subject, ${columns} FROM ${kind.table} WITH NO DATA`,
    );
    await tx.execute(
      `CREATE TEMP TABLE staged_correction ON COMMIT DROP AS
       SELECT 0 AS line_no, 0 AS subject, ''::bytea AS sealed, ${columns} FROM ${kind.table} WITH NO DATA`,
    );
    await tx.execute(`CREATE TEMP TABLE flipped ON COMMIT DROP AS SELECT * FROM ${kind.table} WITH NO DATA`);
  }

  async store(batch: RecordBatch<R>): Promise<void> {
    if (!(batch instanceof StagedBatch)) throw new Error('A batch of another store');
    const { tx, kind } = this;
    await this.#subjects.find(tx, this.intake, batch.asked);
    if (!batch.corrections.isEmpty) {
      this.#hasCorrections = true;
      await batch.corrections.copyInto(tx, 'staged_correction', ['line_no', 'subject', 'sealed', ...kind.columns]);
    }
    if (batch.direct.isEmpty) return;
    const part = `staged_${++this.#batches}`;
    await tx.execute(`CREATE TEMP TABLE ${part} () INHERITS (staged) ON COMMIT DROP`);
    await batch.direct.copyInto(tx, part, ['line_no', 'subject', ...kind.columns]);
    let rows = batch.direct.rows;
    if (this.#subjects.someAreUnknown) rows -= await this.#holdUnknown(part, batch.raw);
    for (;;) {
      await tx.execute('SAVEPOINT batch');
      if (await this.#insert(part)) break;
      await tx.execute('ROLLBACK TO SAVEPOINT batch');
      rows -= await this.#takeOutKnown(part, batch.raw);
    }
    await tx.execute('RELEASE SAVEPOINT batch');
    this.#directRows += rows;
  }

  async finish(): Promise<void> {
    const { tx, kind, intake } = this;
    const hasLineages = this.#hasCorrections || !kind.isCurrentAtOnce;
    if (hasLineages) {
      // Two intakes that change the same records must see each other's versions; this is short, at the end.
      await tx.query(`SELECT pg_advisory_xact_lock(hashtext('usage.lineages'), hashtext($1))`, [
        intake.source + kind.kind,
      ]);
      if (this.#hasCorrections) await this.#storeCorrections();
      await this.#flipVersions();
    }
    await this.#addFacts(hasLineages);
  }

  /** Without ON CONFLICT, which looks into the index twice for every row; says whether all rows were new. */
  async #insert(part: string): Promise<boolean> {
    const { kind, intake } = this;
    const columns = kind.columns.join(', ');
    const inserting = this.tx.execute(
      `INSERT INTO ${kind.table} (customer_id, file_id, recorded_at, source, is_current, ${columns})
       SELECT customer_id, $1, $2, $3, ${kind.isCurrentAtOnce}, ${columns}
       FROM ${part} JOIN subject USING (subject)
       ORDER BY customer_id, ${this.#identity}`,
      [intake.intakeId, intake.receivedAt, intake.source],
    );
    return inserting.then(
      () => true,
      (error: unknown) => {
        if (isUniqueViolation(error)) return false;
        throw error;
      },
    );
  }

  get #identity(): string {
    const { kind } = this;
    return [...(kind.isPartitioned ? [kind.monthColumn] : []), kind.idColumn, 'version'].join(', ');
  }

  async #holdUnknown(part: string, raw: RawLines): Promise<number> {
    const rows = await this.tx.query<{ line_no: number }>(
      `DELETE FROM ${part} p USING subject WHERE subject.subject = p.subject AND subject.customer_id IS NULL
       RETURNING line_no`,
    );
    const fields = new RecordFields();
    const lines = rows.map(({ line_no: lineNo }): HeldLine => {
      const line = raw.of(lineNo);
      const bytes = Buffer.from(line);
      const record = this.kind.parse(fields.of(bytes, 0, bytes.length), this.judge);
      if (record instanceof Rejection) throw new Error('A line that was taken is refused when it is read again');
      return this.#heldLine(lineNo, line, record);
    });
    await this.#hold(lines);
    return rows.length;
  }

  #heldLine(lineNo: number, line: string, record: R): HeldLine {
    return {
      ...record,
      lineNo,
      contentHash: contentHashText(record.contentHash),
      msisdnIndex: this.#subjects.indexOf(record.msisdn),
      reason: 'UNKNOWN_CUSTOMER',
      sealed: sealLine(this.personalData, this.intake.intakeId, lineNo, line),
    };
  }

  async #hold(lines: readonly HeldLine[]): Promise<void> {
    const outcomes = await hold(this.tx, this.intake, lines);
    const refused: HeldLine[] = [];
    for (const line of lines) {
      const outcome = outcomes.get(line.lineNo) ?? 'HELD';
      if (outcome === 'CONFLICT') refused.push(line);
      this.onException(line.lineNo, outcome, line.reason);
    }
    await this.#refuse(refused);
  }

  #refuse(lines: readonly { lineNo: number; recordId: string; sealed: Buffer }[]): Promise<void> {
    return keepRejected(
      this.tx,
      this.intake,
      lines.map((line) => ({ ...line, rejection: CONFLICT })),
    );
  }

  /** Takes out of a batch what is stored already, or stands earlier in the same batch; answers how many those were. */
  async #takeOutKnown(part: string, raw: RawLines): Promise<number> {
    const { tx, kind, intake } = this;
    await tx.execute(`ANALYZE ${part}`); // else a replayed file would scan whole months instead of their keys
    const rows = await tx.query<{ line_no: number; record_id: string; is_same: boolean }>(
      `WITH placed AS (
         SELECT p.ctid AS place, subject.customer_id, p.line_no, p.content_hash, p.${kind.monthColumn}, p.${kind.idColumn},
           p.version, row_number() OVER same AS nth, first_value(p.content_hash) OVER same AS first_hash
         FROM ${part} p JOIN subject USING (subject)
         WINDOW same AS (PARTITION BY customer_id, ${this.#identity} ORDER BY p.line_no)
       ), known AS (
         SELECT place, COALESCE(stored.content_hash, first_hash) = placed.content_hash AS is_same
         FROM placed LEFT JOIN ${kind.table} stored ON stored.customer_id = placed.customer_id AND stored.source = $1
           ${kind.isPartitioned ? `AND stored.${kind.monthColumn} = placed.${kind.monthColumn}` : ''}
           AND stored.${kind.idColumn} = placed.${kind.idColumn} AND stored.version = placed.version
         WHERE stored.customer_id IS NOT NULL OR nth > 1
       )
       DELETE FROM ${part} p USING known WHERE p.ctid = known.place
       RETURNING p.line_no, p.${kind.idColumn} AS record_id, is_same`,
      [intake.source],
    );
    const refused = [];
    for (const { line_no: lineNo, record_id: recordId, is_same: isSame } of rows) {
      this.onException(lineNo, isSame ? 'DUPLICATE' : 'CONFLICT');
      if (isSame) continue;
      const sealed = sealLine(this.personalData, intake.intakeId, lineNo, raw.of(lineNo));
      refused.push({ lineNo, recordId, sealed });
    }
    await this.#refuse(refused);
    return rows.length;
  }

  async #storeCorrections(): Promise<void> {
    const { tx, kind, intake } = this;
    const { table, idColumn, refColumn, monthColumn } = kind;
    await tx.execute('ANALYZE staged_correction');
    await tx.execute('CREATE TEMP TABLE verdict (line_no int, customer_id uuid, verdict text) ON COMMIT DROP');
    // A month without a partition holds no record, so nothing in it can be what a correction refers to.
    const isOutsideAllMonths = kind.isPartitioned
      ? `to_regclass('${table}_' || to_char(c.${monthColumn}, 'YYYYMM')) IS NULL`
      : 'false';
    await tx.execute(
      `INSERT INTO verdict
       SELECT c.line_no, subject.customer_id, CASE
           WHEN subject.customer_id IS NULL THEN 'UNKNOWN_CUSTOMER'
           WHEN COALESCE(stored.content_hash, first_value(c.content_hash) OVER same) <> c.content_hash THEN 'CONFLICT'
           WHEN stored.customer_id IS NOT NULL OR row_number() OVER same > 1 THEN 'DUPLICATE'
           WHEN ${isOutsideAllMonths} OR NOT EXISTS (
             SELECT FROM ${table} origin WHERE origin.customer_id = subject.customer_id AND origin.source = $1
               AND origin.${idColumn} = c.${refColumn} AND origin.${refColumn} IS NULL) THEN 'UNKNOWN_REFERENCE'
           ELSE 'FRESH' END
       FROM staged_correction c JOIN subject USING (subject)
         LEFT JOIN ${table} stored ON stored.customer_id = subject.customer_id AND stored.source = $1
           ${kind.isPartitioned ? `AND stored.${monthColumn} = c.${monthColumn}` : ''}
           AND stored.${idColumn} = c.${idColumn} AND stored.version = c.version
       WINDOW same AS (PARTITION BY subject.customer_id, c.${monthColumn}, c.${idColumn}, c.version ORDER BY c.line_no)`,
      [intake.source],
    );
    await tx.execute(
      `INSERT INTO ${table} (customer_id, file_id, recorded_at, source, is_current, ${kind.columns.join(', ')})
       SELECT customer_id, $1, $2, $3, false, ${kind.columns.join(', ')}
       FROM staged_correction JOIN verdict USING (line_no) WHERE verdict = 'FRESH'
       ORDER BY customer_id, ${this.#identity}`,
      [intake.intakeId, intake.receivedAt, intake.source],
    );
    await this.#setCorrectionsAside();
  }

  async #setCorrectionsAside(): Promise<void> {
    type Row = {
      line_no: number; record_id: string; version: number; ref_record_id: string; content_hash: string; sealed: Buffer;
      msisdn_index: Buffer; account_no: string | null;
      verdict: 'DUPLICATE' | 'CONFLICT' | 'UNKNOWN_CUSTOMER' | 'UNKNOWN_REFERENCE';
    }; // prettier-ignore
    for (let after = -1; ;) {
      const rows = await this.tx.query<Row>(
        `SELECT line_no, c.${this.kind.idColumn} AS record_id, version, c.${this.kind.refColumn} AS ref_record_id,
           content_hash::text, sealed, msisdn_index, account_no, verdict
         FROM verdict JOIN staged_correction c USING (line_no) JOIN subject USING (subject)
         WHERE verdict <> 'FRESH' AND line_no > $1 ORDER BY line_no LIMIT ${PAGE}`,
        [after],
      );
      const held: HeldLine[] = [];
      const refused = [];
      for (const row of rows) {
        const line = { lineNo: row.line_no, recordId: row.record_id, sealed: row.sealed };
        if (row.verdict === 'UNKNOWN_CUSTOMER' || row.verdict === 'UNKNOWN_REFERENCE') {
          held.push({
            ...line,
            version: row.version,
            contentHash: row.content_hash,
            msisdnIndex: row.msisdn_index,
            accountNo: row.account_no ?? undefined,
            refRecordId: row.ref_record_id,
            reason: row.verdict,
          });
        } else {
          this.onException(row.line_no, row.verdict);
          if (row.verdict === 'CONFLICT') refused.push(line);
        }
      }
      await this.#hold(held);
      await this.#refuse(refused);
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) return;
      after = last.line_no;
    }
  }

  /** In every lineage that got a version, the highest version becomes the current one; who changed sides is kept for the facts. */
  async #flipVersions(): Promise<void> {
    const { tx, kind, intake } = this;
    const { table, idColumn, refColumn, monthColumn } = kind;
    await tx.execute('CREATE TEMP TABLE touched (customer_id uuid, root text) ON COMMIT DROP');
    const arrivals = kind.isCurrentAtOnce
      ? `staged_correction c JOIN verdict v USING (line_no) WHERE verdict = 'FRESH'`
      : 'staged c JOIN subject USING (subject)';
    await tx.execute(
      `INSERT INTO touched SELECT DISTINCT customer_id, COALESCE(c.${refColumn}, c.${idColumn}) FROM ${arrivals}`,
    );
    await tx.execute('ANALYZE touched');
    const key = ['customer_id', 'source', idColumn, 'version', ...(kind.isPartitioned ? [monthColumn] : [])];
    await tx.execute(
      `WITH member AS (
         SELECT ${key.map((column) => `r.${column}`).join(', ')}, row_number() OVER (
           PARTITION BY touched.customer_id, touched.root ORDER BY r.version DESC, r.${idColumn} DESC, r.${monthColumn} DESC
         ) = 1 AS is_newest
         FROM touched JOIN ${table} r
           ON r.customer_id = touched.customer_id AND r.source = $1 AND COALESCE(r.${refColumn}, r.${idColumn}) = touched.root
       ), changed AS (
         UPDATE ${table} r SET is_current = member.is_newest FROM member
         WHERE ${key.map((column) => `r.${column} = member.${column}`).join(' AND ')} AND r.is_current <> member.is_newest
         RETURNING r.*
       )
       INSERT INTO flipped SELECT * FROM changed`,
      [intake.source],
    );
  }

  async #addFacts(hasLineages: boolean): Promise<void> {
    const { tx, kind } = this;
    const isUsage = kind.kind === 'USG';
    const parts: string[] = [];
    if (kind.isCurrentAtOnce && this.#directRows > 0) {
      parts.push(`SELECT customer_id, 1 AS sign, ${kind.factColumns} FROM staged JOIN subject USING (subject)`);
    }
    if (hasLineages) {
      parts.push(
        `SELECT customer_id, CASE WHEN is_current THEN 1 ELSE -1 END AS sign, ${kind.factColumns} FROM flipped WHERE ${kind.counts}`,
      );
    }
    if (parts.length === 0 || Object.keys(kind.facts).length === 0) return;
    await tx.execute(addToFacts(`(${parts.join(' UNION ALL ')})`, kind.facts, isUsage));
    if (isUsage && hasLineages) await tx.execute(REMAKE_ROAM_DAYS);
  }
}

const isUniqueViolation = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && Reflect.get(error, 'code') === '23505';
