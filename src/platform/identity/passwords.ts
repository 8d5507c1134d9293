import { hash, verify, type Algorithm } from '@node-rs/argon2';

const ARGON2ID: Algorithm.Argon2id = 2;
/** OWASP's minimum for argon2id: 19 MiB, two passes, one lane. */
const COST = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const hashPassword = (password: string): Promise<string> => hash(password, COST);

/**
 * Compares a password with its stored hash. Without a hash (nobody has that login) it takes as long as with one, so that
 * time does not tell which logins exist.
 */
export async function verifyPassword(password: string, storedHash: string | undefined): Promise<boolean> {
  if (storedHash === undefined) {
    await hash(password, COST);
    return false;
  }
  return verify(storedHash, password);
}
