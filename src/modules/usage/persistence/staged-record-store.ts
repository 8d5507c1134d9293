import { APPLICATION_ROLE } from '../../../platform/database/migration-tools.js';
import type { Tx } from '../../../platform/database/index.js';
import type { PersonalData } from '../../../platform/privacy/index.js';
import type { Intake } from '../domain/intake.js';
import { readyAt, type Judgement } from '../domain/judgement.js';
import { RecordFields } from '../domain/record-fields.js';
import { Rejection } from '../domain/rejection.js';
import { BinaryRows } from './binary-copy.js';
import { contentHashText, type HeldLine } from './held-records.js';
import {
  additionByMonth,
  additionOfParameters,
  addFlipped,
  addToMonths,
  createAddition,
  REMAKE_ROAM_DAYS,
} from './month-facts.js';
import type { MonthChanges } from './month-changes.js';
import { INTAKE_ROLE, partitionOf, type MonthPartitions } from './month-partitions.js';
import { MonthSums } from './month-sums.js';
import { DIRECTORY_COLUMNS, OWN_COLUMNS, StagedBatch, TYPICAL_ROW_BYTES } from './record-batch.js';
import { RecordDirectory, RECORD_DIRECTORY, type Known } from './record-directory.js';
import { conflictIn, UNSTORABLE, type OnException, type RecordBatch, type RecordStore } from './record-store.js';
import { keepRejected } from './rejected-records.js';
import { sealLine } from './sealed-line.js';
import { setAside } from './set-aside.js';
import type { IdentifiedRecord, StagedKind } from './staged-kind.js';
import { Subjects } from './subjects.js';

const PAGE = 5_000;
/** Up to so many months are added as parameters; more of them come by way of a table. */
const FEW_MONTHS = 20_000;

/**
 * Usage, bills, payments and arrears. Whose a record is, where it goes and what it adds to its month is found out here, so that the
 * database has little more to do than to take rows: COPY, sorted by customer, into the month itself and into the directory.
 *
 * A batch is stored as if all of it were new, which it nearly always is; when some are not, that is undone, they are found in the
 * directory and left out, and it is stored again. A row that the database refuses for what it holds is found by halving. Corrections
 * wait for the end of the intake, because what they change may come after them.
 */
export class StagedRecordStore<R extends IdentifiedRecord> implements RecordStore<R> {
  readonly #facts: readonly string[];
  readonly #directory: RecordDirectory;
  #sorted: BinaryRows | undefined;
  readonly #some = new BinaryRows();
  readonly #months = new Set<number>();
  /** Those of the batch that is being filled; of the batch being stored; and what that has summed up. */
  #newest: Subjects;
  #subjects: Subjects;
  #sums: MonthSums;
  #isAdditionOpen = false;
  #areFlippable = false;
  #hasCorrections = false;
  /** Where some records were known, more of them will be: they are looked up at once. */
  #looksFirst = false;

  constructor(
    private readonly kind: StagedKind<R>,
    private readonly tx: Tx,
    private readonly intake: Intake,
    private readonly judge: Judgement,
    private readonly personalData: PersonalData,
    private readonly partitions: MonthPartitions,
    private readonly changes: MonthChanges,
    private readonly onException: OnException,
  ) {
    this.#facts = Object.keys(kind.facts);
    this.#directory = new RecordDirectory(tx, intake);
    this.#newest = this.#subjects = new Subjects(personalData);
    this.#sums = new MonthSums(this.#facts, this.#subjects.customers);
  }

