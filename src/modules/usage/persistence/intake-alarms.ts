import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { newId, type Database, type Tx } from '../../../platform/database/index.js';
import { END_WHEN_ACKNOWLEDGED, type AlarmKind } from '../domain/alarm.js';
import type { Kind } from '../domain/codes.js';

export interface NewAlarm {
  readonly kind: AlarmKind;
  readonly source: string;
  readonly recordKind?: Kind | undefined;
  /** `YYYY-MM-DD` */
  readonly businessDate?: string | undefined;
  /** What makes it the same alarm when it is raised again: `gap/BOSS/USG`. */
  readonly key: string;
  /** Figures and names of files; never anything of a customer. */
  readonly detail: Readonly<Record<string, string | number>>;
}

export interface IntakeAlarm extends Omit<NewAlarm, 'recordKind' | 'businessDate'> {
  readonly alarmId: string;
  readonly recordKind: Kind | null;
  readonly businessDate: string | null;
  /** How often it was raised while it stood. */
  readonly occurrences: number;
  readonly raisedAt: Date;
  readonly lastRaisedAt: Date;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedBy: string | null;
  readonly clearedAt: Date | null;
}

export const ALARM = `a.alarm_id AS "alarmId", a.key, a.kind, a.source, a.record_kind AS "recordKind",
  a.business_date AS "businessDate", a.detail, a.occurrences, a.raised_at AS "raisedAt",
  a.last_raised_at AS "lastRaisedAt", a.acknowledged_at AS "acknowledgedAt", a.acknowledged_by AS "acknowledgedBy",
  a.cleared_at AS "clearedAt"`;

/** Alarms stand until their cause is gone. One that is raised again while it stands is counted, not repeated. */
@Injectable()
export class IntakeAlarms {
  constructor(private readonly clock: Clock) {}

  async raise(tx: Tx, { key, kind, source, recordKind, businessDate, detail }: NewAlarm): Promise<void> {
    await tx.execute(
      `INSERT INTO usage.intake_alarm AS a (alarm_id, key, kind, source, record_kind, business_date, detail, occurrences,
         raised_at, last_raised_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8)
       ON CONFLICT (key) WHERE cleared_at IS NULL DO UPDATE
         SET detail = EXCLUDED.detail, occurrences = a.occurrences + 1, last_raised_at = EXCLUDED.last_raised_at`,
      [newId(), key, kind, source, recordKind ?? null, businessDate ?? null, JSON.stringify(detail), this.clock.now()],
    );
  }

  /** For what is looked at again and again: while it stands nothing changes. */
  async raiseOnce(tx: Tx, alarm: NewAlarm): Promise<void> {
    const standing = await tx.query('SELECT FROM usage.intake_alarm WHERE key = $1 AND cleared_at IS NULL', [
      alarm.key,
    ]);
    if (standing.length === 0) await this.raise(tx, alarm);
  }

  /** Its cause is gone. Says whether it stood. */
  async clear(tx: Tx, key: string): Promise<boolean> {
    const cleared = await tx.execute(
      `UPDATE usage.intake_alarm SET cleared_at = $2 WHERE key = $1 AND cleared_at IS NULL`,
      [key, this.clock.now()],
    );
    return cleared > 0;
  }

  /** Whatever of this kind stands for a feed: nobody waits for it any more. */
  async clearAll(tx: Tx, kind: AlarmKind, source: string, recordKind: Kind): Promise<void> {
    await tx.execute(
      `UPDATE usage.intake_alarm SET cleared_at = $4
       WHERE kind = $1 AND source = $2 AND record_kind = $3 AND cleared_at IS NULL`,
      [kind, source, recordKind, this.clock.now()],
    );
  }

  async acknowledge(tx: Tx, alarmId: string, by: string, at: Date): Promise<IntakeAlarm | undefined> {
    const [alarm] = await tx.query<IntakeAlarm>(
      `UPDATE usage.intake_alarm a SET acknowledged_at = COALESCE(acknowledged_at, $2),
         acknowledged_by = COALESCE(acknowledged_by, $3),
         cleared_at = CASE WHEN kind = ANY ($4::text[]) THEN COALESCE(cleared_at, $2) ELSE cleared_at END
       WHERE alarm_id = $1 RETURNING ${ALARM}`,
      [alarmId, at, by, END_WHEN_ACKNOWLEDGED],
    );
    return alarm;
  }

  async standing(database: Pick<Database, 'query'>): Promise<readonly { kind: AlarmKind; standing: number }[]> {
    return database.query<{ kind: AlarmKind; standing: number }>(
      'SELECT kind, count(*) AS standing FROM usage.intake_alarm WHERE cleared_at IS NULL GROUP BY kind',
    );
  }
}
