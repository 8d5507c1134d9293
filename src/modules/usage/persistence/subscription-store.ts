import { ACCOUNT_OWNER_VIEW, PROFILE_VIEW, type CustomersFacade } from '../../customers/index.js';
import type { Tx } from '../../../platform/database/index.js';
import type { PersonalData } from '../../../platform/privacy/index.js';
import type { SubscriptionRecord } from '../domain/records/subscription.js';
import { NotYourRecords } from '../domain/refusals.js';
import { RawLines } from './raw-lines.js';
import { conflictIn, TOO_LATE, type OnException, type RecordBatch, type RecordStore } from './record-store.js';
import type { Intake } from '../domain/intake.js';
import type { MonthChanges } from './month-changes.js';
import { isOfFuture, readyAt, type Judgement } from '../domain/judgement.js';
import type { HeldLine } from './held-records.js';
import { keepRejected } from './rejected-records.js';
import { sealLine } from './sealed-line.js';
import { setAside } from './set-aside.js';

class SubscriptionBatch implements RecordBatch<SubscriptionRecord> {
  readonly raw: RawLines;
  records: { readonly lineNo: number; readonly record: SubscriptionRecord }[] = [];

  constructor(rows: number) {
    this.raw = new RawLines(rows);
  }

  get size(): number {
    return this.records.length;
  }

  add(record: SubscriptionRecord, lineNo: number, bytes: Buffer, from: number, to: number): void {
    this.raw.add(lineNo, bytes, from, to);
    this.records.push({ lineNo, record });
  }

  clear(): void {
    this.raw.clear();
    this.records = [];
  }
}

interface Line {
  readonly lineNo: number;
  readonly record: SubscriptionRecord;
  readonly line: string;
  /** Keyed: a snapshot holds a name and a document number, which a plain hash would give away to guessing. */
  readonly contentHash: string;
}

/** The hash of a record whose customer was erased: whatever it said, it was known. */
const FORGOTTEN = '0';

/** Subscription snapshots: the customers module takes them over, this one counts suspensions and keeps the package of the month. */
export class SubscriptionStore implements RecordStore<SubscriptionRecord> {
  constructor(
    private readonly tx: Tx,
    private readonly intake: Intake,
    private readonly judge: Judgement,
    private readonly customers: CustomersFacade,
    private readonly personalData: PersonalData,
    private readonly changes: MonthChanges,
    private readonly onException: OnException,
  ) {}

  newBatch(rows: number): SubscriptionBatch {
    return new SubscriptionBatch(rows);
  }

