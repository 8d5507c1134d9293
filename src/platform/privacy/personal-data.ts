import { createCipheriv, createDecipheriv, createHmac, randomFillSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { DataKey } from '../config/index.js';

/** What a blind index is of. Each kind has an index key of its own, so equal values of two kinds do not meet. */
export type IndexedKind = 'msisdn' | 'idNumber' | 'name' | 'imsi' | 'snapshot' | 'oneTimeCode';

const ALGORITHM_AES_256_GCM = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

// One call to the random generator for many nonces: a bulk load seals two values per number.
const nonces = Buffer.alloc(NONCE_BYTES * 512);
let usedNonceBytes = nonces.length;

function nextNonce(): Buffer {
  if (usedNonceBytes === nonces.length) {
    randomFillSync(nonces);
    usedNonceBytes = 0;
  }
  return nonces.subarray(usedNonceBytes, (usedNonceBytes += NONCE_BYTES));
}

/**
 * Seals personal identifiers for storage and finds them again.
 *
 * Envelope: algorithm (1 byte) · length of key id (1) · key id · nonce (12) · tag (16) · ciphertext, AES-256-GCM. The
 * algorithm id leaves room for SM4; the key id lets keys rotate: the first key seals, all keys open. `context` (field and
 * row, e.g. `party.name:<id>`) is authenticated, so an envelope copied to another row or field does not open.
 *
 * Blind index: HMAC-SHA-256 under a key that never reaches the database. MSISDNs and ID numbers are few enough to be
 * listed by anybody who has that key.
 */
@Injectable()
export class PersonalData {
  readonly #sealing: DataKey;
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #indexKeys = new Map<IndexedKind, Buffer>();
  readonly #indexKey: Buffer;

  constructor(keys: readonly DataKey[], indexKey: Buffer) {
    const [first] = keys;
    if (!first) throw new Error('At least one data key is needed');
    this.#sealing = first;
    this.#keys = new Map(keys.map(({ id, key }) => [id, key]));
    this.#indexKey = indexKey;
  }

  seal(plain: string, context: string): Buffer {
    const nonce = nextNonce();
    const cipher = createCipheriv('aes-256-gcm', this.#sealing.key, nonce);
    cipher.setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    const keyId = Buffer.from(this.#sealing.id);
    return Buffer.concat([
      Buffer.from([ALGORITHM_AES_256_GCM, keyId.length]),
      keyId,
      nonce,
      cipher.getAuthTag(),
      sealed,
    ]);
  }

  /** @throws Error when the envelope was changed, belongs elsewhere, or its key is not in the key ring. */
  open(envelope: Buffer, context: string): string {
    const keyIdLength = envelope[1] ?? 0;
    const keyId = envelope.toString('utf8', 2, 2 + keyIdLength);
    const key = this.#keys.get(keyId);
    if (envelope[0] !== ALGORITHM_AES_256_GCM || !key)
      throw new Error(`No key or algorithm for an envelope of key ${keyId}`);
    let at = 2 + keyIdLength;
    const decipher = createDecipheriv('aes-256-gcm', key, envelope.subarray(at, (at += NONCE_BYTES)));
    decipher.setAuthTag(envelope.subarray(at, (at += TAG_BYTES)));
    decipher.setAAD(Buffer.from(context));
    return Buffer.concat([decipher.update(envelope.subarray(at)), decipher.final()]).toString('utf8');
  }

  /** Deterministic, 32 bytes. The value must be in its normal form ({@link normaliseMsisdn}, …). */
  blindIndex(kind: IndexedKind, value: string): Buffer {
    let key = this.#indexKeys.get(kind);
    if (!key) this.#indexKeys.set(kind, (key = createHmac('sha256', this.#indexKey).update(kind).digest()));
    return createHmac('sha256', key).update(value).digest();
  }
}
