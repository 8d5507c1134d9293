import { SubjectRequestClosed } from './refusals-of-subject-rights.js';

/** What people may ask about their own data: see it, a copy, correction, erasure, restriction, why, a person to look again. */
export const SUBJECT_REQUEST_KINDS = [
  'ACCESS',
  'COPY',
  'CORRECTION',
  'ERASURE',
  'RESTRICTION',
  'EXPLANATION',
  'MANUAL_REVIEW',
] as const;
export type SubjectRequestKind = (typeof SUBJECT_REQUEST_KINDS)[number];

export const SUBJECT_REQUEST_STATUSES = ['open', 'done', 'refused'] as const;
export type SubjectRequestStatus = (typeof SUBJECT_REQUEST_STATUSES)[number];

/** Fifteen working days (App 违法违规收集使用个人信息行为认定方法, art. 6). */
export const ANSWER_WITHIN_WORKING_DAYS = 15;

const DAY_MS = 86_400_000;

/**
 * The last day for the answer to what was received that day (`YYYY-MM-DD`). Public holidays count as working days here, so nobody
 * is answered later than promised.
 */
export function dueOn(receivedOn: string, workingDays = ANSWER_WITHIN_WORKING_DAYS): string {
  let day = Date.parse(`${receivedOn}T00:00:00Z`);
  for (let left = workingDays; left > 0;) {
    day += DAY_MS;
    const weekday = new Date(day).getUTCDay();
    if (weekday !== 0 && weekday !== 6) left -= 1;
  }
  return new Date(day).toISOString().slice(0, 10);
}

/** @throws SubjectRequestClosed */
export function requireOpen({ status }: { readonly status: SubjectRequestStatus }): void {
  if (status !== 'open') throw new SubjectRequestClosed(status);
}
