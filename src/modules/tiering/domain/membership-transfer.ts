import type { Refusal } from '../../../platform/errors/index.js';
import {
  LevelByHand,
  NothingToTransfer,
  PartyHasLeft,
  PartyWithoutRealName,
  ReceiverStandsAsHigh,
  TransferClosed,
} from './refusals-of-transfers.js';
import { serviceRank, type Tier } from './tier.js';

/**
 * The transfer of a club membership (身份转移): `asked` until a second person approves, then `cooling-off`, in which it may be withdrawn,
 * then carried out in one transaction. `lapsed`: nobody approved in time. `failed`: on its day something stood in its way.
 */
export const transferStatuses = [
  'asked',
  'cooling-off',
  'completed',
  'withdrawn',
  'rejected',
  'lapsed',
  'failed',
] as const;
export type TransferStatus = (typeof transferStatuses)[number];

/** Days for thinking better of it, from the day of the approval. */
export const COOLING_OFF_DAYS = 7;

/** Business days, `YYYY-MM-DD`. */
export const carriesOutOn = (approvedOn: string): string =>
  new Date(Date.parse(`${approvedOn}T00:00:00Z`) + COOLING_OFF_DAYS * 86_400_000).toISOString().slice(0, 10);

export interface MembershipTransfer {
  readonly transferId: string;
  readonly fromCustomerId: string;
  /** The giver, too, when it goes to another number. */
  readonly toCustomerId: string;
  /** The number of the same customer that it goes to. */
  readonly toSubscriptionId: string | null;
  /** What the giver held when it was asked. */
  readonly tier: Tier;
  readonly status: TransferStatus;
  readonly reason: string;
  readonly askedBy: string;
  readonly askedAt: Date;
  readonly approvalId: string;
  /** Until when it is to be approved. */
  readonly expiresAt: Date;
  readonly approvedBy: string | null;
  readonly approvedAt: Date | null;
  readonly carriesOutOn: string | null;
  readonly closedBy: string | null;
  readonly closedAt: Date | null;
  /** The code of the refusal on its day. */
  readonly failure: string | null;
}

type Standing = Pick<MembershipTransfer, 'status' | 'expiresAt'>;

/** A transfer that nobody approved in time lapses at that moment; no job has to come for that. */
export const transferStatusAt = ({ status, expiresAt }: Standing, now: Date): TransferStatus =>
  status === 'asked' && now >= expiresAt ? 'lapsed' : status;

/** @throws TransferClosed */
export function requireStatus(transfer: Standing, expected: readonly TransferStatus[], now: Date): void {
  const status = transferStatusAt(transfer, now);
  if (!expected.includes(status)) throw new TransferClosed({ status, expected });
}

/** How one of the two stands. */
export interface TransferParty {
  readonly hasLeft: boolean;
  readonly hasRealName: boolean;
  readonly tier: Tier;
  /** Until the next review something else than the rules says, or will say, what the level is. */
  readonly isByHand: boolean;
}

/** What stands in the way of a transfer to another customer; of one to another number of the giver, without a receiver. */
export function obstacleTo(giver: TransferParty, receiver?: TransferParty): Refusal | undefined {
  const parties = [['giver', giver], ...(receiver ? [['receiver', receiver] as const] : [])] as const;
  for (const [role, { hasLeft, hasRealName }] of parties) {
    if (hasLeft) return new PartyHasLeft(role);
    if (!hasRealName) return new PartyWithoutRealName(role);
  }
  if (serviceRank(giver.tier) === 0) return new NothingToTransfer();
  if (!receiver) return undefined;
  for (const [role, { isByHand }] of parties) if (isByHand) return new LevelByHand(role);
  if (serviceRank(receiver.tier) >= serviceRank(giver.tier))
    return new ReceiverStandsAsHigh({ giver: giver.tier, receiver: receiver.tier });
  return undefined;
}
