import {
  ApprovalClosed,
  ApprovalExpired,
  NotYourRequest,
  OwnRequest,
  PeopleDecide,
  RequestWithoutReason,
} from './refusals-of-approvals.js';

/** A kind of request that somebody else must approve. Made by {@link defineApproval}. */
export interface ApprovalKind<Payload extends object> {
  readonly name: string;
  /** What it is called where people decide. */
  readonly title: { readonly en: string; readonly zh: string };
  /** The permission to ask. The business route that asks declares it, too. */
  readonly ask: string;
  /** The permission to decide, besides `organization.approve`. */
  readonly decide: string;
  readonly validForHours: number;
  /** Only for the compiler: carries the payload's type, never a value. */
  readonly payload?: Payload;
}

export const APPROVAL_STATUSES = ['pending', 'approved', 'rejected', 'withdrawn', 'expired'] as const;
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

export interface Approval {
  readonly approvalId: string;
  readonly kind: string;
  /** What it is about: the id of a customer, of a rule set… */
  readonly subject: string;
  readonly customerId: string | undefined;
  /** Frozen when it was asked: what is approved is what is carried out. */
  readonly payload: object;
  readonly reason: string;
  readonly askedBy: string;
  readonly askedByKind: string;
  readonly askedByRole: string;
  /** Systems and customers have none. */
  readonly askedInUnit: string | undefined;
  readonly askedAt: Date;
  readonly expiresAt: Date;
  readonly status: ApprovalStatus;
  readonly decidedBy: string | undefined;
  readonly comment: string | undefined;
  readonly closedAt: Date | undefined;
  readonly result: object | undefined;
}

type Asked = Pick<Approval, 'status' | 'askedBy' | 'expiresAt'>;
type Person = { readonly kind: 'staff' | 'system' | 'customer'; readonly id: string };

/** A request that nobody decided in time lapses at the very moment that it names; no job has to come for that. */
export const statusAt = ({ status, expiresAt }: Pick<Approval, 'status' | 'expiresAt'>, now: Date): ApprovalStatus =>
  status === 'pending' && now >= expiresAt ? 'expired' : status;

/**
 * Whether this person may approve or reject the request now.
 * @throws OwnRequest, PeopleDecide, ApprovalExpired, ApprovalClosed
 */
export function requireDecidable(asked: Asked, by: Person, now: Date): void {
  if (by.kind !== 'staff') throw new PeopleDecide();
  if (by.id === asked.askedBy) throw new OwnRequest();
  requirePending(asked, now);
}

/** Only its author takes a request back. @throws NotYourRequest, ApprovalExpired, ApprovalClosed */
export function requireWithdrawable(asked: Asked, by: Person, now: Date): void {
  if (by.id !== asked.askedBy) throw new NotYourRequest();
  requirePending(asked, now);
}

function requirePending(asked: Asked, now: Date): void {
  const status = statusAt(asked, now);
  if (status === 'expired') throw new ApprovalExpired(asked.expiresAt);
  if (status !== 'pending') throw new ApprovalClosed(status);
}

/** @throws RequestWithoutReason: whoever decides must know why. */
export function requireReason(reason: string): string {
  const words = reason.trim();
  if (words === '') throw new RequestWithoutReason();
  return words;
}
