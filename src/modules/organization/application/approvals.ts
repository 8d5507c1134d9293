import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { isId, newId, Transaction, type Tx } from '../../../platform/database/index.js';
import { PermissionMissing } from '../../../platform/http/index.js';
import { isAllowed, type Actor } from '../../../platform/identity/index.js';
import { canonicalJson, maskFreeText, PersonalData } from '../../../platform/privacy/index.js';
import {
  requireDecidable,
  requireReason,
  requireWithdrawable,
  type Approval,
  type ApprovalKind,
} from '../domain/approval.js';
import { ApprovalAltered, ApprovalNotFound } from '../domain/refusals-of-approvals.js';
import { closeApproval, insertApproval, lockApproval, type StoredApproval } from '../persistence/approval-rows.js';
import { ApprovalHandlers } from './approval-kinds.js';

const HOUR_MS = 3_600_000;

export interface Request<Payload extends object> {
  /** What it is about, for the people who decide: an id. */
  readonly subject: string;
  /** When it is about a customer: only those who may see him decide. */
  readonly customerId?: string;
  readonly payload: Payload;
  readonly reason: string;
}

/**
 * Four eyes (复核): one person asks, another one decides, and what was approved happens in the same transaction as the approval.
 * Nobody decides his own request, however many sign-ins he has; two people who decide at once take turns, and the second is told
 * that it is decided.
 */
@Injectable()
export class Approvals {
  constructor(
    private readonly transaction: Transaction,
    private readonly handlers: ApprovalHandlers,
    private readonly personalData: PersonalData,
    private readonly clock: Clock,
  ) {}

  /** Puts a request before those who decide. Its payload is frozen. @throws RequestWithoutReason, PermissionMissing */
  async ask<Payload extends object>(
    tx: Tx,
    kind: ApprovalKind<Payload>,
    { subject, customerId, payload, reason }: Request<Payload>,
    actor: Actor,
  ): Promise<Approval> {
    if (!isAllowed(actor, kind.ask)) throw new PermissionMissing(kind.ask);
    const now = this.clock.now();
    const approval: Omit<StoredApproval, 'payloadDigest'> = {
      approvalId: newId(),
      kind: kind.name,
      subject,
      customerId,
      payload,
      reason: maskFreeText(requireReason(reason)),
      askedBy: actor.id,
      askedByKind: actor.kind,
      askedByRole: actor.role,
      askedInUnit: actor.unitId,
      askedAt: now,
      expiresAt: new Date(now.getTime() + kind.validForHours * HOUR_MS),
      status: 'pending',
      decidedBy: undefined,
      comment: undefined,
      closedAt: undefined,
      result: undefined,
    };
    await insertApproval(tx, { ...approval, payloadDigest: this.digestOf(approval) });
    tx.audit({ action: 'approval.ask', ...aboutApproval(approval), after: shownToAudit(approval), reason });
    return approval;
  }

  /** @throws ApprovalNotFound, PermissionMissing, OwnRequest, PeopleDecide, ApprovalClosed, ApprovalExpired, ApprovalAltered */
  approve(approvalId: string, actor: Actor, comment?: string): Promise<Approval> {
    return this.close(approvalId, async (tx, asked, now) => {
      const { kind, handler } = this.handlers.of(asked.kind);
      if (!isAllowed(actor, kind.decide)) throw new PermissionMissing(kind.decide);
      requireDecidable(asked, actor, now);
      if (!this.digestOf(asked).equals(asked.payloadDigest)) throw new ApprovalAltered();
      const approved = closedNow(asked, { status: 'approved', decidedBy: actor.id, comment }, now);
      const result = await handler.carryOut(within(tx, approvalId), { ...approved, approver: actor });
      return { ...approved, result };
    });
  }

  /** @throws as approve */
  reject(approvalId: string, actor: Actor, comment: string): Promise<Approval> {
    return this.close(approvalId, async (tx, asked, now) => {
      const { kind, handler } = this.handlers.of(asked.kind);
      if (!isAllowed(actor, kind.decide)) throw new PermissionMissing(kind.decide);
      requireDecidable(asked, actor, now);
      const rejected = closedNow(
        asked,
        { status: 'rejected', decidedBy: actor.id, comment: requireReason(comment) },
        now,
      );
      await handler.close?.(within(tx, approvalId), rejected);
      return rejected;
    });
  }

  /** Its author thinks better of it. @throws ApprovalNotFound, NotYourRequest, ApprovalClosed, ApprovalExpired */
  withdraw(approvalId: string, actor: Actor): Promise<Approval> {
    return this.close(approvalId, async (tx, asked, now) => {
      requireWithdrawable(asked, actor, now);
      const withdrawn = closedNow(asked, { status: 'withdrawn', decidedBy: undefined, comment: undefined }, now);
      await this.handlers.of(asked.kind).handler.close?.(within(tx, approvalId), withdrawn);
      return withdrawn;
    });
  }

  private close(
    approvalId: string,
    decide: (tx: Tx, asked: StoredApproval, now: Date) => Promise<Approval>,
  ): Promise<Approval> {
    return this.transaction.run(async (tx) => {
      const asked = isId(approvalId) ? await lockApproval(tx, approvalId) : undefined;
      if (!asked) throw new ApprovalNotFound();
      // Read after the lock: whoever waited for it may have waited beyond the end.
      const closed = await decide(tx, asked, this.clock.now());
      await closeApproval(tx, closed);
      tx.audit({
        action: `approval.${VERB[closed.status]}`,
        ...aboutApproval(closed),
        before: shownToAudit(asked),
        after: shownToAudit(closed),
        reason: closed.comment,
      });
      return closed;
    });
  }

  /** Keyed, so that whoever can write the row still cannot make another request look like the one that was asked for. */
  private digestOf({ approvalId, kind, subject, customerId, payload }: Omit<StoredApproval, 'payloadDigest'>): Buffer {
    return this.personalData.blindIndex('approval', canonicalJson({ approvalId, kind, subject, customerId, payload }));
  }
}

const VERB = {
  approved: 'approve',
  rejected: 'reject',
  withdrawn: 'withdraw',
  pending: 'ask',
  expired: 'expire',
} as const;

const closedNow = <A extends Approval>(
  asked: A,
  { status, decidedBy, comment }: Pick<Approval, 'status' | 'decidedBy' | 'comment'>,
  closedAt: Date,
): A => ({ ...asked, status, decidedBy, comment: comment && maskFreeText(comment), closedAt });

/** What is written on approval says on whose. */
const within = (tx: Tx, approvalId: string): Tx => ({
  ...tx,
  audit: (change) => tx.audit({ approvalId, ...change }),
});

const aboutApproval = ({ approvalId, customerId }: Approval) => ({
  objectType: 'Approval',
  objectId: approvalId,
  customerId,
  approvalId,
});

const shownToAudit = ({ kind, subject, payload, status, decidedBy }: Approval): object => ({
  kind,
  subject,
  payload,
  status,
  decidedBy,
});