  newBatch(rows: number): StagedBatch<R> {
    return new StagedBatch(this.kind, this.intake, this.judge, () => this.#currentSubjects(), rows);
  }

  async open(): Promise<void> {
    const [row] = await this.tx.query<{ some: boolean }>(
      'SELECT EXISTS (SELECT FROM usage.held_record WHERE source = $1 AND kind = $2) AS some',
      [this.intake.source, this.intake.kind],
    );
    this.#looksFirst = row?.some ?? false; // What waits has come first, though it is not in the directory yet.
  }

  async store(batch: RecordBatch<R>): Promise<void> {
    if (!(batch instanceof StagedBatch)) throw new Error('A batch of another store');
    const { subjects } = batch;
    if (!subjects) return;
    if (subjects !== this.#subjects) await this.#turnTo(subjects);
    await subjects.find(this.tx, this.intake);
    batch.findCustomers(subjects);
    const { waiting, corrections, fresh } = batch.sortOut();
    await this.#openMonths(batch, fresh);
    await this.#openMonths(batch, corrections);
    await this.#holdUnlessKnown(batch, waiting);
    await this.#stageCorrections(batch, corrections);
    await this.#storeFresh(batch, fresh);
  }

  async finish(): Promise<void> {
    const { tx, kind, intake } = this;
    const hasLineages = this.#hasCorrections || this.#areFlippable;
    if (hasLineages) {
      // Two intakes that change the same records must see each other's versions; this is short, at the end.
      await tx.query(`SELECT pg_advisory_xact_lock(hashtext('usage.lineages'), hashtext($1))`, [
        intake.source + kind.kind,
      ]);
      if (this.#hasCorrections) await this.#storeCorrections();
      await this.#flipVersions();
    }
    await this.#addToMonths(hasLineages);
    await this.changes.announce();
  }

  #currentSubjects(): Subjects {
    if (this.#newest.isFull) this.#newest = new Subjects(this.personalData);
    return this.#newest;
  }

  async #turnTo(subjects: Subjects): Promise<void> {
    await this.#spill();
    this.#subjects = subjects;
    this.#sums = new MonthSums(this.#facts, subjects.customers);
  }

  async #openMonths(batch: StagedBatch<R>, places: readonly number[]): Promise<void> {
    if (!this.kind.isPartitioned) return;
    const missing = new Set<number>();
    for (const at of places) {
      const month = batch.months[at] ?? 0;
      if (!this.#months.has(month)) missing.add(month);
    }
    if (missing.size === 0) return;
    await this.partitions.ensure([...missing]);
    for (const month of missing) this.#months.add(month);
  }

  async #storeFresh(batch: StagedBatch<R>, places: readonly number[]): Promise<void> {
    const { tx } = this;
    let left = places;
    let wasKnown = false;
    while (left.length > 0) {
      if (this.#looksFirst) {
        const rest = await this.#withoutKnown(batch, left);
        // Each turn others have stored some of them, so there are ever fewer.
        if (wasKnown && rest.length === left.length)
          throw new Error('A batch is never new, though none of its records is known');
        left = rest;
        if (left.length === 0) return;
      }
      await tx.execute('SAVEPOINT batch');
      const problem = await this.#copy(batch, left).then(() => undefined, problemOf);
      if (problem === undefined) {
        await tx.execute('RELEASE SAVEPOINT batch');
        this.#sumUp(batch, left);
        return;
      }
      await tx.execute('ROLLBACK TO SAVEPOINT batch; RELEASE SAVEPOINT batch');
      if (problem === 'UNSTORABLE') return await this.#storeHalves(batch, left);
      this.#looksFirst = wasKnown = true;
    }
  }

  async #storeHalves(batch: StagedBatch<R>, places: readonly number[]): Promise<void> {
    const [only] = places;
    if (only === undefined) return;
    if (places.length === 1) {
      this.onException(batch.lineNos[only] ?? 0, 'UNSTORABLE');
      return await this.#refuse(UNSTORABLE, [this.#lineOf(batch, only)]);
    }
    const half = places.length >> 1;
    await this.#storeFresh(batch, places.slice(0, half));
    await this.#storeFresh(batch, places.slice(half));
  }

