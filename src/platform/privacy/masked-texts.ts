import { canonicalJson } from './canonical-json.js';
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
 * at every depth. So no mask is ever stored over the value under it. Of items that look alike, the first stands for the first.
 */
export function meantBy(sent: unknown, shown: unknown, stored: unknown): unknown {
  if (canonicalJson(sent) === canonicalJson(shown)) return stored;
  if (Array.isArray(sent)) {
    const kept = listOf(stored);
    // By what they look like: places, the last of them first.
    const places = new Map<string, number[]>();
    for (const [place, each] of [...listOf(shown).entries()].reverse()) {
      const look = canonicalJson(each);
      const alike = places.get(look);
      if (alike) alike.push(place);
      else places.set(look, [place]);
    }
    return sent.map((each: unknown) => {
      const place = places.get(canonicalJson(each))?.pop();
      return place === undefined ? each : kept[place];
    });
  }
  if (typeof sent !== 'object' || sent === null || sent instanceof Date) return sent;
  const [seen, kept] = [objectOf(shown), objectOf(stored)];
  return Object.fromEntries(
    Object.entries(sent).map(([name, each]: [string, unknown]) => [name, meantBy(each, seen[name], kept[name])]),
  );
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
