import type { Archive, CustomerStatus } from './profile.js';
import { IllegalArchiveMove } from './refusals.js';
import type { SimKind } from './subscription-snapshot.js';

export type SubscriptionStatus = 'active' | 'suspended-one-way' | 'suspended-two-way' | 'terminated';

/** A number of a customer, without the number. */
export interface Subscription {
  readonly subscriptionId: string;
  readonly partyId: string;
  readonly status: SubscriptionStatus;
  /** Business day since which `status` holds, `YYYY-MM-DD`. */
  readonly statusOn: string;
  readonly activatedOn: string;
  readonly brand: string;
  readonly region: string;
  readonly branchCode: string | undefined;
  readonly tariffCode: string | undefined;
  readonly packageFeeFen: number;
  readonly simKind: SimKind;
  readonly contractEndsOn: string | undefined;
  readonly realName: boolean;
  readonly creditGrade: string | undefined;
  /** Blind index of the number as hex: tells apart what is otherwise equal, the same in every database. */
  readonly numberIndex: string;
}

/** What a customer's subscriptions make of it. */
export interface ArchiveState {
  readonly archive: Archive;
  readonly status: CustomerStatus;
  readonly openedOn: string;
  readonly closedOn: string | undefined;
  readonly main: Subscription;
}

const isLive = ({ status }: Subscription): boolean => status !== 'terminated';

/**
 * The main subscription: a live one before an ended one, a main SIM before others, then the one activated first.
 */
export function mainOf(subscriptions: readonly [Subscription, ...Subscription[]]): Subscription {
  return subscriptions.reduce((best, other) => (precedes(other, best) ? other : best));
}

function precedes(a: Subscription, b: Subscription): boolean {
  if (isLive(a) !== isLive(b)) return isLive(a);
  if ((a.simKind === 'MAIN') !== (b.simKind === 'MAIN')) return a.simKind === 'MAIN';
  if (a.activatedOn !== b.activatedOn) return a.activatedOn < b.activatedOn;
  return a.numberIndex < b.numberIndex;
}

/**
 * The archive (CUS-01, CUS-02) that follows from all subscriptions a customer has and had: in-network (在网档案库) while a number lives,
 * retained (保留档案库) from the day the last one ended. It does not depend on the order in which they became known.
 */
export function archiveStateOf(subscriptions: readonly [Subscription, ...Subscription[]]): ArchiveState {
  const main = mainOf(subscriptions);
  const openedOn = subscriptions.map(({ activatedOn }) => activatedOn).reduce((a, b) => (a < b ? a : b));
  if (isLive(main)) {
    const status = subscriptions.some(({ status }) => status === 'active') ? 'active' : 'suspended';
    return { archive: 'in-network', status, openedOn, closedOn: undefined, main };
  }
  const closedOn = subscriptions.map(({ statusOn }) => statusOn).reduce((a, b) => (a > b ? a : b));
  return { archive: 'retained', status: 'terminated', openedOn, closedOn, main };
}

export type ArchiveMove = 'departure' | 'return';

/**
 * The move (CUS-03) between two states of one customer's archive; `undefined` when it stays where it is.
 * @throws IllegalArchiveMove when a customer that never had a number would be retained.
 */
export function archiveMove(
  from: { readonly archive: Archive; readonly status: CustomerStatus },
  to: { readonly archive: Archive },
): ArchiveMove | undefined {
  if (from.archive === to.archive) return undefined;
  if (from.archive === 'retained') return 'return';
  if (from.status === 'initialized') throw new IllegalArchiveMove('initialized', to.archive);
  return 'departure';
}
