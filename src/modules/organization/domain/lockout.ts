export interface Attempts {
  /** Sign-ins begun since the last one that succeeded. */
  readonly failedAttempts: number;
  readonly lockedUntil: Date | undefined;
}

export const ATTEMPTS_BEFORE_LOCK = 10;
const LOCKED_FOR_MS = 15 * 60_000;

/**
 * Charges a sign-in before its password is looked at, so that guesses sent all at once count like guesses sent one by one.
 * `undefined`: the login is locked, the password must not be looked at. The tenth attempt locks; its success unlocks.
 */
export function chargeAttempt(before: Attempts, now: Date): Attempts | undefined {
  if (before.lockedUntil && now < before.lockedUntil) return undefined;
  const failedAttempts = before.lockedUntil ? 1 : before.failedAttempts + 1;
  const isLast = failedAttempts >= ATTEMPTS_BEFORE_LOCK;
  return { failedAttempts, lockedUntil: isLast ? new Date(now.getTime() + LOCKED_FOR_MS) : undefined };
}
