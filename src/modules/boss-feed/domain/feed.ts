/** What goes out: tier changes, points, churn risks. */
export const FEED_KINDS = ['TIR', 'PTS', 'CHN'] as const;
export type FeedKind = (typeof FEED_KINDS)[number];

/** The target of a feed of the whole operator; the others are codes of provinces. */
export const WHOLE_OPERATOR = 'ALL';

export const feedIdOf = (kind: FeedKind, target: string): string => `${kind}-${target}`;

export const isFeedId = (text: string): boolean => /^[A-Z]{3}-(?:ALL|\d{6})$/.test(text);

/** One unbroken sequence: of one kind, for one province or the whole operator. */
export interface Feed {
  readonly feedId: string;
  readonly kind: FeedKind;
  /** Code of a province, or {@link WHOLE_OPERATOR}. */
  readonly target: string;
  readonly createdAt: Date;
  /** The last number that was given. */
  readonly lastSequence: number;
  readonly lastFileSequence: number;
  /** The last item that is in a file. */
  readonly filedSequence: number;
  /** The last business day that has its file. */
  readonly filedUntil: string | undefined;
}

/** One thing that happened to one customer, as it goes out. */
export interface FeedItem {
  readonly sequence: number;
  /** The same however often it is told. For points it is the id of the ledger's entry. */
  readonly eventId: string;
  readonly occurredAt: Date;
  /** It follows from records of the past that were loaded afterwards: nobody is to be told of it. */
  readonly isBackfill: boolean;
  readonly customerId: string;
  /** By which billing knows the customer; `undefined` when there is none, or the customer was erased. */
  readonly account: { readonly source: string; readonly accountNo: string } | undefined;
  readonly detail: FeedDetail;
}

export type DetailValue = string | number | null;
export type FeedDetail = Readonly<Record<string, DetailValue>>;

/** The attributes of each kind, in the order in which lines hold them. */
export const DETAILS: Readonly<Record<FeedKind, readonly string[]>> = {
  TIR: ['from', 'to', 'effectiveOn', 'decisionId'],
  PTS: ['entryKind', 'points', 'availableAfter', 'accountVersion', 'cycle', 'reversesEventId'],
  CHN: ['risk'],
};

/** Which attribute the trailer of a file sums up. */
const SUMMED: Readonly<Record<FeedKind, string | undefined>> = { TIR: undefined, PTS: 'points', CHN: 'risk' };

export function summed(kind: FeedKind, { detail }: Pick<FeedItem, 'detail'>): number {
  const value = detail[SUMMED[kind] ?? ''];
  return typeof value === 'number' ? value : 0;
}
