import { createHash } from 'node:crypto';
import type { RuleSetBody } from './rule-set.js';

/** SHA-256 of the body with sorted keys: the same rules, the same checksum, whatever way they were stored. */
export function checksumOf(body: RuleSetBody): string {
  return createHash('sha256').update(canonical(body)).digest('hex');
}

/** Equal for values that are equal, whatever the order of their keys; of undefined: 'undefined'. */
export const canonical = (value: unknown): string => String(JSON.stringify(value, sortedKeys));

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
