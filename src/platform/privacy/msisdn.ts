import { Refusal } from '../errors/index.js';

/** A phone number that is not a mainland mobile number. The message never repeats the number. */
export class InvalidMsisdn extends Refusal {
  static readonly code = 'msisdn.invalid';
  static readonly kind = 'malformed';
  constructor(field: string) {
    super(
      InvalidMsisdn.code,
      InvalidMsisdn.kind,
      `${field} must be a mobile number of 11 digits, with or without +86`,
      {
        field,
        expected: '13800138000, 8613800138000 or +8613800138000',
      },
    );
  }
}

const MOBILE = /^1[3-9]\d{9}$/;

/** The national form (11 digits) of a number as people and systems write it, or undefined. */
export function nationalMsisdn(text: string): string | undefined {
  // Fast path first: billing files hold millions of numbers that are already in the national form.
  if (MOBILE.test(text)) return text;
  const digits = text.replace(/[\s-]/g, '').replace(/^(?:\+|00)?86/, '');
  return MOBILE.test(digits) ? digits : undefined;
}

/**
 * E.164 form `+8613800138000` of `138…`, `86…`, `+86…`, with spaces or dashes.
 * @throws InvalidMsisdn
 */
export function normaliseMsisdn(text: string, field = 'msisdn'): string {
  const national = nationalMsisdn(text);
  if (national === undefined) throw new InvalidMsisdn(field);
  return `+86${national}`;
}
