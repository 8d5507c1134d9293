import type { ApiKey } from '../domain/api-key.js';

/** The columns of an {@link ApiKeyRow}, of `organization.api_key k`. Never a key, never a hash. */
export const API_KEY = `k.api_key_id, k.name, k.role, k.source, k.kinds, k.provinces, k.must_sign, k.addresses, k.requests_per_minute,
  k.created_at, k.revoked_at, ARRAY(
    SELECT jsonb_build_object('secretId', s.secret_id, 'createdAt', s.created_at, 'expiresAt', s.expires_at, 'revokedAt', s.revoked_at)
    FROM organization.client_secret s WHERE s.api_key_id = k.api_key_id ORDER BY s.created_at DESC, s.secret_id DESC) AS secrets`;

export interface ApiKeyRow {
  readonly api_key_id: string;
  readonly name: string;
  readonly role: string;
  readonly source: string | null;
  readonly kinds: string[];
  readonly provinces: string[];
  readonly must_sign: boolean;
  readonly addresses: string[];
  readonly requests_per_minute: number | null;
  readonly created_at: Date;
  readonly revoked_at: Date | null;
  readonly secrets: readonly {
    readonly secretId: string;
    readonly createdAt: string;
    readonly expiresAt: string | null;
    readonly revokedAt: string | null;
  }[];
}

const instant = (text: string | null): Date | undefined => (text === null ? undefined : new Date(text));

export const apiKeyOf = (row: ApiKeyRow): ApiKey => ({
  apiKeyId: row.api_key_id,
  name: row.name,
  role: row.role,
  source: row.source ?? undefined,
  kinds: row.kinds,
  provinces: row.provinces,
  mustSign: row.must_sign,
  addresses: row.addresses,
  requestsPerMinute: row.requests_per_minute ?? undefined,
  createdAt: row.created_at,
  revokedAt: row.revoked_at ?? undefined,
  secrets: row.secrets.map(({ secretId, createdAt, expiresAt, revokedAt }) => ({
    secretId,
    createdAt: new Date(createdAt),
    expiresAt: instant(expiresAt),
    revokedAt: instant(revokedAt),
  })),
});
