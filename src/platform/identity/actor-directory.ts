import type { KnownActor } from './actor.js';
import type { ExternalIdentity } from './openid-tokens.js';

/**
 * Knows the people and systems behind a credential. Platform asks, the organization module answers:
 * `{ provide: ActorDirectory, useClass: … }`, exported from a global module.
 *
 * Both answers must be current: a person who left, whose `tokenVersion` was raised by signing out everywhere, or whose session has
 * ended, is unknown.
 */
export abstract class ActorDirectory {
  abstract actorOfStaff(staffId: string, tokenVersion: number, sessionId: string): Promise<KnownActor | undefined>;
  /** Somebody whom the OpenID Connect issuer signs in; a directory without issuers knows nobody of them. */
  actorOfExternal(_identity: ExternalIdentity): Promise<KnownActor | undefined> {
    return Promise.resolve(undefined);
  }
  /**
   * `keyHash` is what {@link newApiKey} returned beside the key; `address` is where the request comes from.
   * @throws KeyRevoked, KeyExpired, SignatureRequired, AddressNotAllowed
   */
  abstract actorOfApiKey(keyHash: string, address: string): Promise<KnownActor | undefined>;
  /** What a role permits now; nothing when there is no such role. */
  abstract permissionsOfRole(role: string): Promise<readonly string[]>;
}
