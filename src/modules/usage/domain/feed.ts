import type { Kind } from './codes.js';

export const ENCODINGS = ['UTF-8', 'GBK'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** What is agreed with a source about one kind of records. */
export interface FeedTerms {
  readonly encoding: Encoding;
  /** Whether every business date has a file, be it one without records. */
  readonly expectedDaily: boolean;
  /** `HH:mm` in Asia/Shanghai by which the file of a date must have come… */
  readonly deadline: string | undefined;
  /** …so many days after that date. */
  readonly deadlineDays: number;
}

export const NEW_FEED: FeedTerms = { encoding: 'UTF-8', expectedDaily: false, deadline: undefined, deadlineDays: 0 };

/** How far a feed has come. */
export interface FeedProgress {
  /** The highest sequence that was loaded. */
  readonly lastSequence: number;
  /** Up to here no file is missing. */
  readonly closedSequence: number;
  readonly lastBusinessDate: string | undefined;
  readonly lastSuccessAt: Date | undefined;
}

export interface Feed extends FeedTerms, FeedProgress {
  readonly kind: Kind;
}

/** What a source may do at once. */
export interface SourceLimits {
  /** Files that are loaded side by side; `undefined`: as many as everybody together. */
  readonly filesAtOnce: number | undefined;
  /** Records pushed online; `undefined`: no limit. */
  readonly recordsPerMinute: number | undefined;
}

export interface Source extends SourceLimits {
  readonly source: string;
  readonly name: string | undefined;
  readonly registeredAt: Date;
  readonly feeds: readonly Feed[];
}

/** Whether a source may be called so. */
export const isSourceCode = (text: string): boolean => /^[A-Z0-9]{2,12}$/.test(text);

export interface Gap {
  readonly from: number;
  readonly to: number;
}

/**
 * How far a sequence can be closed: which of the files that wait follow on what is closed, and what is missing before the rest.
 * @param waiting sequences of loaded files that are not closed, ascending
 */
export function closeUp(
  closed: number,
  waiting: readonly number[],
): { readonly closing: readonly number[]; readonly gap: Gap | undefined } {
  const closing: number[] = [];
  for (const sequence of waiting) {
    const next = closed + closing.length + 1;
    if (sequence > next) return { closing, gap: { from: next, to: sequence - 1 } };
    closing.push(sequence);
  }
  return { closing, gap: undefined };
}

const DAY_MS = 86_400_000;
const SHANGHAI = '+08:00'; // No daylight saving since 1991.

/** The last business date (`YYYY-MM-DD`) whose file should be there by now. */
export function lastDueDate(
  { deadline, deadlineDays }: Pick<FeedTerms, 'deadline' | 'deadlineDays'>,
  now: Date,
): string {
  const today = new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
  const isPast = now.getTime() >= Date.parse(`${today}T${deadline ?? '00:00'}:00${SHANGHAI}`);
  const due = Date.parse(`${today}T00:00:00Z`) - (deadlineDays + (isPast ? 0 : 1)) * DAY_MS;
  return new Date(due).toISOString().slice(0, 10);
}
