import type { SubscriptionSnapshot } from './subscription-snapshot.js';

/**
 * The rank of a snapshot among all of its number as bytes that compare like it: version, statusAt, eventTime and, so that even
 * contradicting snapshots have one winner, a fingerprint of the content. Equal bytes are the same snapshot.
 */
export function precedenceOf(
  snapshot: Pick<SubscriptionSnapshot, 'version' | 'statusAt' | 'eventTime'>,
  fingerprint: Buffer,
): Buffer {
  const bytes = Buffer.allocUnsafe(28);
  bytes.writeUInt32BE(snapshot.version, 0);
  // The sign bit is turned over: times before 1970 come first.
  bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(snapshot.statusAt.getTime()) ^ SIGN), 4);
  bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(snapshot.eventTime.getTime()) ^ SIGN), 12);
  fingerprint.copy(bytes, 20, 0, 8);
  return bytes;
}

const SIGN = 1n << 63n;
