import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../platform/clock/index.js';
import { Database, Transaction, type Tx } from '../../../../platform/database/index.js';
import { POINTS_TYPES } from '../../domain/ledger/ledger.js';
import type { BreakageRates } from '../../domain/money/liability.js';
import { InvalidBreakageRates } from '../../domain/money/refusals-of-money.js';

export interface BreakageRateSet {
  readonly version: number;
  readonly effectiveFrom: string;
  readonly rates: BreakageRates;
  readonly author: string;
  readonly reason: string;
}

const COLUMNS = 'version, effective_from AS "effectiveFrom", rates, author, reason';

/** Those in force on a day: of the latest date, the latest version. */
export async function breakageRatesOn(reader: Pick<Tx, 'query'>, day: string): Promise<BreakageRateSet> {
  const [row] = await reader.query<BreakageRateSet & Record<string, unknown>>(
    `SELECT ${COLUMNS} FROM points.breakage_rate_set WHERE effective_from <= $1 ORDER BY effective_from DESC, version DESC LIMIT 1`,
    [day],
  );
  return row ?? { version: 0, effectiveFrom: day, rates: {}, author: '', reason: '' };
}

/** What of the points is expected to expire unused: versions, of which none is ever changed. */
@Injectable()
export class KeepBreakageRates {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  all(): Promise<readonly BreakageRateSet[]> {
    return this.database.query<BreakageRateSet & Record<string, unknown>>(
      `SELECT ${COLUMNS} FROM points.breakage_rate_set ORDER BY version DESC`,
    );
  }

  /** @throws InvalidBreakageRates */
  async add(set: Omit<BreakageRateSet, 'version'>): Promise<BreakageRateSet> {
    for (const [pointsType, years] of Object.entries(set.rates)) {
      const isRight =
        (POINTS_TYPES as readonly string[]).includes(pointsType) &&
        years.length > 0 &&
        years.length <= 10 &&
        years.every((rate) => Number.isInteger(rate) && rate >= 0 && rate <= 10_000);
      if (!isRight) throw new InvalidBreakageRates();
    }
    return this.transaction.run(async (tx) => {
      await tx.execute(`SELECT pg_advisory_xact_lock(hashtext('points.breakage_rate_set'))`);
      const [row] = await tx.query<{ version: number }>(
        `INSERT INTO points.breakage_rate_set (version, effective_from, rates, author, reason, created_at)
         SELECT max(version) + 1, $1, $2, $3, $4, $5 FROM points.breakage_rate_set RETURNING version`,
        [set.effectiveFrom, JSON.stringify(set.rates), set.author, set.reason, this.clock.now()],
      );
      const version = row?.version ?? 0;
      const { effectiveFrom, rates } = set;
      tx.audit({
        action: 'points.set-breakage',
        objectType: 'BreakageRateSet',
        objectId: String(version),
        after: { effectiveFrom, rates },
      });
      return { ...set, version };
    });
  }
}
