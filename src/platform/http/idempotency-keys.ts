import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.js';
import { Database, newId } from '../database/index.js';
import { Refusal } from '../errors/index.js';
import { canonicalJson, PersonalData } from '../privacy/index.js';

export interface IdempotentRequest {
  /** Keys of different actors never meet. */
  readonly actor: string;
  /** Method and route pattern. */
  readonly route: string;
  readonly key: string;
  /** Digest of path, query and body: what makes a second request the same one. */
  readonly requestHash: string;
}

export interface StoredAnswer {
  readonly status: number;
  readonly location: string | undefined;
  /** JSON, or `undefined` when there was no body. */
  readonly body: string | undefined;
}

export type Claim =
  | { readonly state: 'ours'; readonly claimId: string }
  | { readonly state: 'answered'; readonly answer: StoredAnswer }
  | { readonly state: 'in-progress' };

export class IdempotencyKeyReused extends Refusal {
  static readonly code = 'idempotency.key-reused';
  static readonly kind = 'conflict';
  constructor() {
    super(
      IdempotencyKeyReused.code,
      IdempotencyKeyReused.kind,
      'This Idempotency-Key was used for another request; a new intention needs a new key',
      { field: 'Idempotency-Key' },
    );
  }
}

export class RequestInProgress extends Refusal {
  static readonly code = 'idempotency.in-progress';
  static readonly kind = 'conflict';
  constructor() {
    super(
      RequestInProgress.code,
      RequestInProgress.kind,
      'The first request with this Idempotency-Key has not been answered yet; repeat it later',
      { field: 'Idempotency-Key', retryAfterSeconds: 5 },
    );
  }
}

/** A process that died is believed dead after this long; one that lives renews its claim well before. */
export const LEASE_MS = 60_000;

interface KeyRow {
  request_hash: string;
  status: number | null;
  location: string | null;
  body: Buffer | null;
}

/** Which requests with an `Idempotency-Key` run or were answered. Answers may hold personal data, so they are sealed. */
@Injectable()
export class IdempotencyKeys {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly personalData: PersonalData,
  ) {}

  /**
   * Claims the request for this process, or tells how its twin fares.
   * @throws IdempotencyKeyReused
   */
  async claim({ actor, route, key, requestHash }: IdempotentRequest): Promise<Claim> {
    const now = this.clock.now();
    const claimed = await this.database.query<{ claim_id: string }>(
      `INSERT INTO platform.idempotency_key AS k (actor, route, key, request_hash, claim_id, claimed_at, leased_until)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (actor, route, key) DO UPDATE
         SET claim_id = excluded.claim_id, claimed_at = excluded.claimed_at, leased_until = excluded.leased_until
         WHERE k.status IS NULL AND k.request_hash = excluded.request_hash AND k.leased_until < excluded.claimed_at
       RETURNING claim_id`,
      [actor, route, key, requestHash, newId(), now, this.leaseEnd(now)],
    );
    if (claimed[0]) return { state: 'ours', claimId: claimed[0].claim_id };

    const [row] = await this.database.query<KeyRow>(
      `SELECT request_hash, status, location, body FROM platform.idempotency_key
       WHERE actor = $1 AND route = $2 AND key = $3`,
      [actor, route, key],
    );
    if (!row) return { state: 'in-progress' }; // The twin was refused this very moment and let go.
    if (row.request_hash !== requestHash) throw new IdempotencyKeyReused();
    if (row.status === null) return { state: 'in-progress' };
    const body = row.body ? this.personalData.open(row.body, sealContext(actor, route, key)) : undefined;
    return { state: 'answered', answer: { status: row.status, location: row.location ?? undefined, body } };
  }

  /** Keeps the claim of a request that takes long. */
  async renew(claimId: string): Promise<void> {
    await this.database.query(
      'UPDATE platform.idempotency_key SET leased_until = $2 WHERE claim_id = $1 AND status IS NULL',
      [claimId, this.leaseEnd(this.clock.now())],
    );
  }

  async answer(claimId: string, { actor, route, key }: IdempotentRequest, answer: StoredAnswer): Promise<void> {
    const body = answer.body === undefined ? null : this.personalData.seal(answer.body, sealContext(actor, route, key));
    await this.database.query(
      `UPDATE platform.idempotency_key SET status = $2, location = $3, body = $4
       WHERE claim_id = $1 AND status IS NULL`,
      [claimId, answer.status, answer.location ?? null, body],
    );
  }

  /** Lets the key go: the request was refused, so the same key may try again. */
  async release(claimId: string): Promise<void> {
    await this.database.query('DELETE FROM platform.idempotency_key WHERE claim_id = $1 AND status IS NULL', [claimId]);
  }

  /** Forgets what was claimed before. The API promises 24 hours. */
  async purge(claimedBefore: Date): Promise<void> {
    await this.database.query('DELETE FROM platform.idempotency_key WHERE claimed_at < $1', [claimedBefore]);
  }

  private leaseEnd(now: Date): Date {
    return new Date(now.getTime() + LEASE_MS);
  }
}

const sealContext = (actor: string, route: string, key: string): string => `idempotency:${actor}:${route}:${key}`;

/** SHA-256 over the parts as canonical JSON: the order of attributes in a body does not make another request. */
export function hashOfRequest(...parts: readonly unknown[]): string {
  return createHash('sha256')
    .update(parts.map((part) => canonicalJson(part)).join('\n'))
    .digest('hex');
}
