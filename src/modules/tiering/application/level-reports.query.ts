import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import {
  levelGroups,
  levelShares,
  mergedMovements,
  type LevelChange,
  type LevelGroup,
  type MergedMovement,
  type MonthOfLevels,
  type Movement,
} from '../domain/level-report.js';
import { monthsLater } from '../domain/months.js';
import { ratedKind } from '../domain/program.js';
import { ProgramNotFound } from '../domain/refusals-of-rule-sets.js';
import { ReportTooLong } from '../domain/refusals-of-reports.js';
import { programOf } from '../persistence/programs.js';

export interface OfLevels {
  readonly program: string;
  /** Province code, as customers live now. */
  readonly region?: string | undefined;
  /** Levels that are counted as one. */
  readonly merge: readonly string[];
}

export interface LevelsBeside {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly customers: number;
  readonly cells: readonly { readonly row: string; readonly column: string; readonly customers: number }[];
}

const MOST_MONTHS = 60;

/** Who stands where on the scale of a programme, and how that changes (级别分布与升降级, TIER-13). */
@Injectable()
export class LevelReports {
  constructor(private readonly database: Database) {}

  /**
   * The levels at the beginning of each month, both ends (first days) included. Everybody in the network that day is counted once.
   * @throws ProgramNotFound, LevelNotOnScale, ReportTooLong
   */
  async shares(
    of: OfLevels,
    span: { readonly from: string; readonly until: string },
  ): Promise<readonly MonthOfLevels[]> {
    const { scale, lowest, groups, rated } = await this.scaleOf(of);
    const months = monthsBetween(span);
    // Counted by who comes and who goes, so that no customer is looked at once a month.
    const changes = await this.database.query<LevelChange & Record<string, unknown>>(
      `WITH person AS (
         SELECT customer_id, activated_on AS since, COALESCE(closed_on, 'infinity') AS until
         FROM customers.profile WHERE activated_on IS NOT NULL AND ($2::text IS NULL OR region = $2) AND ($6::text IS NULL OR kind = $6)
       ), span AS (
         SELECT NULL AS level, since, until FROM person
         UNION ALL
         SELECT a.tier, GREATEST(a.valid_from, p.since), LEAST(a.valid_until, p.until)
         FROM tiering.tier_assignment a JOIN person p USING (customer_id) WHERE a.program = $1 AND a.tier <> $5
       ), during AS (
         SELECT * FROM span WHERE since < until AND since <= $4::date AND until > $3::date
       ), step AS (
         SELECT level, GREATEST(since, $3::date) AS day, 1 AS change FROM during
         UNION ALL SELECT level, until, -1 FROM during WHERE until <= $4::date
       )
       SELECT level, (date_trunc('month', (day - 1)::timestamp) + interval '1 month')::date AS month, sum(change)::int AS change
       FROM step GROUP BY 1, 2`,
      [of.program, of.region ?? null, span.from, span.until, lowest, rated],
    );
    return levelShares(months, { scale, groups, changes });
  }

  /**
   * From which level to which between two days. What comes from a level is who held it on the first day, what goes to it who holds it on
   * the second, as {@link shares} counts them.
   * @throws ProgramNotFound, LevelNotOnScale
   */
  async movement(
    of: OfLevels,
    { from, to }: { readonly from: string; readonly to: string },
  ): Promise<readonly MergedMovement[]> {
    const { lowest, groups, rated } = await this.scaleOf(of);
    const movements = await this.database.query<Movement & Record<string, unknown>>(
      `SELECT CASE WHEN was_there THEN COALESCE(a.tier, $5) END AS "from", CASE WHEN is_there THEN COALESCE(b.tier, $5) END AS "to",
         count(*) AS customers
       FROM (
         SELECT customer_id, activated_on <= $3::date AND $3::date < COALESCE(closed_on, 'infinity') AS was_there,
           activated_on <= $4::date AND $4::date < COALESCE(closed_on, 'infinity') AS is_there
         FROM customers.profile WHERE activated_on IS NOT NULL AND ($2::text IS NULL OR region = $2) AND ($6::text IS NULL OR kind = $6)
       ) p
       LEFT JOIN tiering.tier_assignment a ON a.customer_id = p.customer_id AND a.program = $1
         AND a.valid_from <= $3::date AND $3::date < a.valid_until
       LEFT JOIN tiering.tier_assignment b ON b.customer_id = p.customer_id AND b.program = $1
         AND b.valid_from <= $4::date AND $4::date < b.valid_until
       WHERE was_there OR is_there GROUP BY 1, 2`,
      [of.program, of.region ?? null, from, to, lowest, rated],
    );
    return mergedMovements(movements, groups);
  }

  /**
   * The levels of two programmes beside each other, as they are now (星级与卡级对照, TIER-14).
   * @throws ProgramNotFound
   */
  async beside({
    rows,
    columns,
    region,
  }: {
    rows: string;
    columns: string;
    region?: string | undefined;
  }): Promise<LevelsBeside> {
    const [down, across] = [await this.scaleOf({ program: rows }), await this.scaleOf({ program: columns })];
    const cells = await this.database.query<{ row: string; column: string; customers: number }>(
      `SELECT COALESCE(r.tier, $4) AS "row", COALESCE(c.tier, $5) AS "column", count(*) AS customers
       FROM customers.profile p
       LEFT JOIN tiering.current_level r ON r.customer_id = p.customer_id AND r.program = $1
       LEFT JOIN tiering.current_level c ON c.customer_id = p.customer_id AND c.program = $2
       WHERE p.archive = 'in-network' AND ($3::text IS NULL OR p.region = $3)
         AND ($6::text IS NULL OR p.kind = $6) AND ($7::text IS NULL OR p.kind = $7) GROUP BY 1, 2`,
      [rows, columns, region ?? null, down.lowest, across.lowest, down.rated, across.rated],
    );
    const place = (each: { row: string; column: string }): number =>
      down.scale.indexOf(each.row) * across.scale.length + across.scale.indexOf(each.column);
    return {
      rows: down.scale,
      columns: across.scale,
      customers: cells.reduce((sum, { customers }) => sum + customers, 0),
      cells: [...cells].sort((a, b) => place(a) - place(b)),
    };
  }

  private async scaleOf({ program, merge = [] }: { program: string; merge?: readonly string[] }): Promise<{
    readonly scale: readonly string[];
    readonly lowest: string;
    readonly groups: readonly LevelGroup[];
    /** Whom the programme is about; null: everybody. */
    readonly rated: 'individual' | 'group' | null;
  }> {
    const found = await programOf(this.database, program);
    if (!found) throw new ProgramNotFound();
    const { scale, kind } = found;
    const rated = ratedKind(kind) ?? null;
    return { scale, lowest: scale[scale.length - 1] ?? '', groups: levelGroups(scale, merge), rated };
  }
}

function monthsBetween({ from, until }: { readonly from: string; readonly until: string }): readonly string[] {
  const monthNumber = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
  const count = monthNumber(until) - monthNumber(from) + 1;
  if (count < 1 || count > MOST_MONTHS) throw new ReportTooLong(MOST_MONTHS);
  return Array.from({ length: count }, (_, i) => monthsLater(from, i));
}
