import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { businessDate } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import type { Trailer } from '../domain/control-totals.js';
import type { Intake } from '../domain/intake.js';
import { DayBusy } from '../domain/refusals.js';
import { EVERY_PROVINCE, nameOfDay, type SourceDay } from '../domain/source-day.js';

const ATTEMPTS = 3;
const WAIT_MS = 300;
const LOCK_NOT_AVAILABLE = '55P03';

/** The day on which an intake counts: its file's, or that on which the records came. */
export const dayOf = ({ source, kind, province, businessDate: day, receivedAt }: Intake): SourceDay => ({
  source,
  kind,
  province: province ?? EVERY_PROVINCE,
  businessDate: day ?? businessDate(receivedAt),
});

/** Keeps intakes and closings apart: an intake enters its day, and neither that day nor any month closes before it has ended. */
@Injectable()
export class DayClosings {
  /**
   * Writes down on which day an intake counts, before it stores anything. From here to the end of its transaction no month is
   * closed, so what `usage.closed_month` says stays true. Says whether the day takes records; a signed-off one does not.
   */
  async enter(tx: Tx, intake: Intake): Promise<boolean> {
    const { source, kind, province, businessDate } = dayOf(intake);
    await tx.query(
      `SELECT pg_advisory_xact_lock_shared(hashtext('usage.closing'), 0),
         pg_advisory_xact_lock_shared(hashtext('usage.closing'), hashtext($1))`,
      [nameOfDay({ source, kind, province, businessDate })],
    );
    const entered = await tx.execute(
      `INSERT INTO usage.intake (intake_id, source, kind, province, business_date, received_at, lane)
       SELECT $1::uuid, $2, $3, $4, $5::date, $6::timestamptz, $7 WHERE NOT EXISTS (
         SELECT FROM usage.source_day d
         WHERE d.source = $2 AND d.kind = $3 AND d.province = $4 AND d.business_date = $5::date AND d.state <> 'OPEN')`,
      [intake.intakeId, source, kind, province, businessDate, intake.receivedAt, intake.lane],
    );
    return entered === 1;
  }

  /** Says whether a day is open, and keeps it so until the transaction ends. */
  async keepOpen(tx: Tx, day: SourceDay): Promise<boolean> {
    await tx.query(`SELECT pg_advisory_xact_lock_shared(hashtext('usage.closing'), hashtext($1))`, [nameOfDay(day)]);
    const { source, kind, province, businessDate } = day;
    const closed = await tx.query(
      `SELECT FROM usage.source_day
       WHERE source = $1 AND kind = $2 AND province = $3 AND business_date = $4 AND state <> 'OPEN'`,
      [source, kind, province, businessDate],
    );
    return closed.length === 0;
  }

  /** Keeps what the sender signed of a file that was loaded. */
  async sign(tx: Tx, intakeId: string, { records, feeFen, minutes, volumeKb }: Trailer): Promise<void> {
    await tx.execute(
      `UPDATE usage.intake SET signed_records = $2, signed_fee_fen = $3, signed_minutes = $4, signed_kb = $5
       WHERE intake_id = $1`,
      [intakeId, records, feeFen, minutes, volumeKb],
    );
  }

  /** Keeps intakes out of a day until the transaction ends. @throws DayBusy while one is under way. */
  async keepDay(tx: Tx, day: SourceDay): Promise<void> {
    await this.alone(tx, `hashtext($1)`, [nameOfDay(day)]);
  }

  /** Keeps all intakes out until the transaction ends. @throws DayBusy while one is under way. */
  async keepAll(tx: Tx): Promise<void> {
    await this.alone(tx, '0', []);
  }

  /**
   * Behind whoever waits for a lock all others wait: so it waits shorter than a push does (or it would never find a gap between
   * them), and gives up where a file is under way.
   */
  private async alone(tx: Tx, key: string, params: readonly unknown[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await tx.execute('SAVEPOINT closing');
      await tx.execute(`SET LOCAL lock_timeout = '${WAIT_MS}ms'`);
      const isAlone = await tx.query(`SELECT pg_advisory_xact_lock(hashtext('usage.closing'), ${key})`, params).then(
        () => true,
        (error: unknown) => {
          if (Reflect.get(Object(error), 'code') === LOCK_NOT_AVAILABLE) return false;
          throw error;
        },
      );
      if (isAlone) {
        await tx.execute('SET LOCAL lock_timeout TO DEFAULT');
        await tx.execute('RELEASE SAVEPOINT closing');
        return;
      }
      await tx.execute('ROLLBACK TO SAVEPOINT closing');
      if (attempt === ATTEMPTS) throw new DayBusy();
      await sleep(WAIT_MS);
    }
  }
}
