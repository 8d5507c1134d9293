import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Transaction, type Tx } from '../../../platform/database/index.js';
import { ResourceNotFound, WholeOperatorOnly } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import {
  Approvals,
  CarriesOut,
  defineApproval,
  type Approved,
  type CarriesOutApproval,
} from '../../organization/index.js';
import type { Kind } from '../domain/codes.js';
import {
  DayAlreadyClosed, DayChanged, DayNotOver, DifferencesUnexplained, FilesMissing, MonthClosed, OwnDifferences,
} from '../domain/refusals.js'; // prettier-ignore
import { nameOfDay, type DayState, type SourceDay } from '../domain/source-day.js';
import { DayClosings } from '../persistence/day-closings.js';
import { keyOf, ON_DAY } from '../persistence/day-sheets.js';
import { CompareDays } from './compare-days.js';

interface Sheet {
  readonly state: DayState;
  readonly open_differences: number;
  readonly unexplained: number;
  /** The figures of both sides, and the differences: what the signer is shown. */
  readonly figures: Readonly<Record<string, unknown>>;
}

interface SignOffPayload {
  readonly source: string;
  readonly kind: Kind;
  readonly province: string;
  readonly businessDate: string;
  readonly figures: Readonly<Record<string, unknown>>;
}

/** A day that is not even is closed by two people (对账差异签核): whoever explains the differences, and another one. */
export const SignOffDay = defineApproval<SignOffPayload>('usage.day-sign-off', {
  title: { en: 'Sign off a day with differences', zh: '对账差异签核' },
  ask: 'usage.reconcile',
  decide: 'usage.reconcile',
});

export interface DayClosing {
  readonly state: DayState;
  /** The request for a second person, when the day is not even. */
  readonly approvalId: string | undefined;
}

