import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { monthsOf } from '../../../platform/rules/index.js';
import { sharesOf } from '../domain/shares.js';
import { stages, stageSql } from '../domain/value-stages.js';
import { programOf } from '../persistence/programs.js';

/** Customers, what they spent, and which part of all that is. */
export interface Portion {
  readonly customers: number;
  readonly revenueFen: number;
  /** Of the customers, and of the spend. */
  readonly customersBasisPoints: number;
  readonly revenueBasisPoints: number;
}

export interface ValueReport {
  readonly customers: number;
  readonly revenueFen: number;
  readonly stages: readonly (Portion & { readonly stage: string })[];
  readonly composition: readonly (Portion & { readonly level: string })[];
}

export interface Concentration {
  readonly customers: number;
  readonly revenueFen: number;
  readonly top: { readonly customers: number; readonly revenueFen: number; readonly shareBasisPoints: number };
  /** Ten, the best first. */
  readonly deciles: readonly {
    readonly decile: number;
    readonly customers: number;
    readonly revenueFen: number;
    readonly shareBasisPoints: number;
  }[];
}

const VALUE_PROGRAM = 'VALUE';
const THERE = `p.activated_on <= $1::date AND $1::date < COALESCE(p.closed_on, 'infinity')`;

/** What the customers who are in the network on a day are worth: by stage and level of value (CUS-25), and how concentrated (CUS-37). */
@Injectable()
export class ValueReports {
  constructor(private readonly database: Database) {}

  /** By the net spend of the three full months before the day. */
  async stages(asOf: string): Promise<ValueReport> {
    const quarter = monthsOf({ kind: 'rolling-months', months: 3 }, asOf);
    const before = monthsOf({ kind: 'rolling-months', months: 3, skip: 3 }, asOf);
    const program = await programOf(this.database, VALUE_PROGRAM);
    const scale = program?.scale ?? [];
    const rows = await this.database.query<{ stage: string; level: string; customers: number; revenueFen: number }>(
      `WITH spend AS (
         SELECT m.customer_id, COALESCE(sum(m.net_spend_fen) FILTER (WHERE m.month >= $3::date), 0) AS quarter,
           COALESCE(sum(m.net_spend_fen) FILTER (WHERE m.month < $3::date), 0) AS before
         FROM usage.month_fact m WHERE m.month >= $2::date AND m.month < $4::date GROUP BY m.customer_id
       ), staged AS (
         SELECT ${stageSql({ quarter: 'COALESCE(s.quarter, 0)', before: 'COALESCE(s.before, 0)', asOf })} AS stage,
           COALESCE(v.tier, $6) AS level, COALESCE(s.quarter, 0) AS fen
         FROM customers.profile p
         LEFT JOIN spend s ON s.customer_id = p.customer_id
         LEFT JOIN tiering.tier_assignment v ON v.customer_id = p.customer_id AND v.program = $5
           AND v.valid_from <= $1::date AND $1::date < v.valid_until
         WHERE ${THERE}
       )
       SELECT stage, level, count(*) AS customers, sum(fen)::bigint AS "revenueFen" FROM staged GROUP BY 1, 2`,
      [asOf, before.from, quarter.from, quarter.to, VALUE_PROGRAM, scale[scale.length - 1] ?? ''],
    );
    const sumOf = (of: readonly (typeof rows)[number][], what: 'customers' | 'revenueFen'): number =>
      of.reduce((sum, each) => sum + each[what], 0);
    const portions = (groups: readonly (readonly (typeof rows)[number][])[]): readonly Portion[] => {
      const customers = groups.map((of) => sumOf(of, 'customers'));
      const spends = groups.map((of) => sumOf(of, 'revenueFen'));
      const shares = { customers: sharesOf(customers), spend: sharesOf(spends.map((fen) => Math.max(0, fen))) };
      return groups.map((_, i) => ({
        customers: customers[i] ?? 0,
        revenueFen: spends[i] ?? 0,
        customersBasisPoints: shares.customers[i] ?? 0,
        revenueBasisPoints: shares.spend[i] ?? 0,
      }));
    };
    const none: Portion = { customers: 0, revenueFen: 0, customersBasisPoints: 0, revenueBasisPoints: 0 };
    const byStage = portions(stages.map((stage) => rows.filter((row) => row.stage === stage)));
    const byLevel = portions(scale.map((level) => rows.filter((row) => row.level === level)));
    return {
      customers: sumOf(rows, 'customers'),
      revenueFen: sumOf(rows, 'revenueFen'),
      stages: stages.map((stage, i) => ({ stage, ...(byStage[i] ?? none) })),
      composition: scale.map((level, i) => ({ level, ...(byLevel[i] ?? none) })),
    };
  }

  /**
   * Which part of the revenue of the twelve full months before the day the best `percent` of the customers bring, and each tenth of them.
   * Whoever spent nothing is counted, too; whoever was given back more than was billed, as nothing.
   */
  async concentration(asOf: string, percent: number): Promise<Concentration> {
    const { from, to } = monthsOf({ kind: 'rolling-months', months: 12 }, asOf);
    const rows = await this.database.query<{ decile: number; isTop: boolean; customers: number; revenueFen: number }>(
      `WITH spend AS (
         SELECT m.customer_id, sum(m.net_spend_fen) AS fen
         FROM usage.month_fact m WHERE m.month >= $2::date AND m.month < $3::date GROUP BY m.customer_id
       ), ranked AS (
         SELECT GREATEST(0, COALESCE(s.fen, 0)) AS fen, count(*) OVER () AS n,
           row_number() OVER (ORDER BY GREATEST(0, COALESCE(s.fen, 0)) DESC) AS nth
         FROM customers.profile p LEFT JOIN spend s ON s.customer_id = p.customer_id WHERE ${THERE}
       )
       SELECT ((nth * 10 + n - 1) / n)::int AS decile, nth * 100 <= n * $4::int AS "isTop", count(*) AS customers, sum(fen)::bigint AS "revenueFen"
       FROM ranked GROUP BY 1, 2`,
      [asOf, from, to, percent],
    );
    const sumOf = (of: readonly (typeof rows)[number][]): { customers: number; revenueFen: number } => ({
      customers: of.reduce((sum, { customers }) => sum + customers, 0),
      revenueFen: of.reduce((sum, { revenueFen }) => sum + revenueFen, 0),
    });
    const [all, top] = [sumOf(rows), sumOf(rows.filter(({ isTop }) => isTop))];
    const tenths = Array.from({ length: 10 }, (_, i) => sumOf(rows.filter(({ decile }) => decile === i + 1)));
    const shares = sharesOf(tenths.map(({ revenueFen }) => revenueFen));
    const [shareBasisPoints = 0] = sharesOf([top.revenueFen, all.revenueFen - top.revenueFen]);
    return {
      ...all,
      top: { ...top, shareBasisPoints },
      deciles: tenths.map((tenth, i) => ({ decile: i + 1, ...tenth, shareBasisPoints: shares[i] ?? 0 })),
    };
  }
}
