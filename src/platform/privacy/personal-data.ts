import { createCipheriv, createDecipheriv, createHmac, randomFillSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { DataKey } from '../config/index.js';

/** What a blind index is of. Each kind has an index key of its own, so equal values of two kinds do not meet. */
export type IndexedKind =
  | 'msisdn'
  | 'idNumber'
  | 'name'
  | 'imsi'
  | 'snapshot'
  | 'oneTimeCode'
  | 'audit'
  | 'approval'
  | 'rejectedLine'
  | 'cardNumber'
  | 'cardTrack';

/** AES-256-GCM under the data key itself. */
const OF_THE_SYSTEM = 1;
/** AES-256-GCM under a key made of the data key and a subject's secret. */
const OF_A_SUBJECT = 2;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SECRET_BYTES = 32;

/** 32 random bytes of one party or customer. With the data key they open its data; either alone opens nothing. */
export type SubjectSecret = Buffer;

// One call to the random generator for many: a bulk load needs four values per number.
const random = Buffer.alloc(8192);
let usedRandomBytes = random.length;

/** A view of the pool: used at once, or copied. */
function nextRandom(bytes: number): Buffer {
  if (usedRandomBytes + bytes > random.length) {
    randomFillSync(random);
    usedRandomBytes = 0;
  }
  return random.subarray(usedRandomBytes, (usedRandomBytes += bytes));
}

export const newSubjectSecret = (): SubjectSecret => Buffer.from(nextRandom(SECRET_BYTES));

/** What is sealed for a subject whose secret is gone: the subject was erased. */
export class SubjectSecretMissing extends Error {
  constructor() {
    super('The secret of the subject is gone: what was sealed with it does not open any more');
    this.name = 'SubjectSecretMissing';
  }
}

/**
 * Seals personal identifiers for storage and finds them again.
 *
 * Envelope: algorithm (1 byte) · length of key id (1) · key id · nonce (12) · tag (16) · ciphertext, AES-256-GCM. The
 * algorithm id leaves room for SM4; the key id lets keys rotate: the first key seals, all keys open. `context` (field and
 * row, e.g. `party.name:<id>`) is authenticated, so an envelope copied to another row or field does not open.
 *
 * What identifies a customer is sealed with that subject's secret besides (algorithm 2): when the secret is destroyed, no copy
 * of the envelope opens again, wherever it lies. Envelopes of algorithm 1 open without one.
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

  /** @param secret of whom it identifies; without one, the value outlives everybody's erasure. */
  seal(plain: string, context: string, secret?: SubjectSecret): Buffer {
    const nonce = nextRandom(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', secret ? keyOf(this.#sealing.key, secret) : this.#sealing.key, nonce);
    cipher.setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    const keyId = Buffer.from(this.#sealing.id);
    return Buffer.concat([
      Buffer.from([secret ? OF_A_SUBJECT : OF_THE_SYSTEM, keyId.length]),
      keyId,
      nonce,
      cipher.getAuthTag(),
      sealed,
    ]);
  }

  /**
   * @throws SubjectSecretMissing when it is sealed for a subject and no secret is given; Error when the envelope was changed,
   * belongs elsewhere, or its key is not in the key ring.
   */
  open(envelope: Buffer, context: string, secret?: SubjectSecret | null): string {
    const keyIdLength = envelope[1] ?? 0;
    const keyId = envelope.toString('utf8', 2, 2 + keyIdLength);
    const key = this.#keys.get(keyId);
    const isOfSubject = envelope[0] === OF_A_SUBJECT;
    if (!(isOfSubject || envelope[0] === OF_THE_SYSTEM) || !key)
      throw new Error(`No key or algorithm for an envelope of key ${keyId}`);
    if (isOfSubject && !secret) throw new SubjectSecretMissing();
    let at = 2 + keyIdLength;
    const decipher = createDecipheriv(
      'aes-256-gcm',
      isOfSubject && secret ? keyOf(key, secret) : key,
      envelope.subarray(at, (at += NONCE_BYTES)),
    );
    decipher.setAuthTag(envelope.subarray(at, (at += TAG_BYTES)));
    decipher.setAAD(Buffer.from(context));
    return Buffer.concat([decipher.update(envelope.subarray(at)), decipher.final()]).toString('utf8');
  }

  /** What {@link open} says; `undefined` when there is no envelope, or its subject was erased. */
  openIfKept(envelope: Buffer | null, context: string, secret: SubjectSecret | null): string | undefined {
    if (!envelope || (envelope[0] === OF_A_SUBJECT && !secret)) return undefined;
    return this.open(envelope, context, secret);
  }

  /** Deterministic, 32 bytes. The value must be in its normal form ({@link normaliseMsisdn}, …). */
  blindIndex(kind: IndexedKind, value: string): Buffer {
    let key = this.#indexKeys.get(kind);
    if (!key) this.#indexKeys.set(kind, (key = createHmac('sha256', this.#indexKey).update(kind).digest()));
    return createHmac('sha256', key).update(value).digest();
  }
}

const keyOf = (dataKey: Buffer, secret: SubjectSecret): Buffer =>
  createHmac('sha256', dataKey).update('subject').update(secret).digest();
