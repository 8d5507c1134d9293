import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
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
import { CustomersFacade } from '../../customers/index.js';
import { CUSTOMERS_WITH_PLAIN_WORDS, plainTickets, sealPlainWords } from '../persistence/plain-words.js';

/**
 * Seals what an earlier release kept of tickets as it was written. Started by the migration that brought the sealed columns;
 * started again (another key) it finds nothing to do.
 */
@DefinesRun()
@Injectable()
export class SealTicketWords implements RunDefinition {
  readonly kind = 'tickets.seal-words';
  readonly describe = 'Seals the words of tickets of an earlier release under the keys of their customers.';
  readonly permission = 'privacy.run';
  readonly sliceSize: number = 2_000;

  constructor(
    private readonly customers: CustomersFacade,
    private readonly clock: Clock,
  ) {}

  population(): Population {
    return { sql: CUSTOMERS_WITH_PLAIN_WORDS };
  }

  async slice(tx: Tx, _run: Run, slice: Slice): Promise<Counts> {
    const plain = await plainTickets(tx, slice);
    const customers = plain.map((row) => row.customer_id);
    await sealPlainWords(tx, plain, await this.customers.sealsToWrite(tx, customers, this.clock.now()));
    return { tickets: plain.length };
  }

  finish(_tx: Tx, _run: Run, totals: Counts): Promise<Outcome> {
    return Promise.resolve({ checksum: JSON.stringify(totals) });
  }
}
