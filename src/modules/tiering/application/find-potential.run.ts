import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import {
  DefinesRun,
  type Counts,
  type Outcome,
  type Population,
  type Run,
  type RunDefinition,
  type Slice,
} from '../../../platform/queues/index.js';
import { PROFILE_VIEW } from '../../customers/index.js';
import { monthlyOnceBilled, requireBillsOf, type WaitsForBills } from '../../usage/index.js';
import { POTENTIAL } from '../domain/potential-customer.js';
import { findPotential } from '../persistence/potential-customers.js';
import { sumOverParts } from '../persistence/reviews.js';
import { rulesInEffect } from '../persistence/rule-sets.js';

/**
 * Finds who may become a valuable customer (挖掘潜在高价值客户, CUS-20): whoever is marked becomes a candidate for a manager to look at.
 * Held again under another key it finds those whom new facts mark.
 */
@DefinesRun()
@Injectable()
export class FindPotential implements RunDefinition<WaitsForBills> {
  readonly kind = 'tiering.find-potential';
  readonly describe = 'Finds potential high-value customers by the rules of the programme POTENTIAL as of a day.';
  readonly permission = 'tiering.run';
  // After the reviews of the same night: who has just got a level is no candidate.
  readonly schedule = monthlyOnceBilled('15 4 6 * *');
  readonly sliceSize: number = 20_000;
  readonly parallelSlices: number = 2;

  constructor(private readonly clock: Clock) {}

  population(): Population {
    return { sql: `SELECT customer_id FROM ${PROFILE_VIEW} WHERE archive = 'in-network'` };
  }

  /** @throws NoRuleSetInEffect, MonthNotLoaded */
  async prepare(tx: Tx, { asOf, parameters }: Run<WaitsForBills>): Promise<{ ruleVersion: string }> {
    if (parameters.onlyWithBillsOf) await requireBillsOf(tx, parameters.onlyWithBillsOf);
    const { everywhere } = await rulesInEffect(tx, { program: POTENTIAL, asOf });
    return { ruleVersion: everywhere.version };
  }

  async slice(tx: Tx, run: Run, slice: Slice): Promise<Counts> {
    const at = this.clock.now();
    const rules = await rulesInEffect(tx, { program: POTENTIAL, asOf: run.asOf });
    return sumOverParts(rules, (part) => findPotential(tx, { run, slice, ...part, today: businessDate(at), at }));
  }

  async finish(tx: Tx, { runId }: Run): Promise<Outcome> {
    const found = await tx.query<{ level: string; customers: number; hash: string }>(
      `SELECT level, count(*) AS customers, sum(hashtextextended(customer_id || inputs::text, 0))::text AS hash
       FROM tiering.potential_customer WHERE run_id = $1 GROUP BY level ORDER BY level`,
      [runId],
    );
    return {
      checksum: createHash('sha256').update(JSON.stringify(found)).digest('hex'),
      summary: { levels: Object.fromEntries(found.map(({ level, customers }) => [level, customers])) },
    };
  }
}
