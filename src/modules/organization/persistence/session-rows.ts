import type { Tx } from '../../../platform/database/index.js';
import type { EndReason } from '../domain/session.js';

/** Ends sessions of a person that have not ended: all, one, or all but one. Returns how many there were. */
export function endSessions(
  tx: Tx,
  end: {
    readonly staffId: string;
    readonly reason: EndReason;
    readonly at: Date;
    readonly only?: string | undefined;
    readonly except?: string | undefined;
  },
): Promise<number> {
  return tx.execute(
    `UPDATE organization.session SET ended_at = $2, end_reason = $3
     WHERE staff_id = $1 AND ended_at IS NULL
       AND ($4::uuid IS NULL OR session_id = $4) AND ($5::uuid IS NULL OR session_id <> $5)`,
    [end.staffId, end.at, end.reason, end.only ?? null, end.except ?? null],
  );
}