  /** The directory first: if one of them is known, nothing else was done in vain. */
  async #copy(batch: StagedBatch<R>, places: readonly number[]): Promise<void> {
    const { tx } = this;
    let identities = batch.identities;
    if (places.length < batch.size) {
      identities = this.#some;
      identities.clear();
      batch.writeIdentities(identities, places);
    }
    await identities.copyInto(tx, RECORD_DIRECTORY, DIRECTORY_COLUMNS);
    if (this.kind.isPartitioned) await this.#copyIntoMonths(batch, places);
    else await this.#insert(batch, places);
  }

  async #copyIntoMonths(batch: StagedBatch<R>, places: readonly number[]): Promise<void> {
    const { tx, kind } = this;
    const byMonth = new Map<number, number[]>();
    for (const at of places) {
      const month = batch.months[at] ?? 0;
      const those = byMonth.get(month);
      if (those) those.push(at);
      else byMonth.set(month, [at]);
    }
    await tx.execute(`SET LOCAL ROLE ${INTAKE_ROLE}`);
    for (const [month, those] of [...byMonth].sort(([a], [b]) => a - b)) {
      await this.#sortedRows(batch, those).copyInto(tx, partitionOf(kind.table, month), this.#columns);
    }
    await tx.execute(`SET LOCAL ROLE ${APPLICATION_ROLE}`);
  }

  /** Tables under row-level security take no COPY. */
  async #insert(batch: StagedBatch<R>, places: readonly number[]): Promise<void> {
    const { tx, kind } = this;
    const { table, idColumn, refColumn } = kind;
    // Where a batch is undone, so are these.
    await tx.execute(`CREATE TEMP TABLE IF NOT EXISTS staged ON COMMIT DROP AS SELECT * FROM ${table} WITH NO DATA`);
    await this.#sortedRows(batch, places).copyInto(tx, 'staged', this.#columns);
    const columns = this.#columns.join(', ');
    const insert = `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM staged`;
    if (kind.comesInVersions) {
      // All count as if there were no other versions, which is nearly always so; the end puts right what is not.
      await this.#openFlipped();
      await tx.execute('CREATE TEMP TABLE IF NOT EXISTS touched (customer_id uuid, root text) ON COMMIT DROP');
      await tx.execute(`WITH stored AS (${insert} RETURNING *) INSERT INTO flipped SELECT * FROM stored`);
      await tx.execute(
        `INSERT INTO touched SELECT DISTINCT customer_id, COALESCE(${refColumn}, ${idColumn}) FROM staged`,
      );
      this.#areFlippable = true;
    } else {
      await tx.execute(insert);
    }
    await tx.execute('TRUNCATE staged');
  }

  #sortedRows(batch: StagedBatch<R>, places: readonly number[]): BinaryRows {
    const rows = (this.#sorted ??= new BinaryRows(places.length * TYPICAL_ROW_BYTES));
    rows.clear();
    batch.writeSorted(rows, places, this.#subjects.customers.ranks);
    return rows;
  }

  get #columns(): readonly string[] {
    return [...OWN_COLUMNS, ...this.kind.columns];
  }

  #sumUp(batch: StagedBatch<R>, places: readonly number[]): void {
    const width = this.#facts.length;
    if (width === 0 || this.kind.comesInVersions) return;
    const { customers, months, values, days, hashHigh, hashLow } = batch;
    const sums = this.#sums;
    for (const at of places) {
      sums.add(
        customers[at] ?? 0, months[at] ?? 0, values, at * width, days[at] ?? 0, hashHigh[at] ?? 0, hashLow[at] ?? 0,
      ); // prettier-ignore
    }
  }

  async #withoutKnown(batch: StagedBatch<R>, places: readonly number[]): Promise<readonly number[]> {
    const known = await this.#directory.known(batch, places);
    if (known.size === 0) return places;
    const refused = [];
    for (const [at, exception] of known) {
      this.onException(batch.lineNos[at] ?? 0, exception);
      if (exception === 'CONFLICT') refused.push(this.#lineOf(batch, at));
    }
    await this.#refuse(conflictIn(this.intake.kind), refused);
    return places.filter((at) => !known.has(at));
  }

  async #holdUnlessKnown(batch: StagedBatch<R>, places: readonly number[]): Promise<void> {
    if (places.length === 0) return;
    const waiting = await this.#withoutKnown(batch, places);
    this.#looksFirst = true;
    for (let from = 0; from < waiting.length; from += PAGE) {
      await this.#hold(waiting.slice(from, from + PAGE).map((at) => this.#heldLine(batch, at)));
    }
  }

  #heldLine(batch: StagedBatch<R>, at: number): HeldLine {
    const record = this.kind.parse(RecordFields.ofText(batch.lineOf(at)));
    if (record instanceof Rejection) throw new Error('A line that was taken is refused when it is read again');
    const reason = batch.untimelinessOf(at) ?? 'UNKNOWN_CUSTOMER';
    const from = batch.heldFrom(at);
    return {
      ...record,
      ...this.#lineOf(batch, at),
      contentHash: contentHashText(record.contentHash),
      msisdnIndex: this.#subjects.indexOf(batch.subjectOf(at)),
      reason,
      ofFrom: from === undefined ? undefined : new Date(from),
      ofUntil: new Date(batch.heldUntil(at)),
      readyAt: reason === 'FUTURE' ? readyAt(this.kind.timeOf(record)) : undefined,
    };
  }

  #lineOf(batch: StagedBatch<R>, at: number): { lineNo: number; recordId: string; sealed: Buffer } {
    const lineNo = batch.lineNos[at] ?? 0;
    const line = batch.lineOf(at);
    const sealed = sealLine(this.personalData, this.intake.intakeId, lineNo, line);
    return { lineNo, recordId: RecordFields.ofText(line).identifier(1) ?? '', sealed };
  }

  #hold(lines: readonly HeldLine[]): Promise<void> {
    return setAside(this.tx, this.intake, lines, this.onException);
  }

  #refuse(rejection: Rejection, lines: readonly { lineNo: number; recordId: string; sealed: Buffer }[]): Promise<void> {
    return keepRejected(
      this.tx,
      this.intake,
      lines.map((line) => ({ ...line, rejection })),
    );
  }

  /** Whether one must wait is known at the end only, when its line is long gone: it is kept sealed beside its columns. */
  async #stageCorrections(batch: StagedBatch<R>, places: readonly number[]): Promise<void> {
    if (places.length === 0) return;
    const { tx, kind } = this;
    if (!this.#hasCorrections) {
      await tx.execute(
        `CREATE TEMP TABLE staged_correction ON COMMIT DROP AS
         SELECT *, 0 AS line_no, ''::bytea AS sealed, ''::bytea AS msisdn_index, '' AS account_no,
           recorded_at AS of_from, recorded_at AS of_until
         FROM ${kind.table} WITH NO DATA`,
      );
      this.#hasCorrections = true;
    }
    const rows = this.#some;
    rows.clear();
    for (const at of places) {
      const subject = batch.subjectOf(at);
      batch
        .beginRow(rows, at, 6)
        .int4(batch.lineNos[at] ?? 0)
        .bytes(this.#lineOf(batch, at).sealed)
        .bytes(this.#subjects.indexOf(subject))
        .ascii(this.#subjects.accountOf(subject))
        .instant(batch.heldFrom(at))
        .instant(batch.heldUntil(at));
    }
    const columns = [...this.#columns, 'line_no', 'sealed', 'msisdn_index', 'account_no', 'of_from', 'of_until'];
    await rows.copyInto(tx, 'staged_correction', columns);
  }

  async #storeCorrections(): Promise<void> {
    const { tx, kind, intake } = this;
    const { table, idColumn, refColumn, monthColumn } = kind;
    const identity = `${idColumn} COLLATE "C"`;
    await tx.execute('ANALYZE staged_correction');
    await tx.execute('CREATE TEMP TABLE verdict (line_no int, verdict text) ON COMMIT DROP');
    await tx.execute('CREATE TEMP TABLE IF NOT EXISTS touched (customer_id uuid, root text) ON COMMIT DROP');
    await tx.execute(
      `INSERT INTO verdict
       SELECT c.line_no, CASE
           WHEN known.content_hash IS NOT NULL THEN
             CASE WHEN (known.content_hash, known.month, known.customer_id) = (c.content_hash, c.${monthColumn}, c.customer_id)
               THEN 'DUPLICATE' ELSE 'CONFLICT' END
           WHEN waiting.content_hash <> c.content_hash OR first_value(c.content_hash) OVER same <> c.content_hash THEN 'CONFLICT'
           WHEN row_number() OVER same > 1 THEN 'DUPLICATE'
           WHEN origin.customer_id IS DISTINCT FROM c.customer_id THEN 'UNKNOWN_REFERENCE'
           ELSE 'FRESH' END
       FROM staged_correction c
         LEFT JOIN LATERAL (
           SELECT content_hash, month, customer_id FROM ${RECORD_DIRECTORY} d
           WHERE d.source = $1 AND d.kind = $2 AND d.record_id = c.${identity} AND d.version = c.version LIMIT 1
         ) known ON true
         LEFT JOIN LATERAL (
           SELECT content_hash FROM usage.held_record h
           WHERE h.source = $1 AND h.kind = $2 AND h.record_id = c.${idColumn} AND h.version = c.version LIMIT 1
         ) waiting ON true
         LEFT JOIN LATERAL (
           SELECT customer_id FROM ${RECORD_DIRECTORY} d
           WHERE d.source = $1 AND d.kind = $2 AND d.record_id = c.${refColumn} COLLATE "C" AND d.version = 1 LIMIT 1
         ) origin ON true
       WINDOW same AS (PARTITION BY c.${idColumn}, c.version ORDER BY c.line_no)`,
      [intake.source, intake.kind],
    );
    const fresh = `staged_correction c JOIN verdict USING (line_no) WHERE verdict = 'FRESH'`;
    await tx.execute(
      `INSERT INTO ${RECORD_DIRECTORY} (customer_id, month, content_hash, version, record_id, source, kind)
       SELECT customer_id, ${monthColumn}, content_hash, version, ${idColumn}, $1, $2 FROM ${fresh}
       ORDER BY ${identity}, version`,
      [intake.source, intake.kind],
    );
    const columns = this.#columns.join(', ');
    await tx.execute(
      `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM ${fresh} ORDER BY customer_id, ${monthColumn}, ${idColumn}, version`,
    );
    await tx.execute(`INSERT INTO touched SELECT DISTINCT customer_id, c.${refColumn} FROM ${fresh}`);
    await this.#setCorrectionsAside();
  }

  async #setCorrectionsAside(): Promise<void> {
    type Row = {
      line_no: number; record_id: string; version: number; ref_record_id: string; content_hash: string; sealed: Buffer;
      msisdn_index: Buffer; account_no: string | null; of_from: Date | null; of_until: Date; verdict: Known | 'UNKNOWN_REFERENCE';
    }; // prettier-ignore
    for (let after = -1; ;) {
      const rows = await this.tx.query<Row>(
        `SELECT line_no, c.${this.kind.idColumn} AS record_id, version, c.${this.kind.refColumn} AS ref_record_id,
           content_hash::text, sealed, msisdn_index, account_no, of_from, of_until, verdict
         FROM verdict JOIN staged_correction c USING (line_no)
         WHERE verdict <> 'FRESH' AND line_no > $1 ORDER BY line_no LIMIT ${PAGE}`,
        [after],
      );
      const held: HeldLine[] = [];
      const refused = [];
      for (const row of rows) {
        const line = { lineNo: row.line_no, recordId: row.record_id, sealed: row.sealed };
        if (row.verdict === 'UNKNOWN_REFERENCE') {
          held.push({
            ...line,
            version: row.version,
            contentHash: row.content_hash,
            msisdnIndex: row.msisdn_index,
            accountNo: row.account_no ?? undefined,
            refRecordId: row.ref_record_id,
            reason: row.verdict,
            ofFrom: row.of_from ?? undefined,
            ofUntil: row.of_until,
            readyAt: undefined,
          });
        } else {
          this.onException(row.line_no, row.verdict);
          if (row.verdict === 'CONFLICT') refused.push(line);
        }
      }
      if (held.length > 0) await this.#hold(held);
      await this.#refuse(conflictIn(this.intake.kind), refused);
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) return;
      after = last.line_no;
    }
  }

  /** In every lineage that got a version, the highest version becomes the current one; who changed sides is kept for the facts. */
  async #flipVersions(): Promise<void> {
    const { tx, kind, intake } = this;
    const { table, idColumn, refColumn, monthColumn } = kind;
    await this.#openFlipped();
    await tx.execute('ANALYZE touched');
    const key = ['customer_id', 'source', idColumn, 'version', ...(kind.isPartitioned ? [monthColumn] : [])];
    await tx.execute(
      `WITH lineage AS (
         SELECT DISTINCT customer_id, root FROM touched
       ), member AS (
         SELECT ${key.map((column) => `r.${column}`).join(', ')}, r.is_current, row_number() OVER (
           PARTITION BY lineage.customer_id, lineage.root ORDER BY r.version DESC, r.${idColumn} DESC, r.${monthColumn} DESC
         ) = 1 AS is_newest
         FROM lineage JOIN ${table} r
           ON r.customer_id = lineage.customer_id AND r.source = $1 AND COALESCE(r.${refColumn}, r.${idColumn}) = lineage.root
       ), changed AS (
         UPDATE ${table} r SET is_current = member.is_newest FROM member
         WHERE ${key.map((column) => `r.${column} = member.${column}`).join(' AND ')} AND member.is_current <> member.is_newest
         RETURNING r.*
       )
       INSERT INTO flipped SELECT * FROM changed`,
      [intake.source],
    );
  }

  /** Rows that begin or cease to count. */
  async #openFlipped(): Promise<void> {
    await this.tx.execute(
      `CREATE TEMP TABLE IF NOT EXISTS flipped ON COMMIT DROP AS SELECT * FROM ${this.kind.table} WITH NO DATA`,
    );
  }

  async #spill(): Promise<void> {
    await this.#openAddition();
    await this.#sums.spill(this.tx);
  }

  async #openAddition(): Promise<void> {
    if (this.#isAdditionOpen) return;
    await this.tx.execute(createAddition(this.#facts));
    this.#isAdditionOpen = true;
  }

  async #addToMonths(hasLineages: boolean): Promise<void> {
    const { tx, kind, intake } = this;
    const facts = this.#facts;
    const sums = this.#sums;
    if (facts.length === 0) return;
    if (!hasLineages && !this.#isAdditionOpen && sums.count <= FEW_MONTHS && !sums.hasCarried) {
      if (sums.count === 0) return;
      const added = sums.parameters();
      await tx.execute(addToMonths(additionOfParameters(facts), facts), [intake.receivedAt, ...added]);
      await this.changes.note(
        'SELECT unnest($1::uuid[]) AS customer_id, unnest($2::date[]) AS month',
        added.slice(0, 2),
      );
      return;
    }
    const isOneRowEach = !hasLineages && !this.#isAdditionOpen && !sums.hasCarried;
    await this.#spill();
    if (hasLineages) await tx.execute(addFlipped(kind.facts, kind.counts, kind.monthColumn, kind.dayBit !== undefined));
    await tx.execute(addToMonths(isOneRowEach ? 'month_addition' : additionByMonth(facts), facts), [intake.receivedAt]);
    if (hasLineages && kind.dayBit) await tx.execute(REMAKE_ROAM_DAYS);
    await this.changes.note('SELECT customer_id, month FROM month_addition');
  }
}

/** What the database has against a batch; anything that is not about its records is thrown on. */
function problemOf(error: unknown): 'KNOWN' | 'UNSTORABLE' {
  const code = typeof error === 'object' && error !== null ? String(Reflect.get(error, 'code')) : '';
  if (code === '23505') return 'KNOWN';
  if (code.startsWith('22') || code.startsWith('23')) return 'UNSTORABLE';
  throw error;
}
