import type { KnownActor } from './actor.js';

/**
 * Knows the people and systems behind a credential. Platform asks, the organization module answers:
 * `{ provide: ActorDirectory, useClass: … }`, exported from a global module.
 *
 * Both answers must be current: a person who left, or whose `tokenVersion` was raised by signing out everywhere, is unknown.
 */
export abstract class ActorDirectory {
  abstract actorOfStaff(staffId: string, tokenVersion: number): Promise<KnownActor | undefined>;
  /** `keyHash` is what {@link newApiKey} returned beside the key. */
  abstract actorOfApiKey(keyHash: string): Promise<KnownActor | undefined>;
}
