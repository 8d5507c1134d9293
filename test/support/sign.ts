import { randomUUID } from 'node:crypto';
import { sha256, signatureOf } from '../../src/platform/identity/index.js';

export interface SigningSystem {
  readonly id: string;
  readonly key: string;
}

interface ToSign {
  readonly method?: string;
  readonly url: string;
  /** As it will be sent; objects as `callTo` sends them. */
  readonly payload?: unknown;
  readonly at: Date;
  readonly nonce?: string;
}

/** The headers with which a system signs a request. */
export function sign(
  { id, key }: SigningSystem,
  { method = 'GET', url, payload, at, nonce = randomUUID() }: ToSign,
): Record<string, string> {
  const body = payload instanceof Uint8Array || typeof payload === 'string' ? payload : JSON.stringify(payload);
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const bodySha256 = sha256(body ?? '');
  return {
    'x-client-id': id,
    'x-timestamp': timestamp,
    'x-nonce': nonce,
    'x-content-sha256': bodySha256,
    'x-signature': signatureOf({ method, target: url, timestamp, nonce, bodySha256 }, key),
  };
}
