import { graceNotices, type GraceNotice } from './events.js';

/** The last notice comes so many days before the level is lowered: time for one more bill. */
const LAST_NOTICE_DAYS = 10;
const DAY_MS = 86_400_000;

/** A downgrade that is announced (降级缓冲). Days 'YYYY-MM-DD'; it comes on `endsOn`. */
export interface Grace {
  readonly begunOn: string;
  readonly endsOn: string;
  /** The place of the last notice that was given: 1 for the start. */
  readonly notices: number;
}

/**
 * The notice that is to be given on a day, if any. Whoever was not reached on the day of a notice is told on a later one, of two
 * that are due only the last; nobody is told on the day on which the level is lowered, or later.
 */
export function noticeDue({ begunOn, endsOn, notices }: Grace, day: string): GraceNotice | undefined {
  const [begun, ends, today] = [dayNumber(begunOn), dayNumber(endsOn), dayNumber(day)];
  if (today <= begun || today >= ends) return undefined;
  const place = today >= ends - LAST_NOTICE_DAYS ? 3 : today >= begun + Math.floor((ends - begun) / 2) ? 2 : 1;
  return place > notices ? graceNotices[place - 1] : undefined;
}

/** {@link noticeDue} for everybody at once: the place of the notice that a day asks for, given or not. A test holds the two together. */
export const noticePlaceSql = (grace: string, day: string): string => `
  CASE WHEN ${day} <= ${grace}.begun_on OR ${day} >= ${grace}.ends_on THEN 0
    WHEN ${day} >= ${grace}.ends_on - ${LAST_NOTICE_DAYS} THEN 3
    WHEN ${day} >= ${grace}.begun_on + (${grace}.ends_on - ${grace}.begun_on) / 2 THEN 2
    ELSE 1 END`;

const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY_MS;
