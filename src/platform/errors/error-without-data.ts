import { Refusal } from './refusal.js';

/**
 * What may be kept of an error in a table, a queue or a log: its kind and code, and what a refusal says. Messages of drivers
 * and parsers quote the value they stumbled over, which may be a customer's.
 */
export function errorWithoutData(error: unknown): string {
  if (error instanceof Refusal) return `${error.code}: ${error.message}`;
  if (!(error instanceof Error)) return 'Something that is no error was thrown';
  const parts = ['code', 'table', 'constraint']
    .map((key): unknown => Reflect.get(error, key))
    .filter((value) => typeof value === 'string');
  return parts.length > 0 ? `${error.name} (${parts.join(', ')})` : error.name;
}

/** Where an error came from, without its message. */
export function framesOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return stack
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .join('\n');
}
