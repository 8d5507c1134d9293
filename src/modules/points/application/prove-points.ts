import { Injectable } from '@nestjs/common';
import { Transaction, type Tx } from '../../../platform/database/index.js';
import { checks } from '../persistence/proof-checks.js';

export interface CheckResult {
  /** Number of the invariant. */
  readonly id: string;
  readonly title: string;
  readonly violations: number;
  /** The first of them: ids and figures. */
  readonly first: readonly Readonly<Record<string, unknown>>[];
}

export interface Proof {
  readonly ok: boolean;
  readonly checks: readonly CheckResult[];
  readonly customers: number;
  readonly postings: number;
  readonly seconds: number;
}

/**
 * Proves that every balance equals its history, for everybody, from the stored rows alone. It reads one moment, so it may
 * run while points are earned and spent.
 */
export function provePoints(transaction: Transaction): Promise<Proof> {
  const started = process.hrtime.bigint();
  return transaction.run(async (tx) => {
    await tx.execute('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    const results: CheckResult[] = [];
    for (const { id, title, sql } of checks) results.push({ id, title, ...(await violationsOf(tx, sql)) });
    const [size] = await tx.query<{ customers: number; postings: number }>(
      `SELECT (SELECT count(*) FROM points.point_account) AS customers, (SELECT count(*) FROM points.posting) AS postings`,
    );
    return {
      ok: results.every(({ violations }) => violations === 0),
      checks: results,
      customers: size?.customers ?? 0,
      postings: size?.postings ?? 0,
      seconds: Number((process.hrtime.bigint() - started) / 1_000_000n) / 1000,
    };
  });
}

async function violationsOf(tx: Tx, sql: string): Promise<Pick<CheckResult, 'violations' | 'first'>> {
  const rows = await tx.query<{ violations: number; row: Readonly<Record<string, unknown>> }>(
    `SELECT count(*) OVER () AS violations, to_jsonb(violation) AS row FROM (${sql}) violation LIMIT 5`,
  );
  return { violations: rows[0]?.violations ?? 0, first: rows.map(({ row }) => row) };
}

@Injectable()
export class ProvePoints {
  constructor(private readonly transaction: Transaction) {}

  execute(): Promise<Proof> {
    return provePoints(this.transaction);
  }
}
