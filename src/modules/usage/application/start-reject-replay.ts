import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { isId, newId } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { maskFreeText } from '../../../platform/privacy/index.js';
import { Runs, type Run } from '../../../platform/queues/index.js';
import { requireFixes, type Fix } from '../domain/mending.js';
import { InvalidFix } from '../domain/refusals.js';
import type { RejectFilter, RejectsSeen } from '../persistence/reject-rows.js';
import type { Replay } from './replay-rejects.run.js';

export interface ReplayRequest {
  readonly filter: RejectFilter;
  readonly fixes: readonly Fix[];
  readonly reason: string;
}

/** Has refused records sent again: all that are open now and that the filter names. */
@Injectable()
export class StartRejectReplay {
  constructor(
    private readonly runs: Runs,
    private readonly clock: Clock,
  ) {}

  /** @throws InvalidFix */
  async execute({ filter, fixes, reason }: ReplayRequest, actor: Actor, seen: RejectsSeen): Promise<Run<Replay>> {
    if (fixes.length > 0) {
      if (filter.kind === undefined) throw new InvalidFix('filter.kind', 'the kind of record whose fields are mended');
      requireFixes(fixes, filter.kind);
    }
    const now = this.clock.now();
    const parameters: Replay = {
      filter: { ...filter, ids: filter.ids?.filter(isId) },
      fixes,
      reason: maskFreeText(reason),
      by: actor.id,
      seenBefore: now.toISOString(),
      seen,
    };
    const { run } = await this.runs.start({
      kind: 'usage.reject-replay',
      key: newId(),
      asOf: businessDate(now),
      parameters,
    });
    return run as Run<Replay>;
  }
}
