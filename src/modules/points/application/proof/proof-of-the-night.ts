import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../platform/clock/index.js';
import { Database, newId, Transaction } from '../../../../platform/database/index.js';
import { ProofNotFound } from '../../domain/proof/refusals-of-proof.js';
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

  /** Looks at single entries since the last proof that found nothing; on Sundays, and after one that did, at all of them. */
  async execute(): Promise<void> {
    const asOf = this.clock.now();
    const last = await this.newestStored();
    const isSunday = asOf.getUTCDay() === 0;
    // A transaction that began before that proof may have ended after it, but not a day after.
    const since = last?.result.ok && !isSunday ? new Date(last.as_of.getTime() - DAY_MS) : undefined;
    const proof = await provePoints(this.transaction, { since });
    await this.transaction.run((tx) =>
      tx.execute('INSERT INTO points.proof (proof_id, as_of, since, ok, result) VALUES ($1, $2, $3, $4, $5)', [
        newId(),
        asOf,
        since ?? null,
        proof.ok,
        JSON.stringify(proof),
      ]),
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
      'SELECT as_of, since, result FROM points.proof ORDER BY as_of DESC LIMIT 1',
    );
    return row;
  }
}
