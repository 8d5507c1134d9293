import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** How far a signature's time may be from ours, either way. */
export const SIGNATURE_WINDOW_SECONDS = 300;

/** What a system signs: a request that differs in any of it is another request. */
export interface SignedContent {
  readonly method: string;
  /** Path and query as they were sent: an escape written in another way is another text. */
  readonly target: string;
  /** Seconds since 1970, in decimal digits. */
  readonly timestamp: string;
  readonly nonce: string;
  /** SHA-256 of the body's bytes in hexadecimal; of no bytes when there is no body. */
  readonly bodySha256: string;
}

/** The text under a signature: five lines without a line end behind the last. None of them can hold a line end itself. */
export const signedText = ({ method, target, timestamp, nonce, bodySha256 }: SignedContent): string =>
  [method, target, timestamp, nonce, bodySha256].join('\n');

/** `v1=` and HMAC-SHA-256 in hexadecimal. `key` is the API key as it was issued, its UTF-8 bytes. */
export const signatureOf = (content: SignedContent, key: string): string =>
  `v1=${createHmac('sha256', key).update(signedText(content)).digest('hex')}`;

/** Compares in constant time, whatever was sent. */
export function isSignatureOf(signature: string, content: SignedContent, key: string): boolean {
  const expected = Buffer.from(signatureOf(content, key));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
export const SHA256_OF_NOTHING = sha256('');
