import type { Tx } from '../../../platform/database/index.js';
import type { Intake } from '../domain/intake.js';
import type { Rejection } from '../domain/rejection.js';

export interface RejectedLine {
  readonly lineNo: number;
  readonly recordId: string | undefined;
  readonly rejection: Rejection;
  readonly sealed: Buffer;
}

export async function keepRejected(tx: Tx, intake: Intake, lines: readonly RejectedLine[]): Promise<void> {
  if (lines.length === 0) return;
  await tx.execute(
    `INSERT INTO usage.rejected_record (intake_id, line_no, kind, source, record_id, code, field, reason, sealed, rejected_at)
     SELECT $1, line_no, $2, $3, record_id, code, field, reason, sealed, $4
     FROM unnest($5::int[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bytea[])
       AS r (line_no, record_id, code, field, reason, sealed)`,
    [
      intake.intakeId,
      intake.kind,
      intake.source,
      intake.receivedAt,
      lines.map(({ lineNo }) => lineNo),
      lines.map(({ recordId }) => recordId ?? null),
      lines.map(({ rejection }) => rejection.code),
      lines.map(({ rejection }) => rejection.field || null),
      lines.map(({ rejection }) => rejection.text),
      lines.map(({ sealed }) => sealed),
    ],
  );
}
