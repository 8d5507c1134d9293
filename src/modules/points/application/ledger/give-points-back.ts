import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { newId, type Tx } from '../../../../platform/database/index.js';
import { Outbox } from '../../../../platform/events/index.js';
import { PointsMoved } from '../../domain/ledger/events.js';
import { giveBack } from '../../domain/ledger/giving-back.js';
import { movedInto, type AccountCode } from '../../domain/ledger/ledger.js';
import { KeyReused } from '../../domain/ledger/refusals.js';
import { MoreThanCaptured } from '../../domain/holds/refusals-of-holds.js';
import { entryWithId, givenBackOf } from '../../persistence/holds/holds.js';
import { PointsLedger, type Entry } from '../../persistence/ledger/points-ledger.js';
import { spendingRulesOn } from '../../persistence/ledger/spending-rules.js';

export interface GivePointsBack {
  readonly customerId: string;
  /** The entry that took them. */
  readonly journalId: string;
  readonly kind: 'RETURN' | 'PAYMENT_REVERSAL';
  /** Where they went. */
  readonly outOf: Extract<AccountCode, 'POS_CLEARING' | 'REDEEMED_PAYMENT'>;
  /** A part, or all that was taken: then nothing may have been given back before. */
  readonly points: number | 'all';
  readonly idemKey: string;
  readonly requestHash: string;
  readonly channel: string;
  readonly actorId: string;
}

export interface GivenBack {
  readonly entry: Entry;
  /** What was given back: beside what is available now, debts repaid, what was cleared and what is forfeited. */
  readonly points: number;
  /** It was given back before: then nothing was changed now. */
  readonly isRepeated: boolean;
}

/** Gives back what was spent, whole or in parts (撤销、退货): never more than was taken, however many ask at once. */
@Injectable()
export class GivePointsBackUseCase {
  constructor(
    private readonly ledger: PointsLedger,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** In the caller's transaction. @throws KeyReused, MoreThanCaptured */
  async execute(tx: Tx, asked: GivePointsBack): Promise<GivenBack> {
    const { customerId, outOf, idemKey, requestHash, kind, channel, actorId } = asked;
    const now = this.clock.now();
    const day = businessDate(now);
    const { account, posted } = await this.ledger.lock(tx, { customerId, idemKey, day });
    if (posted) {
      if (posted.requestHash !== requestHash) throw new KeyReused();
      return { entry: posted, points: Number(posted.metadata['returned']), isRepeated: true };
    }
    const spent = await entryWithId(tx, customerId, asked.journalId);
    if (!spent) throw new Error('The entry that is given back exists');
    const taken = await this.ledger.postingsOf(tx, spent);
    const captured = movedInto(outOf, taken);
    const returned = await givenBackOf(tx, spent, outOf);
    const points = asked.points === 'all' ? captured : asked.points;
    if (returned + points > captured) throw new MoreThanCaptured({ captured, returned, requested: points });
    const { reinstatementDays } = await spendingRulesOn(tx, day);
    const entry = await this.ledger.append(tx, account, {
      journalId: newId(),
      kind,
      idemKey,
      requestHash,
      postings: giveBack(account, taken, { points, outOf, returned, day, reinstatementDays }),
      occurredAt: now,
      recordedAt: now,
      businessDate: day,
      channel,
      actorId,
      reversesJournalId: asked.journalId,
      metadata: { returned: points },
    });
    const { journalId, points: changed } = entry;
    if (changed !== 0) {
      const moved = { customerId, journalId, points: changed };
      await this.outbox.publish(tx, PointsMoved, moved, { customerId, occurredAt: now });
    }
    return { entry, points, isRepeated: false };
  }
}
