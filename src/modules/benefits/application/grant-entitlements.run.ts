import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import {
  DefinesRun,
  onceADay,
  type Counts,
  type Outcome,
  type Population,
  type Run,
  type RunDefinition,
  type Slice,
} from '../../../platform/queues/index.js';
import { RegrantEntitlements } from './regrant-entitlements.js';

/**
 * Grants, each night, what is missing: to everybody on the first day of a level year, to those whose month or quota has changed, and to
 * whom no event has reached. A second run changes nothing.
 */
@DefinesRun()
@Injectable()
export class GrantEntitlements implements RunDefinition {
  readonly kind = 'benefits.grant';
  readonly describe = 'Grants everybody what the levels held in the level year entitle to.';
  readonly permission = 'benefits.run';
  readonly schedule = onceADay('30 2 * * *');

  constructor(private readonly regranting: RegrantEntitlements) {}

  population(): Population {
    return { sql: 'SELECT customer_id FROM customers.profile' };
  }

  async slice(tx: Tx, { asOf }: Run, slice: Slice): Promise<Counts> {
    return { changed: await this.regranting.execute(tx, slice, asOf) };
  }

  finish(_: Tx, { asOf }: Run, { changed = 0 }: Counts): Promise<Outcome> {
    const checksum = createHash('sha256').update(`${asOf} ${changed}`).digest('hex');
    return Promise.resolve({ checksum, summary: { changed } });
  }
}
