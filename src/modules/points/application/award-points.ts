import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { newId, type Tx } from '../../../platform/database/index.js';
import { Outbox } from '../../../platform/events/index.js';
import { CustomerNotFound, CustomersFacade } from '../../customers/index.js';
import { award } from '../domain/award.js';
import { PointsEarned } from '../domain/events.js';
import { lastDayOf } from '../domain/expiry-policy.js';
import type { PointsType } from '../domain/ledger.js';

import { KeyReused } from '../domain/refusals.js';
import { type Entry, PointsLedger } from '../persistence/points-ledger.js';

export interface AwardPoints {
  readonly customerId: string;
  readonly points: number;
  readonly pointsType: PointsType;
  /** Who pays for them. */
  readonly funderId: string;
  /** What makes it the same award: a campaign's or a gift's own reference, unique per customer. */
  readonly reference: string;
  readonly actorId: string;
}

/** Gives points to one customer at once (赠送积分), outside the bill runs. */
@Injectable()
export class AwardPointsUseCase {
  constructor(
    private readonly ledger: PointsLedger,
    private readonly customers: CustomersFacade,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** @throws CustomerNotFound, KeyReused, InvalidPointsAmount, AccountClosed, RealNameNeeded */
  async execute(tx: Tx, { customerId, points, pointsType, funderId, reference, actorId }: AwardPoints): Promise<Entry> {
    const now = this.clock.now();
    const day = businessDate(now);
    const journalId = newId();
    const idemKey = `award:${reference}`;
    const requestHash = `${points}:${pointsType}:${funderId}`;
    const { account, posted, rules, hasRealName } = await this.ledger.lock(tx, {
      customerId,
      idemKey,
      day,
      opens: true,
    });
    if (posted && posted.requestHash !== requestHash) throw new KeyReused();
    if (posted) return posted;
    if (account.version === 0 && !(await this.customers.exists(customerId, tx))) throw new CustomerNotFound();
    const expiresOn = lastDayOf(rules.expiry, day);
    const entry = await this.ledger.append(tx, account, {
      journalId,
      kind: 'AWARD',
      idemKey,
      requestHash,
      postings: award(account, { points, hasRealName, lot: { expiresOn, pointsType, funderId } }),
      occurredAt: now,
      recordedAt: now,
      businessDate: day,
      actorId,
    });
    await this.outbox.publish(tx, PointsEarned, { customerId, journalId, points }, { customerId, occurredAt: now });
    return entry;
  }
}
