import { Injectable } from '@nestjs/common';
import { ACCOUNT_OWNER_VIEW, NUMBER_TENURE_VIEW } from '../../customers/index.js';
import { Clock } from '../../../platform/clock/index.js';
import { Database, newId, Transaction, type Tx } from '../../../platform/database/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import type { Kind } from '../domain/codes.js';
import { Lines } from '../domain/lines.js';
import type { Intake } from '../domain/intake.js';
import { nameOfDay, type SourceDay } from '../domain/source-day.js';
import { DayClosings } from '../persistence/day-closings.js';
import { RECORD_DIRECTORY } from '../persistence/record-directory.js';
import { sealedLineContext } from '../persistence/sealed-line.js';
import { IntakePolicy } from './intake-policy.js';
import { LoadLines, type RecordOutcome } from './load-lines.js';

interface Waiting {
  readonly source: string;
  readonly kind: Kind;
}

interface WaitingGroup extends Waiting {
  readonly reason: 'UNKNOWN_CUSTOMER' | 'UNKNOWN_REFERENCE' | 'FUTURE';
}

interface WaitingRecord extends Waiting {
  readonly recordId: string;
  readonly version: number;
}

interface SealedRow {
  readonly intake_id: string;
  readonly line_no: number;
  readonly sealed: Buffer;
}

/** The day for which they came, and in which lane. */
type Origin = Pick<SourceDay, 'province' | 'businessDate'> & Pick<Intake, 'lane'>;

const RECORDS_AT_ONCE = 10_000;

/**
 * Takes in what waited for its customer, for the record it changes, or for its time. Runs after every intake, in transactions of its own: of
 * two intakes that ran side by side, the one that ends last sees what both have left.
 */
