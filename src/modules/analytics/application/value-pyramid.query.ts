import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { monthsOf } from '../../../platform/rules/index.js';
import { pyramidOf, steps, type PyramidLayer, type PyramidStep } from '../domain/value-pyramid.js';

/** Who brings the revenue of the twelve full months before a day, among the customers in the network (客户价值金字塔). */
@Injectable()
export class ValuePyramidQuery {
  constructor(private readonly database: Database) {}

  async asOf(day: string): Promise<readonly PyramidLayer[]> {
    const { from, to } = monthsOf({ kind: 'rolling-months', months: 12 }, day);
    const cuts = steps.map(({ step, percent }) => `WHEN nth <= n * ${percent} / 100 THEN '${step}'`).join(' ');
    const sums = await this.database.query<{ step: PyramidStep; customers: number; revenueFen: number }>(
      `WITH spend AS (
         SELECT m.customer_id, sum(m.net_spend_fen)::bigint AS fen
         FROM usage.month_fact m JOIN customers.profile p ON p.customer_id = m.customer_id AND p.archive = 'in-network'
         WHERE m.month >= $1 AND m.month < $2 GROUP BY m.customer_id
       ), ranked AS (
         SELECT fen, row_number() OVER (ORDER BY fen DESC) AS nth, count(*) OVER () AS n FROM spend WHERE fen > 0
       )
       SELECT CASE ${cuts} END AS step, count(*) AS customers, sum(fen)::bigint AS "revenueFen" FROM ranked GROUP BY 1`,
      [from, to],
    );
    return pyramidOf(sums);
  }
}
