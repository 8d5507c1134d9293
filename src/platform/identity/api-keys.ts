import { createHash, randomBytes } from 'node:crypto';

/** A new API key, shown once, and the hash under which it is stored. */
export function newApiKey(): { readonly key: string; readonly hash: string } {
  const key = `gbk_${randomBytes(32).toString('base64url')}`;
  return { key, hash: hashOfApiKey(key) };
}

// A plain digest suffices: the key is 256 random bits, so there is nothing to guess from a stolen hash.
export const hashOfApiKey = (key: string): string => createHash('sha256').update(key).digest('hex');
