import { createHash } from 'node:crypto';

/** Of everything that a request says: the same request has the same, another one under its key has not. */
export const requestHash = (...said: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(said)).digest('hex');
