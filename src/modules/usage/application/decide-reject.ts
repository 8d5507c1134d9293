import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { maskFreeText } from '../../../platform/privacy/index.js';
import { RejectNotOpen } from '../domain/refusals.js';
import type { RejectState } from '../domain/reject.js';
import { decideReject, type RejectsSeen } from '../persistence/reject-rows.js';
import { FindRejects } from './find-rejects.query.js';

/** Somebody decides that a refused record will not come in any more, or thinks better of it. */
@Injectable()
export class DecideReject {
  constructor(
    private readonly transaction: Transaction,
    private readonly find: FindRejects,
    private readonly clock: Clock,
  ) {}

  /** @throws ResourceNotFound, RejectNotOpen */
  async execute(
    rejectId: string,
    to: 'OPEN' | 'DISMISSED',
    reason: string,
    { actor, seen }: { readonly actor: Actor; readonly seen: RejectsSeen },
  ): Promise<void> {
    const { state } = await this.find.byId(rejectId, seen);
    if (state === to) return;
    const from: RejectState = to === 'OPEN' ? 'DISMISSED' : 'OPEN';
    if (state !== from) throw new RejectNotOpen(state);
    await this.transaction.run(async (tx) => {
      const decision = { from, to, by: actor.id, at: this.clock.now(), reason: maskFreeText(reason) };
      if (!(await decideReject(tx, rejectId, decision))) throw new RejectNotOpen('changed meanwhile');
      tx.audit({
        action: to === 'OPEN' ? 'usage.reopen-reject' : 'usage.dismiss-reject',
        objectType: 'Reject',
        objectId: rejectId,
        before: { state: from },
        after: { state: to },
        reason,
      });
    });
  }
}
