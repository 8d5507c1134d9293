/** JSON in which the order of attributes does not matter: what is equal has equal text. */
export const canonicalJson = (value: unknown): string => JSON.stringify(value, inKeyOrder) ?? '';

function inKeyOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
