export interface IntakeLimits {
  /** A new record older than this (days before its file was made) waits to be let in; DOMAIN §4.3. */
  readonly lateDays: number;
  /** A correction or cancellation may reach back this far. */
  readonly correctionDays: number;
  /** Share of refused records above which a whole file is refused, but never for fewer than `toleratedRejects`. */
  readonly maxRejectRate: number;
  readonly toleratedRejects: number;
}

export const DEFAULT_LIMITS: IntakeLimits = {
  lateDays: 62,
  correctionDays: 396,
  maxRejectRate: 0.02,
  toleratedRejects: 20,
};

const DAY_MS = 86_400_000;

/** Against what the times of a record are judged. */
export interface Judgement {
  readonly limits: IntakeLimits;
  /** When the file was made (online: when the record came in), epoch milliseconds. */
  readonly createdAt: number;
  /** Epoch milliseconds by our clock. */
  readonly now: number;
  /** Online: whether anybody was given such a number. Files are billing's own word about numbers that are in use. */
  readonly isAllotted?: (national: string) => boolean;
}

/** More than a day ahead of our clock. */
export const isOfFuture = (epochMs: number, { now }: Pick<Judgement, 'now'>): boolean => epochMs > now + DAY_MS;

/** `FUTURE` waits for its time, `LATE` for somebody who lets it in. */
export type Untimely = 'FUTURE' | 'LATE';

/**
 * Whether a record must wait because of its time: it lies more than a day ahead of our clock, or too far before the making of its file.
 * Neither depends on what else has come, nor a file's lateness on when it came.
 */
export function untimely(epochMs: number, isCorrection: boolean, judge: Judgement): Untimely | undefined {
  if (isOfFuture(epochMs, judge)) return 'FUTURE';
  const days = isCorrection ? judge.limits.correctionDays : judge.limits.lateDays;
  return epochMs < judge.createdAt - days * DAY_MS ? 'LATE' : undefined;
}

/** When a record of the future no longer is one. */
export const readyAt = (epochMs: number): Date => new Date(epochMs - DAY_MS);
