import { createHash } from 'node:crypto';
import type { Database, Tx } from '../../../platform/database/index.js';
import type { Run } from '../../../platform/queues/index.js';
import type { Cell, Measured } from '../domain/preview.js';
import { levelYearOf } from '../domain/standing.js';
import type { RuleSet, RuleSetBody, RuleSetKind } from '../domain/rule-set.js';
import { NAMED, type Compared } from './preview-slice.js';

/** A preview (试算) with the rules as they were when it began. */
export interface Preview {
  readonly runId: string;
  readonly program: string;
  readonly kind: RuleSetKind;
  readonly scale: readonly string[];
  readonly asOf: string;
  readonly draft: ComparedRules;
  /** undefined: nothing decided on the day, and no version was given to compare with. */
  readonly against: ComparedRules | undefined;
  readonly startedAt: Date;
  readonly finishedAt: Date | undefined;
}

export interface ComparedRules {
  readonly version: string;
  readonly checksum: string;
  readonly body: RuleSetBody;
  readonly isYearly: boolean;
}

export interface PreviewRow {
  readonly run_id: string;
  readonly program: string;
  readonly kind: RuleSetKind;
  readonly scale: readonly string[];
  readonly as_of: string;
  readonly version: string;
  readonly checksum: string;
  readonly body: RuleSetBody;
  readonly is_yearly: boolean;
  readonly against_version: string | null;
  readonly against_checksum: string | null;
  readonly against_body: RuleSetBody | null;
  readonly against_is_yearly: boolean | null;
  readonly started_at: Date;
  readonly finished_at: Date | null;
}

export const PREVIEWS = {
  select: 'v.*, g.kind, g.scale',
  from: 'tiering.preview v JOIN tiering.program g ON g.program = v.program',
} as const;

export function previewOf(row: PreviewRow): Preview {
  const { against_version: version, against_checksum: checksum, against_body: body } = row;
  return {
    runId: row.run_id,
    program: row.program,
    kind: row.kind,
    scale: row.scale,
    asOf: row.as_of,
    draft: { version: row.version, checksum: row.checksum, body: row.body, isYearly: row.is_yearly },
    against:
      version !== null && checksum !== null && body !== null
        ? { version, checksum, body, isYearly: row.against_is_yearly === true }
        : undefined,
    startedAt: row.started_at,
    finishedAt: row.finished_at ?? undefined,
  };
}

type Reader = Pick<Database | Tx, 'query'>;

export async function findPreview(reader: Reader, runId: string): Promise<Preview | undefined> {
  const [row] = await reader.query<PreviewRow>(`SELECT ${PREVIEWS.select} FROM ${PREVIEWS.from} WHERE v.run_id = $1`, [
    runId,
  ]);
  return row && previewOf(row);
}

interface Beginning {
  readonly runId: string;
  readonly asOf: string;
  readonly draft: RuleSet;
  readonly against: RuleSet | undefined;
  /** Default: as a review on the day would be. */
  readonly asYearlyReview: boolean | undefined;
  readonly startedAt: Date;
}

