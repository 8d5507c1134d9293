import type { FastifyRequest } from 'fastify';
import { Refusal } from '../errors/index.js';

export class InvalidReason extends Refusal {
  static readonly code = 'request.invalid-reason';
  static readonly kind = 'malformed';
  constructor() {
    super(InvalidReason.code, InvalidReason.kind, `X-Reason must be ${EXPECTED}`, {
      field: 'X-Reason',
      expected: EXPECTED,
    });
  }
}

const MAX_LENGTH = 300;
const EXPECTED = `up to ${MAX_LENGTH} characters, percent-encoded UTF-8`;
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/**
 * Why somebody does what he does, in his own words: the header `X-Reason` (percent-encoded UTF-8, since headers hold no other
 * letters), or the attribute `reason` of the body.
 * @throws InvalidReason for a header that is no such text; bodies are checked by their routes.
 */
export function reasonOf({ headers, body }: Pick<FastifyRequest, 'headers' | 'body'>): string | undefined {
  const header = headers['x-reason'];
  if (header !== undefined) return decoded(header);
  const reason = typeof body === 'object' && body !== null && 'reason' in body ? body.reason : undefined;
  return typeof reason === 'string' && reason !== '' && !UNPRINTABLE.test(reason)
    ? reason.slice(0, MAX_LENGTH)
    : undefined;
}

function decoded(header: string | readonly string[]): string | undefined {
  let text: string;
  try {
    text = decodeURIComponent(typeof header === 'string' ? header : '%');
  } catch {
    throw new InvalidReason();
  }
  if (text.length > MAX_LENGTH || UNPRINTABLE.test(text)) throw new InvalidReason();
  return text.trim() === '' ? undefined : text.trim();
}
