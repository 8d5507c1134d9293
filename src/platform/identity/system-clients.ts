import type { KnownActor } from './actor.js';

/** Another system that signs its requests. */
export interface SigningClient {
  readonly actor: KnownActor;
  /** The youngest few, also dead ones: whoever signs with a dead key is told so. */
  readonly keys: readonly SigningKey[];
  /** Addresses and networks it may come from, `10.1.0.0/16`; none: from anywhere. */
  readonly addresses: readonly string[];
}

export interface SigningKey {
  readonly key: string;
  readonly state: KeyState;
}

export type KeyState = 'live' | 'expired' | 'revoked';

/** Knows the systems by their id. Platform asks, the organization module answers, with what is true now. */
export abstract class SystemClients {
  abstract clientById(clientId: string): Promise<SigningClient | undefined>;
}
