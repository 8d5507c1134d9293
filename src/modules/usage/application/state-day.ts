import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { asSystem, newId, Transaction, type Tx } from '../../../platform/database/index.js';
import { wholeFile } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import type { DayFigures } from '../domain/reconciliation.js';
import { LineSplitter } from '../domain/line-splitter.js';
import { RecordFields } from '../domain/record-fields.js';
import { DayClosed, DayNotOver, StatementRefused } from '../domain/refusals.js';
import { BadFile } from '../domain/rejection.js';
import type { SourceDay } from '../domain/source-day.js';
import { DayClosings } from '../persistence/day-closings.js';
import { keyOf } from '../persistence/day-sheets.js';
import { keepRecordDifferences, StatedRecords } from '../persistence/stated-records.js';
import { CompareDays } from './compare-days.js';
import { inflate } from './inflate.js';
import { IntakePolicy } from './intake-policy.js';

export interface Stated {
  readonly figures: DayFigures;
  readonly statedAt: Date;
  /** Of a list of records: how many of them differ from what is stored. */
  readonly recordDifferences: number | undefined;
}

/**
 * Takes what a source says that it sent on a business day (对账文件): each record version once, on the day on which it was first
 * sent. A later statement takes the place of an earlier one.
 */
@Injectable()
export class StateDay {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly days: DayClosings,
    private readonly comparing: CompareDays,
    private readonly policy: IntakePolicy,
  ) {}

  /** @throws DayNotOver, DayClosed */
  sums(day: SourceDay, figures: DayFigures, actor: Actor): Promise<Stated> {
    return this.stated(day, (tx) => this.keep(tx, day, figures, actor));
  }

  /**
   * A list of all records, `D|recordId|version|feeFen|minutes|KB` a line, held against those that are stored, one by one.
   * @throws DayNotOver, DayClosed, StatementRefused
   */
  async records(day: SourceDay, body: Readable, actor: Actor): Promise<Stated> {
    try {
      return await this.stated(day, async (tx) => {
        const records = await StatedRecords.open(tx);
        await this.read(body, records);
        const figures = await records.sums();
        const recordDifferences = await keepRecordDifferences(tx, day, this.clock.now());
        const stated = await this.keep(tx, day, figures, actor);
        await this.comparing.execute(tx, day.source, day.kind, [day.businessDate]);
        return { ...stated, recordDifferences };
      });
    } catch (error) {
      throw error instanceof BadFile ? new StatementRefused(error.message) : error;
    } finally {
      body.resume();
    }
  }

  private async stated(day: SourceDay, work: (tx: Tx) => Promise<Stated>): Promise<Stated> {
    const today = businessDate(this.clock.now());
    if (day.businessDate >= today) throw new DayNotOver(today);
    // Held against the records of everybody, and showing nobody's.
    return asSystem(() =>
      this.transaction.run(async (tx) => {
        if (!(await this.days.keepOpen(tx, day))) throw new DayClosed();
        return work(tx);
      }),
    );
  }

  private async read(body: Readable, records: StatedRecords): Promise<void> {
    const fields = new RecordFields();
    let lineNo = 0;
    const lines = new LineSplitter((bytes, start, end) => {
      lineNo++;
      const line = fields.of(bytes, start, end);
      const recordId = line.identifier(1);
      const version = line.natural(2);
      const [feeFen, minutes, kb] = [line.integer(3), line.natural(4), line.natural(5)];
      const isWhole = line.count === 6 && line.ascii(0) === 'D' && recordId !== undefined;
      if (
        !isWhole ||
        !version ||
        version > MAX_VERSION ||
        feeFen === undefined ||
        minutes === undefined ||
        kb === undefined
      ) {
        throw new BadFile('E_FORMAT', `line ${lineNo} is not D|recordId|version|feeFen|minutes|KB`);
      }
      records.add(recordId, version, { feeFen, minutes, kb });
    });
    for await (const block of inflate(body, this.policy.maxInflatedBytes)) {
      lines.push(block);
      if (records.isFull) await records.flush();
    }
    lines.end();
    await wholeFile(body);
    await records.flush();
  }

  private async keep(tx: Tx, day: SourceDay, figures: DayFigures, actor: Actor): Promise<Stated> {
    const statedAt = this.clock.now();
    const said = [figures.records, figures.feeFen, figures.minutes, figures.kb];
    const [last] = await tx.query<{ same: boolean; sent_at: Date }>(
      `SELECT (records, fee_fen, minutes, kb) = ($5::bigint, $6::bigint, $7::bigint, $8::bigint) AS same, sent_at
       FROM usage.statement WHERE source = $1 AND kind = $2 AND province = $3 AND business_date = $4
       ORDER BY sent_at DESC, statement_id DESC LIMIT 1`,
      [...keyOf(day), ...said],
    );
    if (last?.same) return { figures, statedAt: last.sent_at, recordDifferences: undefined };
    await tx.execute(
      `INSERT INTO usage.statement (source, kind, province, business_date, records, fee_fen, minutes, kb, statement_id, sent_at,
         sent_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [...keyOf(day), ...said, newId(), statedAt, actor.id],
    );
    return { figures, statedAt, recordDifferences: undefined };
  }
}

const MAX_VERSION = 32_767;
