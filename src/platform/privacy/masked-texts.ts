import { isDeepStrictEqual } from 'node:util';
import { maskFreeText } from './masking.js';

/** Every text in a value, at every depth, as {@link maskFreeText} shows it. */
export function maskTexts<T>(value: T): T;
export function maskTexts(value: unknown): unknown {
  if (typeof value === 'string') return maskFreeText(value);
  if (Array.isArray(value)) return value.map((each: unknown) => maskTexts(each));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]: [string, unknown]) => [name, maskTexts(each)]));
}

/**
 * What a client means that was shown something masked and sends it back: whatever equals what was shown stands for what it hides,
 * at every depth. So no mask is ever stored over the value under it.
 */
export function meantBy(sent: unknown, shown: unknown, stored: unknown): unknown {
  if (isSame(sent, shown)) return stored;
  if (Array.isArray(sent)) {
    const [seen, kept] = [listOf(shown), listOf(stored)];
    return sent.map((each: unknown) => {
      const place = seen.findIndex((other) => isSame(other, each));
      return place < 0 ? each : kept[place];
    });
  }
  if (typeof sent !== 'object' || sent === null || sent instanceof Date) return sent;
  const [seen, kept] = [objectOf(shown), objectOf(stored)];
  return Object.fromEntries(
    Object.entries(sent).map(([name, each]: [string, unknown]) => [name, meantBy(each, seen[name], kept[name])]),
  );
}

/** As JSON: whatever the order of attributes, and whether in a class or not. */
const isSame = (a: unknown, b: unknown): boolean => isDeepStrictEqual(plain(a), plain(b));
const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
