import { DETAILS, summed, WHOLE_OPERATOR, type Feed, type FeedItem, type FeedKind } from './feed.js';

/** Us, where names of files say who made them. */
export const OUR_SOURCE = 'GUIBIN';
const FORMAT_VERSION = '01';
const WHOLE_COUNTRY = '000000';

export const FILE_STATES = ['preparing', 'published', 'withdrawn'] as const;
export type FileState = (typeof FILE_STATES)[number];

/** The items of one business day and feed: an unbroken range of numbers, which may be empty. */
export interface FileCut {
  readonly feedId: string;
  readonly kind: FeedKind;
  readonly target: string;
  readonly businessDate: string;
  /** Number of the file, unbroken within the feed. */
  readonly sequence: number;
  /** Another one when what was published names somebody who was erased since. */
  readonly version: number;
  /** The first item is the one after this. */
  readonly afterSequence: number;
  readonly toSequence: number;
  readonly createdAt: Date;
}

export const recordsIn = ({ afterSequence, toSequence }: Pick<FileCut, 'afterSequence' | 'toSequence'>): number =>
  toSequence - afterSequence;

/** As billing writes it: the whole country is a province of its own. */
const provinceOf = (target: string): string => (target === WHOLE_OPERATOR ? WHOLE_COUNTRY : target);

/** `PTS_GUIBIN_000000_20260201_000001_01.csv.gz`: named as billing names what it sends us. */
export function fileName({ kind, target, businessDate, sequence, version }: Omit<FileCut, 'createdAt'>): string {
  const digits = (value: number, length: number): string => String(value).padStart(length, '0');
  const day = businessDate.replaceAll('-', '');
  return `${kind}_${OUR_SOURCE}_${provinceOf(target)}_${day}_${digits(sequence, 6)}_${digits(version, 2)}.csv.gz`;
}

/** `H|formatVersion|source|prov|bizDate|seq|createdAt|recordCount` */
export function headerLine(cut: FileCut): string {
  const { target, businessDate, sequence, createdAt } = cut;
  const fields = [
    provinceOf(target),
    businessDate.replaceAll('-', ''),
    sequence,
    inShanghai(createdAt),
    recordsIn(cut),
  ];
  return `${['H', FORMAT_VERSION, OUR_SOURCE, ...fields].join('|')}\n`;
}

/**
 * `D|sequence|eventId|occurredAt|accountSource|accountNo|customerId|backfill|…`, then what the kind has. The customer is named by
 * the account; where there is none, by our own id.
 */
export function itemLine(kind: FeedKind, item: FeedItem): string {
  const { sequence, eventId, occurredAt, account, customerId, isBackfill, detail } = item;
  const who = account ? [account.source, account.accountNo, ''] : ['', '', customerId];
  const head = ['D', sequence, eventId, inShanghai(occurredAt), ...who, isBackfill ? 1 : 0];
  return `${[...head, ...DETAILS[kind].map((attribute) => detail[attribute] ?? '')].join('|')}\n`;
}

/** What the lines of a file come to. */
export interface FileTotals {
  readonly records: number;
  readonly sum: number;
  readonly firstOccurredAt: Date | undefined;
  readonly lastOccurredAt: Date | undefined;
}

export const NO_TOTALS: FileTotals = { records: 0, sum: 0, firstOccurredAt: undefined, lastOccurredAt: undefined };

export function addTo(totals: FileTotals, kind: FeedKind, items: readonly FeedItem[]): FileTotals {
  return items.reduce(
    (sofar, item) => ({
      records: sofar.records + 1,
      sum: sofar.sum + summed(kind, item),
      firstOccurredAt: earlier(sofar.firstOccurredAt, item.occurredAt),
      lastOccurredAt: later(sofar.lastOccurredAt, item.occurredAt),
    }),
    totals,
  );
}

/** `T|recordCount|sum|firstSequence|lastSequence|firstOccurredAt|lastOccurredAt|sha256(body)` */
export function trailerLine(cut: FileCut, totals: FileTotals, bodySha256: string): string {
  const { records, sum, firstOccurredAt, lastOccurredAt } = totals;
  const range = records > 0 ? [cut.afterSequence + 1, cut.toSequence] : ['', ''];
  const times = [firstOccurredAt, lastOccurredAt].map((at) => (at ? inShanghai(at) : ''));
  return `${['T', records, sum, ...range, ...times, bodySha256].join('|')}\n`;
}

/** What the receiver says it has got. */
export interface Received {
  readonly recordCount: number;
  readonly sum: number;
  readonly sha256: string;
}

/** What the receiver has otherwise than we sent it: by attribute, ours and theirs. Nothing: both sides agree. */
export function differencesOf(
  sent: Received,
  received: Received,
): Readonly<Record<string, { readonly sent: string | number; readonly received: string | number }>> {
  const attributes = ['recordCount', 'sum', 'sha256'] as const;
  return Object.fromEntries(
    attributes
      .filter((attribute) => sent[attribute] !== received[attribute])
      .map((attribute) => [attribute, { sent: sent[attribute], received: received[attribute] }]),
  );
}

/** The business days that are over and have no file yet, from the one on which the feed began. */
export function daysToFile(
  { createdAt, filedUntil }: Pick<Feed, 'createdAt' | 'filedUntil'>,
  today: string,
): readonly string[] {
  const days: string[] = [];
  const first = filedUntil === undefined ? inShanghai(createdAt).slice(0, 10) : dayAfter(filedUntil, 1);
  for (let day = first; day < today; day = dayAfter(day, 1)) days.push(day);
  return days;
}

export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

const SHANGHAI_OFFSET_MS = 8 * 3_600_000;

/** `2026-02-01T09:00:00.000+08:00` */
const inShanghai = (instant: Date): string =>
  new Date(instant.getTime() + SHANGHAI_OFFSET_MS).toISOString().replace('Z', '+08:00');

const earlier = (a: Date | undefined, b: Date): Date => (a && a <= b ? a : b);
const later = (a: Date | undefined, b: Date): Date => (a && a >= b ? a : b);
