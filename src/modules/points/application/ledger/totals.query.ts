import { Injectable } from '@nestjs/common';
import { Database } from '../../../../platform/database/index.js';
import { valueInFen } from '../../domain/ledger/points-value.js';
import { ISSUED } from '../../persistence/ledger/posting-sql.js';

export interface PointsTotals {
  readonly accounts: number;
  /** All points ever issued, less what was taken back. */
  readonly issued: number;
  /** Points that customers have: available, held and pending, less what they owe. */
  readonly outstanding: number;
  readonly outstandingValueInFen: number;
}

@Injectable()
export class PointsTotalsQuery {
  constructor(private readonly database: Database) {}

  async execute(): Promise<PointsTotals> {
    const [row] = await this.database.query<{ accounts: number; issued: number; outstanding: number }>(
      `SELECT count(*) AS accounts, COALESCE(sum(available + held + pending - debt), 0)::bigint AS outstanding,
         (SELECT COALESCE(${ISSUED}, 0) FROM points.posting WHERE 'ISSUED' IN (debit, credit)) AS issued
       FROM points.point_account`,
    );
    const { accounts, issued, outstanding } = row ?? { accounts: 0, issued: 0, outstanding: 0 };
    return { accounts, issued, outstanding, outstandingValueInFen: valueInFen(outstanding) };
  }
}
