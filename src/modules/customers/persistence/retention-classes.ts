import type { Database, Tx } from '../../../platform/database/index.js';

export type RetentionAction = 'ERASE_IDENTITY' | 'DELETE' | 'REPORT' | 'KEEP';

export interface RetentionClass {
  readonly code: string;
  readonly what: string;
  readonly keptFrom: string;
  /** ISO 8601: `P2Y`, `P90D`. */
  readonly term: string;
  readonly action: RetentionAction;
  readonly basis: string;
}

export const RETENTION_COLUMNS = `k.code, k.what, k.kept_from AS "keptFrom", k.action, k.basis,
  'P' || CASE WHEN extract(year FROM k.term) > 0 THEN extract(year FROM k.term) || 'Y' ELSE '' END
      || CASE WHEN extract(month FROM k.term) > 0 THEN extract(month FROM k.term) || 'M' ELSE '' END
      || CASE WHEN extract(day FROM k.term) > 0 THEN extract(day FROM k.term) || 'D' ELSE '' END AS term`;

export interface RetentionEnd {
  readonly code: string;
  readonly action: RetentionAction;
  /** What began earlier is over. */
  readonly before: Date;
}

/** When the term of each class began for what ends on the day. */
export function retentionEnds(reader: Pick<Database | Tx, 'query'>, asOf: string): Promise<readonly RetentionEnd[]> {
  return reader.query<RetentionEnd>(
    `SELECT code, action, ($1::date - term)::timestamp AT TIME ZONE 'Asia/Shanghai' AS before
     FROM customers.retention_class ORDER BY code`,
    [asOf],
  );
}
