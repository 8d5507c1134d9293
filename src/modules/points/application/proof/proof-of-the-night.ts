import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../platform/clock/index.js';
import { Database, newId, Transaction } from '../../../../platform/database/index.js';
import { ProofNotFound } from '../../domain/proof/refusals-of-proof.js';
import type { Seal } from '../../persistence/proof/fingerprint.js';
import { type Proof, provePoints } from './prove-points.js';

export interface StoredProof extends Proof {
  readonly asOf: Date;
  /** From when on single entries were looked at; absent: from the beginning. */
  readonly since: Date | undefined;
}

interface Row {
  readonly as_of: Date;
  readonly since: Date | null;
  readonly result: Proof;
  readonly seal: Seal | null;
}

const DAY_MS = 86_400_000;

/** Proves the ledger every night, and keeps what came out. */
@Injectable()
export class ProofOfTheNight {
  constructor(
    private readonly transaction: Transaction,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Begins with what the last proof that found nothing has shown: what was sealed is not read again, and single entries are looked at
   * since then. On Sundays, and after one that did find something, everything is read.
   */
  async execute(): Promise<void> {
    const asOf = this.clock.now();
    const last = await this.newestStored();
    const isSunday = asOf.getUTCDay() === 0;
    const before = last?.result.ok && !isSunday ? last : undefined;
    const since = before && dayBefore(before.as_of);
    const { seal, ...proof } = await provePoints(this.transaction, {
      since,
      seal: before?.seal ?? undefined,
      sealBefore: dayBefore(asOf),
    });
    await this.transaction.run((tx) =>
      tx.execute(
        'INSERT INTO points.proof (proof_id, as_of, since, ok, result, seal) VALUES ($1, $2, $3, $4, $5, $6)',
        [newId(), asOf, since ?? null, proof.ok, JSON.stringify(proof), seal ? JSON.stringify(seal) : null],
      ),
    );
  }

  /** @throws ProofNotFound */
  async newest(): Promise<StoredProof> {
    const row = await this.newestStored();
    if (!row) throw new ProofNotFound();
    return { ...row.result, asOf: row.as_of, since: row.since ?? undefined };
  }

  private async newestStored(): Promise<Row | undefined> {
    const [row] = await this.database.query<Row>(
      'SELECT as_of, since, result, seal FROM points.proof ORDER BY as_of DESC LIMIT 1',
    );
    return row;
  }
}

/** A transaction that began before a proof may have ended after it, but not a day after. */
const dayBefore = (moment: Date): Date => new Date(moment.getTime() - DAY_MS);
