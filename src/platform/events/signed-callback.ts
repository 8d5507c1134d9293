import { newId } from '../database/index.js';
import type { Outbound } from '../http/index.js';
import { sha256, signatureOf } from '../identity/index.js';

export interface Callback {
  /** Of whom we call: the client id of the signature. */
  readonly subscriptionId: string;
  readonly callback: string;
  readonly eventType: string;
  readonly body: string;
  readonly secret: string;
  readonly at: Date;
}

/**
 * Posts to `/listener/<eventType>` below a callback, signed as systems sign their requests to us (src/platform/identity/signature.ts).
 * Returns the status of the answer. @throws CallbackRefused, or what the connection failed with
 */
export function postSigned(
  outbound: Outbound,
  { subscriptionId, callback, eventType, body, secret, at }: Callback,
): Promise<number> {
  const url = new URL(callback);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/listener/${eventType.charAt(0).toLowerCase()}${eventType.slice(1)}`;
  const [timestamp, nonce, bodySha256] = [String(Math.floor(at.getTime() / 1000)), newId(), sha256(body)];
  const content = { method: 'POST', target: url.pathname + url.search, timestamp, nonce, bodySha256 };
  return outbound.post(url.href, body, {
    'x-client-id': subscriptionId,
    'x-timestamp': timestamp,
    'x-nonce': nonce,
    'x-content-sha256': bodySha256,
    'x-signature': signatureOf(content, secret),
  });
}
