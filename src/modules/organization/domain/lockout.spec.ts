import { ATTEMPTS_BEFORE_LOCK, chargeAttempt, type Attempts } from './lockout.js';

describe('[AUD-05] a login that somebody guesses at', () => {
  const start = new Date('2026-02-01T08:00:00+08:00');
  const afterMinutes = (minutes: number): Date => new Date(start.getTime() + minutes * 60_000);
  const guesses = (count: number, at = start): Attempts => {
    let attempts: Attempts = { failedAttempts: 0, lockedUntil: undefined };
    for (let i = 0; i < count; i++) attempts = chargeAttempt(attempts, at) ?? attempts;
    return attempts;
  };

  it('is open for nine wrong passwords', () => {
    expect(guesses(ATTEMPTS_BEFORE_LOCK - 1)).toEqual({ failedAttempts: 9, lockedUntil: undefined });
  });

  it('is locked for fifteen minutes by the tenth', () => {
    const locked = guesses(ATTEMPTS_BEFORE_LOCK);
    expect(locked.lockedUntil).toEqual(afterMinutes(15));
    expect(chargeAttempt(locked, afterMinutes(14.99))).toBeUndefined();
  });

  it('starts to count anew after that', () => {
    expect(chargeAttempt(guesses(ATTEMPTS_BEFORE_LOCK), afterMinutes(15))).toEqual({
      failedAttempts: 1,
      lockedUntil: undefined,
    });
  });
});
