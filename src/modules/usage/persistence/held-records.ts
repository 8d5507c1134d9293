import type { Tx } from '../../../platform/database/index.js';
import type { Intake } from '../domain/intake.js';
import type { Untimely } from '../domain/judgement.js';
import type { ContentHash } from '../domain/record-fields.js';

export type ReasonToWait = 'UNKNOWN_CUSTOMER' | 'UNKNOWN_REFERENCE' | Untimely;

export interface HeldLine {
  readonly lineNo: number;
  readonly recordId: string;
  readonly version: number;
  /** As `bigint` text. */
  readonly contentHash: string;
  readonly msisdnIndex: Buffer;
  readonly accountNo: string | undefined;
  readonly refRecordId: string | undefined;
  readonly reason: ReasonToWait;
  /** It is of whoever had the number from then to then; `undefined`: whenever before. */
  readonly ofFrom: Date | undefined;
  readonly ofUntil: Date;
  /** Of the future: when it no longer is. */
  readonly readyAt: Date | undefined;
  readonly sealed: Buffer;
}

export const contentHashText = ({ high, low }: ContentHash): string =>
  ((BigInt(high) << 32n) | BigInt(low >>> 0)).toString();

/** Keeps records that wait, and says of each whether it now waits, waited already, or waits with another content. */
export async function hold(
  tx: Tx,
  intake: Intake,
  lines: readonly HeldLine[],
): Promise<ReadonlyMap<number, 'HELD' | 'DUPLICATE' | 'CONFLICT'>> {
  if (lines.length === 0) return new Map();
  const rows = await tx.query<{ line_no: number; outcome: 'HELD' | 'DUPLICATE' | 'CONFLICT' }>(
    `WITH line AS (
       SELECT * FROM unnest($5::int[], $6::text[], $7::smallint[], $8::bigint[], $9::bytea[], $10::text[], $11::text[],
         $12::text[], $13::bytea[], $14::timestamptz[], $15::timestamptz[], $16::timestamptz[])
         AS l (line_no, record_id, version, content_hash, msisdn_index, account_no, ref_record_id, reason, sealed, of_from,
           of_until, ready_at)
     ), kept AS (
       INSERT INTO usage.held_record (source, kind, record_id, version, content_hash, reason, msisdn_index, account_no,
         ref_record_id, intake_id, line_no, sealed, held_at, of_from, of_until, ready_at)
       SELECT $1, $2, record_id, version, content_hash, reason, msisdn_index, account_no, ref_record_id, $3, line_no,
         sealed, $4, of_from, of_until, ready_at
       FROM line ORDER BY record_id, version, line_no
       ON CONFLICT DO NOTHING
       RETURNING line_no
     )
     SELECT line.line_no, CASE WHEN kept.line_no IS NOT NULL THEN 'HELD'
       WHEN COALESCE(held.content_hash, first_value(line.content_hash) OVER same) = line.content_hash THEN 'DUPLICATE'
       ELSE 'CONFLICT' END AS outcome
     FROM line LEFT JOIN kept USING (line_no)
       LEFT JOIN usage.held_record held ON held.source = $1 AND held.kind = $2 AND held.record_id = line.record_id
         AND held.version = line.version
     WINDOW same AS (PARTITION BY line.record_id, line.version ORDER BY line.line_no)`,
    [
      intake.source,
      intake.kind,
      intake.intakeId,
      intake.receivedAt,
      lines.map(({ lineNo }) => lineNo),
      lines.map(({ recordId }) => recordId),
      lines.map(({ version }) => version),
      lines.map(({ contentHash }) => contentHash),
      lines.map(({ msisdnIndex }) => msisdnIndex),
      lines.map(({ accountNo }) => accountNo ?? null),
      lines.map(({ refRecordId }) => refRecordId ?? null),
      lines.map(({ reason }) => reason),
      lines.map(({ sealed }) => sealed),
      lines.map(({ ofFrom }) => ofFrom ?? null),
      lines.map(({ ofUntil }) => ofUntil),
      lines.map(({ readyAt }) => readyAt ?? null),
    ],
  );
  return new Map(rows.map(({ line_no, outcome }) => [line_no, outcome]));
}
