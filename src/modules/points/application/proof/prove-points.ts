import { randomInt } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { Transaction, type Tx } from '../../../../platform/database/index.js';
import { monthsOfBooks } from '../../persistence/money/house-side.js';
import { type Fingerprint, type Seal, takeFingerprint } from '../../persistence/proof/fingerprint.js';
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

export interface SealedProof extends Proof {
  /** For the next proof, when it was asked for; only of books that are right. */
  readonly seal: Seal | undefined;
}

interface Wanted {
  /**
   * What single entries did (the order in which lots were used, who had joined, what bills should have earned) is looked at from here
   * on; default from the beginning. Balances are proven of everybody, always.
   */
  readonly since?: Date | undefined;
  /** What an earlier proof has found of the past, which can no longer change; default: the past is read too. */
  readonly seal?: Seal | undefined;
  /** When the past is read: what was recorded before this moment is sealed, and months whose books are closed. Default: nothing is. */
  readonly sealBefore?: Date | undefined;
}

const FROM_THE_BEGINNING = '-infinity';
const SEEDS = 2 ** 47;

/**
 * Proves that every balance equals its history, for everybody, from the stored rows alone. It reads one moment, so it may
 * run while points are earned and spent.
 */
export function provePoints(transaction: Transaction, { since, seal, sealBefore }: Wanted = {}): Promise<SealedProof> {
  const started = process.hrtime.bigint();
  return transaction.run(async (tx) => {
    await tx.execute('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    await tx.execute(`SET LOCAL work_mem = '128MB'`);
    // Rows that workers find are handed over in memory; at its usual price the server would rather read millions alone.
    if (since === undefined) await tx.execute('SET LOCAL parallel_tuple_cost = 0.005');
    const { fingerprint, isAsSealed } = seal
      ? await beginWith(tx, seal, since)
      : { fingerprint: await takeFingerprint(tx, { since, from: await toBeSealed(tx, sealBefore) }), isAsSealed: true };
    const from = {
      since: since ?? FROM_THE_BEGINNING,
      openFrom: seal && isAsSealed ? seal.openFrom : FROM_THE_BEGINNING,
    };
    const holding = await constraintsThatHold(tx);
    const results: CheckResult[] = seal ? [ofSeal(seal, isAsSealed)] : [];
    for (const check of checks) {
      const shownBy = evidence(check, fingerprint, holding);
      const question = since === undefined && check.ofAll?.when(fingerprint) ? check.ofAll : check;
      results.push({
        id: check.id,
        title: check.title,
        ...(shownBy === 'rows'
          ? await violationsOf(tx, question.sql, 'from' in question && question.from ? [from[question.from]] : [])
          : { violations: 0, first: [] }),
        shownBy,
      });
    }
    const booksAreExplained = fingerprint.agrees || results.some(({ violations }) => violations > 0);
    const ok = booksAreExplained && results.every(({ violations }) => violations === 0);
    return {
      ok,
      checks: results,
      customers: fingerprint.customers,
      postings: fingerprint.postings,
      seconds: Number((process.hrtime.bigint() - started) / 1_000_000n) / 1000,
      seal: ok && (seal || sealBefore) ? fingerprint.seal : undefined,
    };
  });
}

/** When the books do not agree with what was sealed, the past is read after all, by the same weights. */
async function beginWith(
  tx: Tx,
  seal: Seal,
  since: Date | undefined,
): Promise<{ fingerprint: Fingerprint; isAsSealed: boolean }> {
  const fingerprint = await takeFingerprint(tx, { since, from: seal });
  if (fingerprint.agrees && isDeepStrictEqual(fingerprint.seal, seal)) return { fingerprint, isAsSealed: true };
  const { seed, openFrom, recordedFrom } = seal;
  const anew = await takeFingerprint(tx, { since, from: { seed, openFrom, recordedFrom } });
  return { fingerprint: anew, isAsSealed: isDeepStrictEqual(anew.seal, seal) };
}

async function toBeSealed(tx: Tx, before: Date | undefined): Promise<Omit<Seal, 'sums'>> {
  const open = before && (await monthsOfBooks(tx)).find(({ isFinal }) => !isFinal);
  return {
    seed: randomInt(SEEDS),
    openFrom: open?.month ?? FROM_THE_BEGINNING,
    recordedFrom: before?.toISOString() ?? FROM_THE_BEGINNING,
  };
}

const ofSeal = ({ openFrom, recordedFrom }: Seal, isAsSealed: boolean): CheckResult => ({
  id: 'seal',
  title: 'What can no longer change is as the last proof of everything found it',
  violations: isAsSealed ? 0 : 1,
  first: isAsSealed ? [] : [{ monthsBefore: openFrom, entriesBefore: recordedFrom }],
  shownBy: 'fingerprint',
});

function evidence(check: Check, fingerprint: Fingerprint, holding: ReadonlySet<string>): CheckResult['shownBy'] {
  if (check.constraints?.every((name) => holding.has(name))) return 'constraint';
  return check.isTold?.(fingerprint) ? 'fingerprint' : 'rows';
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

async function violationsOf(
  tx: Tx,
  sql: string,
  from: readonly (Date | string)[],
): Promise<Pick<CheckResult, 'violations' | 'first'>> {
  const rows = await tx.query<{ violations: number; row: Readonly<Record<string, unknown>> }>(
    `SELECT count(*) OVER () AS violations, to_jsonb(violation) AS row FROM (${sql}) violation LIMIT 5`,
    from,
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
