import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Transaction, type Tx } from '../../../../platform/database/index.js';
import { type Fingerprint, takeFingerprint } from '../../persistence/proof/fingerprint.js';
import type { Check } from '../../persistence/ledger/check.js';
import { checks } from '../../persistence/proof/proof-checks.js';

export interface CheckResult {
  /** Number of the invariant. */
  readonly id: string;
  readonly title: string;
  readonly violations: number;
  /** The first of them: ids and figures. */
  readonly first: readonly Readonly<Record<string, unknown>>[];
  /** What shows it: a constraint that holds for every row, the fingerprint of the books, or a look at the rows. */
  readonly shownBy: 'constraint' | 'fingerprint' | 'rows';
}

export interface Proof {
  readonly ok: boolean;
  readonly checks: readonly CheckResult[];
  readonly customers: number;
  readonly postings: number;
  readonly seconds: number;
}

interface Wanted {
  /**
   * What single entries did (the order in which lots were used, who had joined, what bills should have earned) is looked at from here
   * on; default from the beginning. Balances are proven of everybody, always.
   */
  readonly since?: Date | undefined;
}

const FROM_THE_BEGINNING = '-infinity';
const SEEDS = 2 ** 47;

/**
 * Proves that every balance equals its history, for everybody, from the stored rows alone. It reads one moment, so it may
 * run while points are earned and spent.
 */
export function provePoints(transaction: Transaction, { since }: Wanted = {}): Promise<Proof> {
  const started = process.hrtime.bigint();
  return transaction.run(async (tx) => {
    await tx.execute('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    await tx.execute(`SET LOCAL work_mem = '128MB'`);
    // Rows that workers find are handed over in memory; at its usual price the server would rather read millions alone.
    if (since === undefined) await tx.execute('SET LOCAL parallel_tuple_cost = 0.005');
    const fingerprint = await takeFingerprint(tx, { seed: randomInt(SEEDS), since });
    const holding = await constraintsThatHold(tx);
    const results: CheckResult[] = [];
    for (const check of checks) {
      const shownBy = evidence(check, fingerprint, holding);
      results.push({
        id: check.id,
        title: check.title,
        ...(shownBy === 'rows'
          ? await violationsOf(tx, questionOf(check, fingerprint, since), since)
          : { violations: 0, first: [] }),
        shownBy,
      });
    }
    const booksAreExplained = fingerprint.agrees || results.some(({ violations }) => violations > 0);
    return {
      ok: booksAreExplained && results.every(({ violations }) => violations === 0),
      checks: results,
      customers: fingerprint.customers,
      postings: fingerprint.postings,
      seconds: Number((process.hrtime.bigint() - started) / 1_000_000n) / 1000,
    };
  });
}

function evidence(check: Check, fingerprint: Fingerprint, holding: ReadonlySet<string>): CheckResult['shownBy'] {
  if (check.constraints?.every((name) => holding.has(name))) return 'constraint';
  if (check.isToldByFingerprint && fingerprint.agrees) return 'fingerprint';
  if (check.isCountedByFingerprint && fingerprint.usedLate === 0) return 'fingerprint';
  return 'rows';
}

/**
 * Constraints of the ledger that hold for every row, the database itself sees to that: `schema.table.name`, and those of the type of a
 * column `schema.table.column.name`.
 */
async function constraintsThatHold(tx: Tx): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ name: string }>(
    `SELECT n.nspname || '.' || t.relname || '.' || c.conname AS name
     FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
     WHERE n.nspname = 'points' AND c.convalidated AND COALESCE((to_jsonb(c) ->> 'conenforced')::boolean, true)
     UNION ALL
     SELECT n.nspname || '.' || t.relname || '.' || a.attname || '.' || c.conname
     FROM pg_constraint c JOIN pg_attribute a ON a.atttypid = c.contypid JOIN pg_class t ON t.oid = a.attrelid
       JOIN pg_namespace n ON n.oid = t.relnamespace
     WHERE n.nspname = 'points' AND c.convalidated`,
  );
  return new Set(rows.map(({ name }) => name));
}

const questionOf = ({ sql, ofAll }: Check, fingerprint: Fingerprint, since: Date | undefined): string =>
  since === undefined && ofAll?.when(fingerprint) ? ofAll.sql : sql;

async function violationsOf(
  tx: Tx,
  sql: string,
  since: Date | undefined,
): Promise<Pick<CheckResult, 'violations' | 'first'>> {
  const rows = await tx.query<{ violations: number; row: Readonly<Record<string, unknown>> }>(
    `SELECT count(*) OVER () AS violations, to_jsonb(violation) AS row FROM (${sql}) violation LIMIT 5`,
    sql.includes('$1') ? [since ?? FROM_THE_BEGINNING] : [],
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
