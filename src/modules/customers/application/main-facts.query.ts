import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import type { Collected } from '../domain/main-facts.js';
import { CustomerNotFound } from '../domain/refusals.js';
import { factSourcesOf } from '../persistence/fact-sources.js';
import { ReadCustomers, type OpenCustomer } from './read-customers.query.js';

export interface FactCount {
  readonly fact: string;
  readonly source: string;
  readonly customers: number;
}

@Injectable()
export class FindMainFacts {
  constructor(
    private readonly database: Database,
    private readonly read: ReadCustomers,
  ) {}

  /** A customer, and how those facts came that did not come from billing. @throws CustomerNotFound */
  async of(customerId: string): Promise<{ customer: OpenCustomer; sources: ReadonlyMap<string, Collected> }> {
    const customer = await this.read.one(customerId);
    if (!customer) throw new CustomerNotFound();
    return { customer, sources: await factSourcesOf(this.database, customerId) };
  }

  /** How many customers have each fact, by how it came (CUS-09). */
  counts(): Promise<readonly FactCount[]> {
    return this.database.query<FactCount>(
      `SELECT fact, source, count(*) AS customers FROM customers.fact_source GROUP BY fact, source ORDER BY fact, source`,
    );
  }
}
