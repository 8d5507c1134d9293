import { Injectable } from '@nestjs/common';
import { newId, type Tx } from '../../../platform/database/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import type { Intake } from '../domain/intake.js';
import { dayOf } from './day-closings.js';
import { sealedLineContext } from './sealed-line.js';

const PAGE = 5_000;

/** The work list of refused records (错单). A record that is sent again as it was is the same reject, once more. */
@Injectable()
export class RejectList {
  constructor(private readonly personalData: PersonalData) {}

  /**
   * Takes what an intake has refused onto the list, at its end. Whichever of two intakes comes first: the list says the same,
   * and gives a reject the code of the last attempt.
   */
  async gather(tx: Tx, intake: Intake): Promise<void> {
    if (intake.mends) return this.tellOfMending(tx, intake.intakeId, intake.mends);
    for (let rows = PAGE; rows === PAGE;) rows = await this.gatherPage(tx, intake);
  }

  private async gatherPage(tx: Tx, intake: Intake): Promise<number> {
    const { intakeId, source, kind } = intake;
    const rows = await tx.query<{ line_no: number; sealed: Buffer }>(
      `SELECT line_no, sealed FROM usage.rejected_record
       WHERE intake_id = $1 AND reject_id IS NULL AND sealed <> '' ORDER BY line_no LIMIT ${PAGE}`,
      [intakeId],
    );
    if (rows.length === 0) return 0;
    const keys = rows.map(({ line_no, sealed }) => {
      const line = this.personalData.open(sealed, sealedLineContext(intakeId, line_no));
      return this.personalData.blindIndex('rejectedLine', `${source}/${kind}/${line}`);
    });
    const { province, businessDate } = dayOf(intake);
    await tx.execute(
      `WITH refused AS (
         SELECT r.*, l.content_key, l.reject_id AS new_id, row_number() OVER same AS nth, count(*) OVER (PARTITION BY content_key) AS times
         FROM unnest($2::int[], $3::bytea[], $4::uuid[]) AS l (line_no, content_key, reject_id)
           JOIN usage.rejected_record r ON r.intake_id = $1 AND r.line_no = l.line_no
         WINDOW same AS (PARTITION BY content_key ORDER BY l.line_no DESC)
       ), listed AS (
         INSERT INTO usage.reject AS r (reject_id, source, kind, content_key, province, business_date, record_id, code, field,
           reason, first_seen, last_seen, attempts, intake_id, line_no, sealed)
         SELECT new_id, source, kind, content_key, $5, $6, record_id, code, field, reason, rejected_at, rejected_at, times,
           intake_id, line_no, sealed
         FROM refused WHERE nth = 1 ORDER BY content_key
         ON CONFLICT (source, kind, content_key) DO UPDATE SET
           attempts = r.attempts + EXCLUDED.attempts,
           first_seen = LEAST(r.first_seen, EXCLUDED.first_seen),
           last_seen = GREATEST(r.last_seen, EXCLUDED.last_seen),
           (province, business_date) = (SELECT d.province, d.day FROM (
             VALUES (r.business_date, r.province), (EXCLUDED.business_date, EXCLUDED.province)) AS d (day, province)
             ORDER BY d.day, d.province LIMIT 1),
           (code, field, reason) = (SELECT c.code, c.field, c.reason FROM (
             VALUES (r.last_seen, r.code, r.field, r.reason),
               (EXCLUDED.last_seen, EXCLUDED.code, EXCLUDED.field, EXCLUDED.reason)) AS c (seen, code, field, reason)
             ORDER BY c.seen DESC, c.code DESC LIMIT 1),
           (intake_id, line_no, sealed) = (SELECT k.intake_id, k.line_no, k.sealed FROM (
             VALUES (r.intake_id, r.line_no, r.sealed), (EXCLUDED.intake_id, EXCLUDED.line_no, EXCLUDED.sealed)
             ) AS k (intake_id, line_no, sealed) ORDER BY k.sealed = '', k.intake_id, k.line_no LIMIT 1)
         RETURNING reject_id, content_key
       )
       UPDATE usage.rejected_record line SET reject_id = listed.reject_id, sealed = ''
       FROM refused JOIN listed USING (content_key)
       WHERE line.intake_id = refused.intake_id AND line.line_no = refused.line_no`,
      [intakeId, rows.map(({ line_no }) => line_no), keys, rows.map(() => newId()), province, businessDate],
    );
    return rows.length;
  }

  /** What is refused although it was mended is no new reject: the old one says what is still wrong. */
  private async tellOfMending(tx: Tx, intakeId: string, rejectIds: readonly string[]): Promise<void> {
    await tx.execute(
      `WITH line AS (
         UPDATE usage.rejected_record r SET reject_id = m.reject_id, sealed = ''
         FROM unnest($2::uuid[]) WITH ORDINALITY AS m (reject_id, nth) WHERE r.intake_id = $1 AND r.line_no = m.nth - 1
         RETURNING m.reject_id, r.code, r.field, r.reason
       )
       UPDATE usage.reject l SET code = line.code, field = line.field, reason = line.reason
       FROM line WHERE l.reject_id = line.reject_id`,
      [intakeId, rejectIds],
    );
  }
}
