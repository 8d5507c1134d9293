import { Injectable } from '@nestjs/common';
import { businessDate } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import type { Trailer } from '../domain/control-totals.js';
import type { Intake } from '../domain/intake.js';
import { EVERY_PROVINCE, nameOfDay, type SourceDay } from '../domain/source-day.js';

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
      `INSERT INTO usage.intake (intake_id, source, kind, province, business_date, received_at)
       SELECT $1::uuid, $2, $3, $4, $5::date, $6::timestamptz WHERE NOT EXISTS (
         SELECT FROM usage.source_day d
         WHERE d.source = $2 AND d.kind = $3 AND d.province = $4 AND d.business_date = $5::date AND d.state <> 'OPEN')`,
      [intake.intakeId, source, kind, province, businessDate, intake.receivedAt],
    );
    return entered === 1;
  }

  /** Keeps what the sender signed of a file that was loaded. */
  async sign(tx: Tx, intakeId: string, { records, feeFen, minutes, volumeKb }: Trailer): Promise<void> {
    await tx.execute(
      `UPDATE usage.intake SET signed_records = $2, signed_fee_fen = $3, signed_minutes = $4, signed_kb = $5
       WHERE intake_id = $1`,
      [intakeId, records, feeFen, minutes, volumeKb],
    );
  }
}