@Injectable()
export class ReleaseHeldRecords {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly personalData: PersonalData,
    private readonly policy: IntakePolicy,
    private readonly loadLines: LoadLines,
    private readonly days: DayClosings,
  ) {}

  /**
   * Answers how many records no longer wait. After an intake only those are looked at that may have waited for it: a snapshot may be
   * of anybody's customer, any other record is what one of its own source and kind refers to.
   */
  async execute(after?: { readonly source: string; readonly kind: Kind }): Promise<number> {
    const isOfOneFeed = after !== undefined && after.kind !== 'SUB';
    const waiting = await this.database.query<WaitingGroup>(
      `SELECT DISTINCT source, kind, reason FROM usage.held_record WHERE reason <> 'LATE'
       ${isOfOneFeed ? `AND source = $1 AND kind = $2 AND reason <> 'UNKNOWN_CUSTOMER'` : ''}
       ORDER BY 1, 2, 3`,
      isOfOneFeed ? [after.source, after.kind] : [],
    );
    // Snapshots first: others wait for the customers whom they bring.
    waiting.sort((a, b) => Number(b.kind === 'SUB') - Number(a.kind === 'SUB'));
    const groups = waiting.flatMap((group): readonly WaitingGroup[] =>
      group.reason === 'UNKNOWN_REFERENCE' ? [group] : [group, { ...group, reason: 'UNKNOWN_REFERENCE' }],
    );
    let released = 0;
    for (const group of groups) {
      // A record that comes in may be what another one waits for, so it goes on until nothing moves.
      for (let count = -1; count !== 0; released += count) {
        count = await this.transaction.run((tx) => this.releaseSome(tx, group));
      }
    }
    return released;
  }

  /** Lets in a record that came late; answers `undefined` when none of that identity waits for that. */
  async letIn(tx: Tx, { source, kind, recordId, version }: WaitingRecord): Promise<RecordOutcome | undefined> {
    const rows = await tx.query<SealedRow>(
      `DELETE FROM usage.held_record WHERE source = $1 AND kind = $2 AND record_id = $3 AND version = $4 AND reason = 'LATE'
       RETURNING intake_id, line_no, sealed`,
      [source, kind, recordId, version],
    );
    return (await this.load(tx, { source, kind }, rows))[0];
  }

  /** Who has found a customer may now wait for the record that it changes: that is another reason. */
  private async releaseSome(tx: Tx, group: WaitingGroup): Promise<number> {
    const rows = await this.takeOut(tx, group);
    const outcomes = await this.load(tx, group, rows);
    const stays = outcomes.filter((each) => each.outcome === 'HELD' && each.reason === group.reason);
    return rows.length - stays.length;
  }

  /** They count on the day for which they came, or today when that is closed. */
  private async load(tx: Tx, feed: Waiting, rows: readonly SealedRow[]): Promise<readonly RecordOutcome[]> {
    const outcomes: RecordOutcome[] = [];
    for (const { origin, records } of await this.byOrigin(tx, feed, rows)) {
      outcomes.push(...(await this.loadFrom(tx, feed, origin, records)));
      await tx.execute('DISCARD TEMP'); // each intake makes its own
    }
    return outcomes;
  }

  private async loadFrom(
    tx: Tx,
    { source, kind }: Waiting,
    origin: Origin | undefined,
    rows: readonly SealedRow[],
  ): Promise<readonly RecordOutcome[]> {
    const receivedAt = this.clock.now();
    const { lane = 'normal', ...day } = origin ?? {};
    const counts = origin && (await this.days.keepOpen(tx, { source, kind, ...origin })) ? day : {};
    const intake: Intake = { intakeId: newId(), kind, source, lane, receivedAt, ...counts };
    // They came in time when they came; now they are only late by our waiting.
    const limits = { ...this.policy.limits, lateDays: Infinity, correctionDays: Infinity };
    const judge = { limits, createdAt: receivedAt.getTime(), now: receivedAt.getTime() };
    const lines = Lines.of(rows.map((row) => this.open(row)));
    return this.loadLines.execute(tx, intake, judge, [lines]);
  }

  private async byOrigin(
    tx: Tx,
    { source, kind }: Waiting,
    rows: readonly SealedRow[],
  ): Promise<readonly { readonly origin: Origin | undefined; readonly records: SealedRow[] }[]> {
    const intakes = await tx.query<Origin & { intakeId: string }>(
      `SELECT intake_id AS "intakeId", province, business_date AS "businessDate", lane
       FROM usage.intake WHERE intake_id = ANY ($1)`,
      [[...new Set(rows.map(({ intake_id }) => intake_id))]],
    );
    const originOf = new Map(intakes.map(({ intakeId, ...origin }) => [intakeId, origin]));
    const origins = new Map<string, { origin: Origin | undefined; records: SealedRow[] }>();
    for (const row of rows) {
      const origin = originOf.get(row.intake_id);
      const name = origin ? `${nameOfDay({ source, kind, ...origin })} ${origin.lane}` : '';
      const group = origins.get(name) ?? { origin, records: [] };
      origins.set(name, group);
      group.records.push(row);
    }
    return [...origins.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  }

  private open({ intake_id, line_no, sealed }: SealedRow): Buffer {
    return Buffer.from(this.personalData.open(sealed, sealedLineContext(intake_id, line_no)));
  }

  private async takeOut(tx: Tx, { source, kind, reason }: WaitingGroup): Promise<readonly SealedRow[]> {
    return tx.query<SealedRow>(
      `WITH ready AS (
         SELECT h.record_id, h.version FROM usage.held_record h
         WHERE h.source = $1 AND h.kind = $2 AND h.reason = $3 AND ${READY[reason]}
         ORDER BY h.record_id, h.version LIMIT ${RECORDS_AT_ONCE} FOR UPDATE OF h
       )
       DELETE FROM usage.held_record h USING ready
       WHERE h.source = $1 AND h.kind = $2 AND h.record_id = ready.record_id AND h.version = ready.version
       RETURNING intake_id, line_no, sealed`,
      reason === 'FUTURE' ? [source, kind, reason, this.clock.now()] : [source, kind, reason],
    );
  }
}

const SUBJECT = `(
  SELECT o.customer_id FROM ${ACCOUNT_OWNER_VIEW} o WHERE o.source = h.source AND o.account_no = h.account_no
  UNION ALL
  SELECT t.customer_id FROM ${NUMBER_TENURE_VIEW} t WHERE h.account_no IS NULL AND t.msisdn_index = h.msisdn_index
    AND t.held_from <= COALESCE(h.of_until, 'infinity') AND COALESCE(t.held_until, 'infinity') >= COALESCE(h.of_from, '-infinity')
)`;

/** When what waits for a reason waits no longer. */
const READY: Readonly<Record<WaitingGroup['reason'], string>> = {
  FUTURE: 'h.ready_at <= $4',
  UNKNOWN_CUSTOMER: `EXISTS ${SUBJECT}`,
  UNKNOWN_REFERENCE: `EXISTS (
    SELECT FROM ${SUBJECT} subject JOIN ${RECORD_DIRECTORY} origin USING (customer_id)
    WHERE origin.source = h.source AND origin.kind = h.kind AND origin.record_id = h.ref_record_id COLLATE "C"
      AND origin.version = 1)`,
};