/** Closes a business day: at once when both sides agree, else when a second person signs the differences off. */
@Injectable()
@CarriesOut(SignOffDay)
export class CloseDay implements CarriesOutApproval<SignOffPayload> {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly days: DayClosings,
    private readonly comparing: CompareDays,
    private readonly approvals: Approvals,
  ) {}

  /**
   * @throws DayNotOver, DayBusy, ResourceNotFound, DayAlreadyClosed, FilesMissing, DifferencesUnexplained
   */
  async execute(day: SourceDay, reason: string, actor: Actor): Promise<DayClosing> {
    const today = businessDate(this.clock.now());
    if (day.businessDate >= today) throw new DayNotOver(today);
    return this.closeOrAsk(day, reason, actor);
  }

  /** Closes a day only if it is even; says whether it did. For the daily run. */
  closeIfEven(tx: Tx, day: SourceDay, by: string): Promise<boolean> {
    return this.closeEven(tx, day, 'both sides agree', by);
  }

  async carryOut(tx: Tx, { payload, approver, comment }: Approved<SignOffPayload>): Promise<object> {
    // Whoever sees some provinces only would count their records only.
    if (!approver.scope.everybody) throw new WholeOperatorOnly();
    await this.days.keepDay(tx, payload);
    const sheet = await this.compared(tx, payload);
    if (JSON.stringify(sheet.figures) !== JSON.stringify(payload.figures)) throw new DayChanged();
    if (sheet.unexplained > 0) throw new DifferencesUnexplained(sheet.unexplained);
    const [own] = await tx.query(
      `SELECT FROM usage.day_difference d WHERE ${ON_DAY} AND d.state <> 'GONE' AND $5 IN (d.owner, d.explained_by) LIMIT 1`,
      [...keyOf(payload), approver.id],
    );
    if (own) throw new OwnDifferences();
    await this.end(tx, payload, 'SIGNED_OFF', comment ?? '', approver.id);
    return { state: 'SIGNED_OFF', differences: sheet.open_differences };
  }

  /** @throws ResourceNotFound, MonthClosed */
  async reopen(day: SourceDay, reason: string): Promise<void> {
    await this.transaction.run(async (tx) => {
      await this.days.keepAll(tx); // So that its month is not closed meanwhile.
      await this.days.keepDay(tx, day);
      const month = `${day.businessDate.slice(0, 7)}-01`;
      const [closed] = await tx.query('SELECT FROM usage.closed_month WHERE month = $1', [month]);
      if (closed) throw new MonthClosed(month);
      const [before] = await tx.query<{ state: DayState }>(
        `SELECT d.state FROM usage.source_day d WHERE ${ON_DAY} FOR UPDATE`,
        keyOf(day),
      );
      if (!before) throw new ResourceNotFound('reconciliation');
      if (before.state === 'OPEN') return;
      await tx.execute(
        `UPDATE usage.source_day d SET state = 'OPEN', closed_at = NULL, closed_by = NULL, closing_reason = NULL WHERE ${ON_DAY}`,
        keyOf(day),
      );
      this.audit(tx, 'usage.reopen-day', day, { before, after: { state: 'OPEN' }, reason });
    });
  }

  private async closeOrAsk(day: SourceDay, reason: string, actor: Actor): Promise<DayClosing> {
    return this.transaction.run(async (tx) => {
      if (await this.closeEven(tx, day, reason, actor.id)) return { state: 'CLOSED', approvalId: undefined };
      const { unexplained, figures } = await this.sheetOf(tx, day);
      if (unexplained > 0) throw new DifferencesUnexplained(unexplained);
      const { source, kind, province, businessDate } = day;
      const payload: SignOffPayload = { source, kind, province, businessDate, figures };
      const { approvalId } = await this.approvals.ask(
        tx,
        SignOffDay,
        { subject: nameOfDay(day), payload, reason },
        actor,
      );
      return { state: 'OPEN', approvalId };
    });
  }

  /** @throws as execute */
  private async closeEven(tx: Tx, day: SourceDay, reason: string, by: string): Promise<boolean> {
    await this.days.keepDay(tx, day);
    const { open_differences: differences } = await this.compared(tx, day);
    if (differences > 0) return false;
    await this.end(tx, day, 'CLOSED', reason, by);
    return true;
  }

  /** Compares anew: what came in since nobody has looked at. */
  private async compared(tx: Tx, day: SourceDay): Promise<Sheet> {
    await this.comparing.execute(tx, day.source, day.kind, [day.businessDate]);
    const sheet = await this.sheetOf(tx, day);
    if (sheet.state !== 'OPEN') throw new DayAlreadyClosed(sheet.state);
    const [{ waiting } = { waiting: 0 }] = await tx.query<{ waiting: number }>(
      `SELECT count(*) AS waiting FROM usage.intake_file f
       WHERE f.source = $1 AND f.kind = $2 AND f.province = $3 AND f.business_date = $4 AND f.state <> 'BAD' AND f.closed_at IS NULL`,
      keyOf(day),
    );
    if (waiting > 0) throw new FilesMissing(waiting);
    return sheet;
  }

  private async sheetOf(tx: Tx, day: SourceDay): Promise<Sheet> {
    const [sheet] = await tx.query<Sheet>(
      `SELECT d.state, d.open_differences, f.unexplained, jsonb_build_object(
         'theirs', jsonb_build_array(d.theirs_records, d.theirs_fee_fen, d.theirs_minutes, d.theirs_kb),
         'ours', jsonb_build_array(d.ours_records, d.ours_fee_fen, d.ours_minutes, d.ours_kb), 'rejected', d.rejected,
         'held', d.held, 'differences', d.open_differences) AS figures
       FROM usage.source_day d, (
         SELECT count(*) AS unexplained FROM usage.day_difference d WHERE ${ON_DAY} AND d.state = 'OPEN') f
       WHERE ${ON_DAY}`,
      keyOf(day),
    );
    if (!sheet) throw new ResourceNotFound('reconciliation');
    return sheet;
  }

  private async end(tx: Tx, day: SourceDay, state: 'CLOSED' | 'SIGNED_OFF', reason: string, by: string): Promise<void> {
    await tx.execute(
      `UPDATE usage.source_day d SET state = $5, closed_at = $6, closed_by = $7, closing_reason = $8 WHERE ${ON_DAY}`,
      [...keyOf(day), state, this.clock.now(), by, reason],
    );
    this.audit(tx, 'usage.close-day', day, { before: { state: 'OPEN' }, after: { state }, reason });
  }

  private audit(
    tx: Tx,
    action: string,
    day: SourceDay,
    change: { readonly before: object; readonly after: object; readonly reason: string },
  ): void {
    tx.audit({ action, objectType: 'Reconciliation', objectId: nameOfDay(day), ...change });
  }
}
