/** How a sign-in came to its end, besides by time. */
export type EndReason =
  | 'signed-out'
  | 'signed-out-everywhere'
  | 'password-changed'
  | 'account-changed'
  | 'second-factor-changed'
  | 'refresh-token-reused';

/** One long shift; NIST SP 800-63B asks for a new sign-in after twelve hours. */
export const SESSION_LIVES_SECONDS = 12 * 3600;
/** A session whose last access token ended this long ago was left by its person. */
export const IDLE_SECONDS = 3600;
/** The law asks for six months of such records (网络安全法 21). */
export const SESSIONS_ARE_KEPT_DAYS = 183;

export const sessionEndsAt = (openedAt: Date): Date => after(openedAt, SESSION_LIVES_SECONDS);

/** Until when the session can be continued: some time after the access token, never beyond the session. */
export const refreshableUntil = (accessEndsAt: Date, sessionEnds: Date): Date =>
  new Date(Math.min(after(accessEndsAt, IDLE_SECONDS).getTime(), sessionEnds.getTime()));

const after = (instant: Date, seconds: number): Date => new Date(instant.getTime() + seconds * 1000);
