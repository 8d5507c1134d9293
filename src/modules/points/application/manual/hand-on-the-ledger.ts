import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { newId, type Tx } from '../../../../platform/database/index.js';
import { Outbox } from '../../../../platform/events/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import type { Approved } from '../../../organization/index.js';
import { takeByHand } from '../../domain/manual/adjustment.js';
import { PointsMoved } from '../../domain/ledger/events.js';
import { OPERATOR_FUNDS } from '../../domain/ledger/ledger.js';
import { KeyReused } from '../../domain/ledger/refusals.js';
import { UnknownReason } from '../../domain/manual/refusals-of-gifts.js';
import { requestHash } from '../../domain/ledger/request-hash.js';
import { lockAccountOf } from '../../persistence/campaigns/campaigns.js';
import {
  type ByHand,
  insertManualEntry,
  type ManualEntry,
  manualEntryOf,
  reasonsFor,
} from '../../persistence/manual/manual-entries.js';
import { PointsLedger } from '../../persistence/ledger/points-ledger.js';
import { SingleOperations } from '../../persistence/ledger/single-operations.js';

/** As JSON keeps it, when a second person must see it. */
export interface Posting {
  readonly customerId: string;
  readonly kind: ByHand;
  /** Negative to take. */
  readonly points: number;
  readonly reasonCode: string;
  readonly costCentre: string;
}

/** What a second person is asked about. */
export interface AskedPosting extends Posting {
  /** Of the request, in the ledger; what was asked before this was kept has none. */
  readonly idemKey?: string;
}

interface Signed {
  readonly idemKey: string;
  readonly askedBy: string;
  readonly approval?: ManualEntry['approval'];
}

/** Posts what one or two people have decided, and keeps who, why and for which cost centre. */
@Injectable()
export class HandOnTheLedger {
  constructor(
    private readonly single: SingleOperations,
    private readonly ledger: PointsLedger,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** @throws UnknownReason */
  async reasonOf(tx: Tx, { kind, reasonCode }: Posting): Promise<string> {
    const reasons = await reasonsFor(tx, kind);
    const reason = reasons.get(reasonCode);
    if (reason === undefined) throw new UnknownReason(reasonCode, [...reasons.keys()]);
    return reason;
  }

  /** @throws KeyReused */
  async posted(tx: Tx, asked: Posting, idemKey: string): Promise<ManualEntry | undefined> {
    const known = await this.single.posted(tx, { customerId: asked.customerId, idemKey });
    if (!known) return undefined;
    if (known.requestHash !== hashOf(asked)) throw new KeyReused();
    return manualEntryOf(tx, asked.customerId, known.journalId);
  }

  /** The account must be locked. @throws AccountClosed, RealNameNeeded, InsufficientPoints */
  async post(tx: Tx, asked: Posting, { idemKey, askedBy, approval }: Signed): Promise<ManualEntry> {
    const { customerId, kind, points, reasonCode, costCentre } = asked;
    const now = this.clock.now();
    const journalId = newId();
    const signed = {
      journalId,
      kind,
      idemKey,
      requestHash: hashOf(asked),
      occurredAt: now,
      recordedAt: now,
      businessDate: businessDate(now),
      actorId: askedBy,
      metadata: { reasonCode, costCentre, ...(approval && { approvalId: approval.approvalId }) },
    };
    if (points > 0) {
      await this.single.earn(tx, {
        ...signed,
        customerId,
        event: PointsMoved.name,
        points,
        from: kind === 'GIFT' ? 'ISSUED' : 'ADJUSTED',
        lot: { pointsType: kind, funderId: OPERATOR_FUNDS },
      });
    } else {
      const day = signed.businessDate;
      const { account } = await this.ledger.lock(tx, { customerId, idemKey, day });
      await this.ledger.append(tx, account, { ...signed, postings: takeByHand(account, -points, day) });
      const payload = { customerId, journalId, points: -points };
      await this.outbox.publish(tx, PointsMoved, payload, { customerId, occurredAt: now });
    }
    const entry = { ...asked, journalId, askedBy, approval, businessDate: signed.businessDate, postedAt: now };
    await insertManualEntry(tx, entry);
    tx.audit({
      action: kind === 'GIFT' ? 'points.give' : 'points.adjust',
      objectType: 'ManualEntry',
      objectId: journalId,
      customerId,
      after: { points, reasonCode, costCentre },
    });
    return entry;
  }

  /**
   * What held when it was asked may have passed: it is looked at again, under the lock of the account. A request that was asked about
   * twice is posted once.
   */
  async carryOut(tx: Tx, { approvalId, payload, askedBy, approver }: Approved<AskedPosting>): Promise<object> {
    const { idemKey = `hand:approval:${approvalId}`, ...asked } = payload;
    if (!(await lockAccountOf(tx, asked.customerId))) throw new CustomerNotFound();
    const approval = { approvalId, approvedBy: approver.id };
    const { journalId } =
      (await this.posted(tx, asked, idemKey)) ?? (await this.post(tx, asked, { idemKey, askedBy, approval }));
    return { manualEntry: journalId };
  }
}

const hashOf = ({ kind, points, reasonCode, costCentre }: Posting): string =>
  requestHash(kind, points, reasonCode, costCentre);
