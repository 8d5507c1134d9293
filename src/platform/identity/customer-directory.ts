import type { Actor, KnownActor } from './actor.js';

/** Knows the customers who are signed in. Platform asks, the customers module answers from a global module. */
export abstract class CustomerDirectory {
  /** Current on every request: `undefined` once the customer signed out, left, or lost the number to somebody else. */
  abstract actorOfCustomer(customerId: string, sessionId: string): Promise<KnownActor | undefined>;
  /**
   * Whether the customer showed minutes ago to have the number in hand: by signing in, or now by a one-time code, which then
   * counts like signing in.
   */
  abstract isFresh(actor: Actor, oneTimeCode: string | undefined): Promise<boolean>;
}