/** Keeps the rules as they are: all slices decide by the same ones, whatever becomes of the draft meanwhile. */
export async function beginPreview(tx: Tx, beginning: Beginning): Promise<void> {
  const { runId, asOf, draft, against, asYearlyReview, startedAt } = beginning;
  const isYearly = async (of: RuleSet): Promise<boolean> => asYearlyReview ?? wouldBeYearly(tx, of, asOf);
  await tx.execute(
    `INSERT INTO tiering.preview (run_id, program, as_of, version, checksum, body, is_yearly, against_version, against_checksum,
       against_body, against_is_yearly, started_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      runId,
      draft.program,
      asOf,
      draft.version,
      draft.checksum,
      JSON.stringify(draft.body),
      await isYearly(draft),
      against?.version ?? null,
      against?.checksum ?? null,
      against ? JSON.stringify(against.body) : null,
      against ? await isYearly(against) : null,
      startedAt,
    ],
  );
}

/** Whether a review by these rules on the day would be the first of its level year. */
async function wouldBeYearly(tx: Tx, { program, body }: RuleSet, asOf: string): Promise<boolean> {
  const { from } = levelYearOf(body.review, asOf);
  const earlier = await tx.query(
    'SELECT FROM tiering.review WHERE program = $1 AND as_of BETWEEN $2 AND $3 AND is_yearly LIMIT 1',
    [program, from, asOf],
  );
  return earlier.length === 0;
}

/** Whom a preview names is forgotten when it can be approved by no more. */
export async function forgetNamesBefore(tx: Tx, day: Date): Promise<void> {
  await tx.execute(
    `DELETE FROM tiering.preview_drop d USING tiering.preview v WHERE v.run_id = d.run_id AND v.started_at < $1`,
    [day],
  );
}

export function comparedIn({ program, kind, scale, draft, against }: Preview): { draft: Compared; against: Compared } {
  const rules = ({ checksum, body, isYearly }: ComparedRules): Compared => ({
    ruleSet: { program, kind, scale, body, checksum },
    isYearly,
  });
  return { draft: rules(draft), against: rules(against ?? draft) };
}

/** Adds up what the slices have counted. The checksum is of what is given to each customer: equal facts and rules, equal checksum. */
export async function finishPreview(tx: Tx, { runId }: Pick<Run, 'runId'>, finishedAt: Date): Promise<string> {
  for (const { table, keys, sums } of ADDED_UP) {
    const added = sums.map((column) => `sum(${column})`).join(', ');
    await tx.execute(
      `WITH parts AS (DELETE FROM tiering.${table} WHERE run_id = $1 RETURNING *)
       INSERT INTO tiering.${table} (run_id, slice_no, ${keys}, ${sums.join(', ')})
       SELECT run_id, 0, ${keys}, ${added} FROM parts GROUP BY run_id, ${keys}`,
      [runId],
    );
  }
  // Taken out and put back: joined with itself, the table that was just filled costs seconds, since nothing is known of it yet.
  await tx.execute(
    `WITH parts AS (DELETE FROM tiering.preview_drop WHERE run_id = $1 RETURNING *)
     INSERT INTO tiering.preview_drop (customer_id, run_id, ${DROP}, place)
     SELECT customer_id, run_id, ${DROP}, nth
     FROM (SELECT *, row_number() OVER (ORDER BY ranks_lost DESC, net_spend_fen DESC, customer_id) AS nth FROM parts) ranked
     WHERE nth <= $2`,
    [runId, NAMED],
  );
  await tx.execute('UPDATE tiering.preview SET finished_at = $2 WHERE run_id = $1', [runId, finishedAt]);
  const given = await tx.query(
    `SELECT given, outcome, sum(customers)::bigint AS customers, sum(hash)::text AS hash
     FROM tiering.preview_cell WHERE run_id = $1 GROUP BY given, outcome ORDER BY given, outcome`,
    [runId],
  );
  return createHash('sha256').update(JSON.stringify(given)).digest('hex');
}

const DROP = 'from_tier, to_tier, outcome, ranks_lost, net_spend_fen, decided_by, lowers_on';

const ADDED_UP = [
  {
    table: 'preview_cell',
    keys: 'region, brand, held, given, outcome, against_given, against_outcome, decided_by',
    sums: ['customers', 'at_risk_fen', 'against_at_risk_fen', 'hash'],
  },
  { table: 'preview_measure', keys: 'kind, code, tier', sums: ['below', 'above'] },
  {
    table: 'preview_portfolio',
    keys: 'manager_id',
    sums: ['customers', 'rises', 'falls', 'warned', 'kept', 'at_risk_fen'],
  },
] as const;

export function readCells(reader: Reader, runId: string): Promise<Cell[]> {
  return reader.query<Cell>(
    `SELECT region, brand, held, given, outcome, against_given AS "againstGiven", against_outcome AS "againstOutcome",
       decided_by AS "decidedBy", customers, at_risk_fen AS "atRiskFen", against_at_risk_fen AS "againstAtRiskFen"
     FROM tiering.preview_cell WHERE run_id = $1 AND slice_no = 0`,
    [runId],
  );
}

export function readMeasured(reader: Reader, runId: string): Promise<Measured[]> {
  return reader.query<Measured>(
    `SELECT kind, code, tier, below, above FROM tiering.preview_measure WHERE run_id = $1 AND slice_no = 0
     ORDER BY kind, code, tier`,
    [runId],
  );
}
