import { Rejection } from './rejection.js';

export interface IntakeLimits {
  /** A new record older than this (days before its file was made) is refused; DOMAIN §4.3. */
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

/** Refuses what lies more than a day in the future or too far back. */
export function judgeTime(
  epochMs: number,
  field: string,
  isCorrection: boolean,
  judge: Judgement,
): Rejection | undefined {
  if (epochMs > judge.now + DAY_MS) return new Rejection('E_DATE', field, 'lies more than 24 hours in the future');
  if (epochMs > judge.createdAt + DAY_MS)
    return new Rejection('E_DATE', field, 'lies more than 24 hours after its file was made');
  const days = isCorrection ? judge.limits.correctionDays : judge.limits.lateDays;
  if (epochMs < judge.createdAt - days * DAY_MS) {
    return new Rejection('E_LATE', field, `lies more than ${days} days before its file was made`);
  }
  return undefined;
}
