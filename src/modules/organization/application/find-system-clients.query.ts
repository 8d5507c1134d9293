import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Settings } from '../../../platform/config/index.js';
import { Database } from '../../../platform/database/index.js';
import {
  AddressNotAllowed, isWithin, KeyExpired, KeyRevoked, SignatureRequired, SystemClients, type KnownActor, type SigningClient,
} from '../../../platform/identity/index.js'; // prettier-ignore
import { stateOf } from '../domain/client-secret.js';
import { permissionsOf } from '../domain/permissions.js';
import { scopeOfSystem } from '../domain/scope.js';
import { ClientSecrets } from './client-secrets.js';

interface ClientRow {
  readonly api_key_id: string;
  readonly name: string;
  readonly role: string;
  readonly provinces: string[];
  readonly permissions: string[];
  readonly addresses: string[];
  readonly must_sign: boolean;
  readonly requests_per_minute: number | null;
}

interface SecretRow {
  readonly secret_id: string;
  readonly sealed_key: Buffer;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
}

const CLIENT = `k.api_key_id, k.name, k.role, k.provinces, k.addresses, k.must_sign, k.requests_per_minute, r.permissions`;
/** Whoever signs with a key that ended lately is told so; older ones may be sealed under a data key that is gone. */
const REMEMBERED_MS = 30 * 24 * 3_600_000;
const KEYS_LOOKED_AT = 8;

/** Which system it is, asked on every request and never cached: what was revoked or has expired is out at once. */
@Injectable()
export class FindSystemClients extends SystemClients {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly secrets: ClientSecrets,
  ) {
    super();
  }

  /**
   * The system that sent a key of this hash from this address.
   * @throws KeyRevoked, KeyExpired, AddressNotAllowed, SignatureRequired
   */
  async actorOfKey(keyHash: string, address: string): Promise<KnownActor | undefined> {
    const [row] = await this.database.query<ClientRow & SecretRow>(
      `SELECT ${CLIENT}, s.expires_at, coalesce(s.revoked_at, k.revoked_at) AS revoked_at
       FROM organization.client_secret s
       JOIN organization.api_key k USING (api_key_id)
       JOIN organization.role r USING (role)
       WHERE s.key_hash = $1`,
      [keyHash],
    );
    if (!row) return undefined;
    const state = this.stateOf(row);
    if (state === 'revoked') throw new KeyRevoked(row.api_key_id);
    if (state === 'expired') throw new KeyExpired();
    if (row.must_sign || this.settings.signedRequests === 'required') throw new SignatureRequired();
    if (row.addresses.length > 0 && !isWithin(address, row.addresses)) throw new AddressNotAllowed();
    return actorOf(row);
  }

  async clientById(clientId: string): Promise<SigningClient | undefined> {
    const rows = await this.database.query<ClientRow & SecretRow>(
      `SELECT ${CLIENT}, s.secret_id, s.sealed_key, s.expires_at, coalesce(s.revoked_at, k.revoked_at) AS revoked_at
       FROM organization.api_key k
       JOIN organization.role r USING (role)
       JOIN organization.client_secret s USING (api_key_id)
       WHERE k.api_key_id = $1 AND s.sealed_key IS NOT NULL
         AND coalesce(least(s.expires_at, s.revoked_at, k.revoked_at) > $2, true)
       ORDER BY s.created_at DESC, s.secret_id DESC LIMIT ${KEYS_LOOKED_AT}`,
      [clientId, new Date(this.clock.now().getTime() - REMEMBERED_MS)],
    );
    const [first] = rows;
    if (!first) return undefined;
    return {
      actor: actorOf(first),
      addresses: first.addresses,
      keys: rows.map((row) => ({ key: this.secrets.open(row.secret_id, row.sealed_key), state: this.stateOf(row) })),
    };
  }

  private stateOf({ expires_at, revoked_at }: SecretRow): ReturnType<typeof stateOf> {
    return stateOf({ expiresAt: expires_at ?? undefined, revokedAt: revoked_at ?? undefined }, this.clock.now());
  }
}

const actorOf = (client: ClientRow): KnownActor => ({
  kind: 'system',
  id: client.api_key_id,
  name: client.name,
  role: client.role,
  permissions: permissionsOf([client]),
  unitId: undefined,
  scope: scopeOfSystem(client.provinces),
  ...(client.requests_per_minute !== null && { requestsPerMinute: client.requests_per_minute }),
});
