import type { EarnRules } from '../earning/earn-rule-set.js';
import { type LedgerAccount, type Posting, repayDebt } from '../ledger/ledger.js';
import { redeem } from '../ledger/redemption.js';

export const RELATIONS = ['SAME_IDENTITY', 'FAMILY'] as const;
export type Relation = (typeof RELATIONS)[number];

/** The operators' published rules of transfer: payees of a customer, and how long a new or changed one waits. */
export const MAX_PAYEES = 8;
const WAITS_MS = 30 * 24 * 3_600_000;

/** Points that one customer may give and receive in a calendar month (the same source). */
export const PER_MONTH = 20_000;

/** A transfer of more than this is looked at by a second person. Our default: half a month's. */
export const REVIEWED_ABOVE = 10_000;

/** To whom a customer may give points (受让人). */
export interface Payee {
  readonly customerId: string;
  readonly registrationId: string;
  readonly payeeId: string;
  readonly relation: Relation;
  readonly registeredBy: string;
  readonly registeredAt: Date;
  readonly activeFrom: Date;
}

export type TransferStatus = 'HELD' | 'DONE' | 'REFUSED' | 'WITHDRAWN' | 'LAPSED';

/** Points that go from one customer to another (积分转让). */
export interface Transfer {
  readonly transferId: string;
  /** The payer. */
  readonly customerId: string;
  readonly payeeId: string;
  readonly points: number;
  readonly status: TransferStatus;
  readonly idemKey: string;
  readonly requestHash: string;
  readonly channel: string;
  readonly askedBy: string;
  readonly askedAt: Date;
  /** Of what is looked at first: what holds the points, who decides, and until when. */
  readonly holdId: string | null;
  readonly approvalId: string | null;
  readonly reviewUntil: Date | null;
  readonly businessDate: string | null;
  readonly outJournalId: string | null;
  readonly inJournalId: string | null;
  readonly endedAt: Date | null;
}

export const payeeActiveFrom = (registeredAt: Date): Date => new Date(registeredAt.getTime() + WAITS_MS);

export interface Giving {
  readonly points: number;
  /** Business day. */
  readonly day: string;
  readonly isSuspended: boolean;
  readonly hasRealName: boolean;
}

/**
 * What leaves the payer: whoever may redeem may give. Promotion points go first, then what expires first.
 * @throws what `redeem` throws
 */
export function give(account: LedgerAccount, rules: Pick<EarnRules, 'joinAbove'>, giving: Giving): readonly Posting[] {
  const isPromotion = ({ pointsType }: { readonly pointsType: string }) => pointsType === 'PROMOTION';
  const buckets = [...account.buckets.filter(isPromotion), ...account.buckets.filter((bucket) => !isPromotion(bucket))];
  const taken = redeem({ ...account, buckets }, rules, { ...giving, purpose: 'GOODS' });
  return taken.map((posting) => ({ ...posting, credit: 'IN_TRANSIT' }));
}

/** What reaches the payee: into lots of the same class, last day and funder. A debt is repaid first. */
export function receive(account: LedgerAccount, given: readonly Posting[]): readonly Posting[] {
  const received = given.map((posting): Posting => ({ ...posting, debit: 'IN_TRANSIT', credit: 'CUST_AVAILABLE' }));
  return [...received, ...repayDebt(account.debt, received)];
}
