export const EXPIRY_POLICIES = ['NONE', 'ROLLING_3_CALENDAR_YEARS', 'LOT_36_MONTHS'] as const;

/**
 * When points are cleared (PTS-11), as operators in China have done it: by December runs after three calendar years until
 * 2011, not at all until 2021, by lot since.
 */
export type ExpiryPolicy = (typeof EXPIRY_POLICIES)[number];

/** The last day of a lot that never expires, as PostgreSQL writes it. */
export const NEVER = 'infinity';

/**
 * The last day on which points earned in a month can be used. It is copied to the lot when the points are earned, so that
 * a later change of policy does not touch them.
 * @param earnedIn any day of the month in which the points were earned, `YYYY-MM-DD`
 * @returns `YYYY-MM-DD`, or {@link NEVER}
 */
export function lastDayOf(policy: ExpiryPolicy, earnedIn: string): string {
  const year = Number(earnedIn.slice(0, 4));
  const month = Number(earnedIn.slice(5, 7));
  switch (policy) {
    case 'NONE':
      return NEVER;
    case 'ROLLING_3_CALENDAR_YEARS':
      return `${year + 2}-12-31`; // the points of 2007 were cleared at the end of 2009
    case 'LOT_36_MONTHS':
      // Day 0 of the month after is the last of the month; points of April 2021 end on 30 April 2024.
      return new Date(Date.UTC(year + 3, month, 0)).toISOString().slice(0, 10);
  }
}
