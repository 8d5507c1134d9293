import type { KeyState } from '../../../platform/identity/system-clients.js';
import { ApiKeyRevoked, RotationUnderWay } from './refusals.js';

/** One of the keys of a system. Between a rotation and its end a system has two that are good. */
export interface ClientSecret {
  readonly secretId: string;
  readonly createdAt: Date;
  /** First moment in which it is no longer good. */
  readonly expiresAt: Date | undefined;
  readonly revokedAt: Date | undefined;
}

export const MAX_OVERLAP_HOURS = 30 * 24;
export const DEFAULT_OVERLAP_HOURS = 24;

export function stateOf(secret: Pick<ClientSecret, 'expiresAt' | 'revokedAt'>, now: Date): KeyState {
  if (secret.revokedAt) return 'revoked';
  return secret.expiresAt && secret.expiresAt <= now ? 'expired' : 'live';
}

/**
 * When the keys that are good now end, if a new one is made: the present one after the overlap, at the latest when it would have
 * ended anyway. Without overlap all of them end at once, which is also the way out for a new key that got lost.
 * @throws ApiKeyRevoked when none is good
 * @throws RotationUnderWay when there are two, and some overlap is wanted
 */
export function rotate(
  secrets: readonly ClientSecret[],
  overlapHours: number,
  now: Date,
): readonly { readonly secretId: string; readonly expiresAt: Date }[] {
  const live = secrets.filter((secret) => stateOf(secret, now) === 'live');
  if (live.length === 0) throw new ApiKeyRevoked();
  const firstEnd = live.find(({ expiresAt }) => expiresAt)?.expiresAt;
  if (live.length > 1 && overlapHours > 0) throw new RotationUnderWay(firstEnd);
  const end = new Date(now.getTime() + overlapHours * 3_600_000);
  return live.map(({ secretId, expiresAt }) => ({
    secretId,
    expiresAt: expiresAt && expiresAt < end ? expiresAt : end,
  }));
}