  async open(): Promise<void> {
    const { tx } = this;
    // Snapshots lock accounts, customers and numbers batch by batch: two intakes of them would deadlock, so they take turns.
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('usage.subscriptions'))`);
    await tx.execute(
      `CREATE TEMP TABLE applied (customer_id uuid, msisdn_index bytea, event_time timestamptz, version smallint, record_id text,
         status text, status_at timestamptz, is_main boolean, package_fee_fen bigint, tariff_code text) ON COMMIT DROP`,
    );
  }

  async store(batch: RecordBatch<SubscriptionRecord>): Promise<void> {
    if (!(batch instanceof SubscriptionBatch)) throw new Error('A batch of another store');
    const { tx, intake, personalData } = this;
    const lines = batch.records.map(({ lineNo, record }): Line => {
      const line = batch.raw.of(lineNo);
      const hash = personalData.blindIndex('idNumber', record.content).readBigInt64BE(0).toString();
      return { lineNo, record, line, contentHash: hash };
    });
    const taken = await this.#withoutLate(await this.#withoutKnown(lines));
    if (taken.length === 0) return;
    await this.#requireOwn(taken);
    const fresh = await this.#withoutFuture(taken);
    if (fresh.length === 0) return;
    const applied = await this.customers.applySubscriptions(
      tx,
      intake.source,
      fresh.map(({ record }) => record.snapshot),
      intake.receivedAt,
    );
    const snapshots = fresh.map(({ record }) => record.snapshot);
    await tx.execute(
      `WITH line AS (
         SELECT * FROM unnest($4::text[], $5::smallint[], $6::uuid[], $7::bytea[], $8::bigint[], $9::timestamptz[], $10::text[],
           $11::timestamptz[], $12::boolean[], $13::bigint[], $14::text[])
           AS l (record_id, version, customer_id, msisdn_index, content_hash, event_time, status, status_at, is_main,
             package_fee_fen, tariff_code)
       ), stored AS (
         INSERT INTO usage.subscription_record (source, record_id, version, customer_id, msisdn_index, file_id, content_hash,
           event_time, status, status_at, recorded_at)
         SELECT $1, record_id, version, customer_id, msisdn_index, $2, content_hash, event_time, status, status_at, $3 FROM line
       )
       INSERT INTO applied SELECT customer_id, msisdn_index, event_time, version, record_id, status, status_at, is_main,
         package_fee_fen, tariff_code FROM line`,
      [
        intake.source,
        intake.intakeId,
        intake.receivedAt,
        fresh.map(({ record }) => record.recordId),
        fresh.map(({ record }) => record.version),
        applied.map(({ customerId }) => customerId),
        snapshots.map(({ msisdn }) => personalData.blindIndex('msisdn', `+86${msisdn}`)),
        fresh.map(({ contentHash }) => contentHash),
        snapshots.map(({ eventTime }) => eventTime),
        snapshots.map(({ status }) => status),
        snapshots.map(({ statusAt }) => statusAt),
        snapshots.map(({ simKind }) => simKind === 'MAIN'),
        snapshots.map(({ packageFeeFen }) => packageFeeFen),
        snapshots.map(({ tariffCode }) => tariffCode ?? null),
      ],
    );
  }

  /** Neither brings a province's key customers to another province, nor takes them from one. @throws NotYourRecords */
  async #requireOwn(lines: readonly Line[]): Promise<void> {
    const { source, provinces } = this.intake;
    if (!provinces) return;
    if (lines.some(({ record }) => !provinces.includes(record.snapshot.region))) throw new NotYourRecords('province');
    const foreign = await this.tx.query(
      `SELECT 1 FROM ${ACCOUNT_OWNER_VIEW} o JOIN ${PROFILE_VIEW} p USING (customer_id)
       WHERE o.source = $1 AND o.account_no = ANY ($2::text[]) AND p.region <> ALL ($3::text[]) LIMIT 1`,
      [source, lines.map(({ record }) => record.snapshot.accountNo), provinces],
    );
    if (foreign.length > 0) throw new NotYourRecords('customer');
  }

  async finish(): Promise<void> {
    const { tx } = this;
    await tx.execute('ANALYZE applied');
    const month = (time: string): string => `date_trunc('month', ${time} AT TIME ZONE 'Asia/Shanghai')::date`;
    const rank = (of: string): string =>
      `(${of}.subscribed_as_of, COALESCE(${of}.subscribed_version, 0), ${of}.subscribed_package_fen, COALESCE(${of}.tariff_code, ''))`;
    // Of the snapshots of a month the latest one names the package, whichever came last.
    await this.changes.note(
      `WITH said AS (
         SELECT DISTINCT ON (customer_id, month) customer_id, ${month('event_time')} AS month, package_fee_fen, tariff_code, event_time,
           version
         FROM applied WHERE is_main
         ORDER BY customer_id, month, event_time DESC, version DESC, package_fee_fen DESC, tariff_code DESC NULLS LAST
       ), suspended AS (
         SELECT DISTINCT customer_id, ${month('status_at')} AS month FROM applied WHERE status LIKE 'SUSPENDED%'
       )
       INSERT INTO usage.customer_month AS m (customer_id, month, subscribed_package_fen, tariff_code, subscribed_as_of,
         subscribed_version)
       SELECT customer_id, month, package_fee_fen, tariff_code, event_time, version FROM said FULL JOIN suspended USING (customer_id, month)
       ORDER BY customer_id, month
       ON CONFLICT (customer_id, month) DO UPDATE SET
         subscribed_package_fen = EXCLUDED.subscribed_package_fen, tariff_code = EXCLUDED.tariff_code,
         subscribed_as_of = EXCLUDED.subscribed_as_of, subscribed_version = EXCLUDED.subscribed_version
       WHERE m.subscribed_as_of IS NULL OR ${rank('EXCLUDED')} > ${rank('m')}
       RETURNING customer_id, month`,
    );
    // A snapshot repeats a suspension day after day, so suspensions are counted by number and time, from all snapshots.
    await this.changes.note(
      `WITH suspended AS (
         SELECT DISTINCT customer_id, ${month('status_at')} AS month FROM applied WHERE status LIKE 'SUSPENDED%'
       ), counted AS (
         SELECT customer_id, suspended.month,
           count(DISTINCT (msisdn_index, status_at)) FILTER (WHERE status = 'SUSPENDED_TWO_WAY') AS two_way,
           count(DISTINCT (msisdn_index, status_at)) FILTER (WHERE status = 'SUSPENDED_ONE_WAY') AS one_way
         FROM suspended JOIN usage.subscription_record r USING (customer_id)
         WHERE r.status LIKE 'SUSPENDED%' AND ${month('r.status_at')} = suspended.month
         GROUP BY customer_id, suspended.month
       )
       UPDATE usage.customer_month m SET two_way_suspensions = two_way, one_way_suspensions = one_way
       FROM counted WHERE m.customer_id = counted.customer_id AND m.month = counted.month
         AND (m.two_way_suspensions, m.one_way_suspensions) <> (two_way, one_way)
       RETURNING m.customer_id, m.month`,
    );
    await this.changes.announce();
  }

  /** Of those that are refused not even the line is kept: it may name somebody who was erased. */
  async #withoutLate(lines: readonly Line[]): Promise<readonly Line[]> {
    const { tx, intake, personalData } = this;
    const snapshots = lines.map(({ record }) => record.snapshot);
    const late = await this.customers.lateSnapshots(tx, intake.source, snapshots);
    if (late.size === 0) return lines;
    const refused = lines.filter((_, i) => late.has(i));
    for (const { lineNo } of refused) this.onException(lineNo, 'LATE');
    await keepRejected(
      tx,
      intake,
      refused.map(({ lineNo, record }) => ({
        lineNo,
        recordId: record.recordId,
        rejection: TOO_LATE,
        sealed: sealLine(personalData, intake.intakeId, lineNo, ''),
      })),
    );
    return lines.filter((_, i) => !late.has(i));
  }

  /** What is not true yet waits until it is. */
  async #withoutFuture(lines: readonly Line[]): Promise<readonly Line[]> {
    const { tx, intake, personalData, judge } = this;
    const isEarly = ({ record }: Line): boolean => isOfFuture(record.eventTime, judge);
    const early = lines.filter(isEarly);
    if (early.length === 0) return lines;
    const held = early.map(({ lineNo, record, line, contentHash }): HeldLine => ({
      lineNo,
      recordId: record.recordId,
      version: record.version,
      contentHash,
      msisdnIndex: personalData.blindIndex('msisdn', `+86${record.snapshot.msisdn}`),
      accountNo: record.snapshot.accountNo,
      refRecordId: undefined,
      reason: 'FUTURE',
      ofFrom: undefined,
      ofUntil: record.snapshot.eventTime,
      readyAt: readyAt(record.eventTime),
      sealed: sealLine(personalData, intake.intakeId, lineNo, line),
    }));
    await setAside(tx, intake, held, this.onException);
    return lines.filter((line) => !isEarly(line));
  }

  async #withoutKnown(lines: readonly Line[]): Promise<readonly Line[]> {
    const { tx, intake } = this;
    const stored = await tx.query<{ record_id: string; version: number; content_hash: string }>(
      `SELECT record_id, version, content_hash::text
       FROM usage.subscription_record WHERE source = $1 AND record_id = ANY ($2::text[])
       UNION ALL
       SELECT record_id, version, content_hash::text
       FROM usage.held_record WHERE source = $1 AND kind = 'SUB' AND record_id = ANY ($2::text[])`,
      [intake.source, lines.map(({ record }) => record.recordId)],
    );
    const hashes = new Map(stored.map((row) => [`${row.record_id}/${row.version}`, row.content_hash]));
    const fresh: Line[] = [];
    const refused: Line[] = [];
    for (const line of lines) {
      const key = `${line.record.recordId}/${line.record.version}`;
      const known = hashes.get(key);
      if (known === undefined) {
        hashes.set(key, line.contentHash);
        fresh.push(line);
      } else {
        const isSame = known === line.contentHash || known === FORGOTTEN;
        this.onException(line.lineNo, isSame ? 'DUPLICATE' : 'CONFLICT');
        if (!isSame) refused.push(line);
      }
    }
    await keepRejected(
      tx,
      intake,
      refused.map(({ lineNo, record, line }) => ({
        lineNo,
        recordId: record.recordId,
        rejection: conflictIn('SUB'),
        sealed: sealLine(this.personalData, intake.intakeId, lineNo, line),
      })),
    );
    return fresh;
  }
}
