import { createHash } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { Outbox } from '../../../platform/events/index.js';
import { retentionRules, type RetentionRule } from '../../../platform/privacy/index.js';
import {
  DefinesRun,
  RunParametersRefused,
  type Counts,
  type Outcome,
  type Population,
  type Run,
  type RunDefinition,
  type Slice,
} from '../../../platform/queues/index.js';
import { DUE_FOR_ERASURE, dueForErasure, erase, IDENTITY_CLASS } from '../persistence/erasure-rows.js';
import { retentionEnds } from '../persistence/retention-classes.js';
import { announceErased } from './erase-customer.js';

interface Rehearsal {
  /** Counts what would be ended, and changes nothing. */
  readonly dryRun: boolean;
}

/**
 * Ends what was kept long enough (保存期限届满; PIPL art. 19 and 47): identities slice by slice, then every other class in one
 * transaction. A rehearsal counts by the same conditions.
 */
@DefinesRun()
@Injectable()
export class EndRetention implements RunDefinition<Rehearsal>, OnModuleInit {
  readonly kind = 'privacy.retention';
  readonly describe = 'Erases or deletes what has been kept as long as the law or the purpose wants it.';
  readonly permission = 'privacy.run';
  readonly sliceSize: number = 5_000;
  readonly schedule = {
    timetable: { cron: '40 3 * * *' },
    due: (now: Date) => ({ key: businessDate(now), asOf: businessDate(now), parameters: { dryRun: false } }),
  };
  private rules: ReadonlyMap<string, RetentionRule> = new Map();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.rules = retentionRules(this.discovery);
  }

  parametersFrom({ dryRun = false, ...others }: Readonly<Record<string, unknown>>): Rehearsal {
    if (typeof dryRun !== 'boolean' || Object.keys(others).length > 0)
      throw new RunParametersRefused('dryRun: true or false');
    return { dryRun };
  }

  population({ asOf }: Run): Population {
    return { sql: DUE_FOR_ERASURE, params: [asOf] };
  }

  async slice(tx: Tx, { asOf, parameters }: Run<Rehearsal>, slice: Slice): Promise<Counts> {
    const due = await dueForErasure(tx, asOf, slice);
    if (parameters.dryRun) return { [IDENTITY_CLASS]: due.length };
    const now = this.clock.now();
    const erased = await erase(tx, due, asOf, now);
    await announceErased(this.outbox, tx, erased, now);
    return { [IDENTITY_CLASS]: erased.length };
  }

  async finish(tx: Tx, { asOf, parameters }: Run<Rehearsal>, totals: Counts): Promise<Outcome> {
    const summary: Record<string, number> = { [IDENTITY_CLASS]: totals[IDENTITY_CLASS] ?? 0 };
    for (const { code, action, before } of await retentionEnds(tx, asOf)) {
      const rule = this.rules.get(code);
      if (!rule) continue;
      const ends = action === 'DELETE' && !parameters.dryRun && rule.end !== undefined;
      summary[code] = ends && rule.end ? await rule.end(tx, before) : await rule.count(tx, before);
    }
    return { checksum: createHash('sha256').update(JSON.stringify(summary)).digest('hex'), summary };
  }
}
