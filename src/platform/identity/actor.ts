import type { Scope } from './scope.js';

/** Who asks: a person of the staff, another system with a key, or a customer who looks after himself. */
export interface Actor {
  readonly kind: 'staff' | 'system' | 'customer';
  readonly id: string;
  /** For registers and logs of the operator itself; never a customer's name. */
  readonly name: string;
  readonly role: string;
  /** `area.verb` strings; see {@link isAllowed}. */
  readonly permissions: readonly string[];
  /** The organization unit the actor works in; only the staff has one. */
  readonly unitId: string | undefined;
  /** Whose data the actor may see, whatever the permissions are. */
  readonly scope: Scope;
  /** A rate of its own, for systems that were given one. */
  readonly requestsPerMinute?: number;
  /** The sign-in that this request belongs to; keys have none. */
  readonly sessionId?: string;
  /** Signed in with less than the own permissions ask for: nothing is possible but to enrol an authenticator. */
  readonly lacksSecondFactor?: boolean;
  /** The request in which the actor asks, so that one line of a register leads to one line of the log. */
  readonly requestId: string;
  /** From where: the address that the server saw, or that a trusted proxy named. */
  readonly clientAddress: string;
}

export type KnownActor = Omit<Actor, 'requestId' | 'clientAddress'>;

export const isAllowed = (actor: Pick<Actor, 'permissions'>, permission: string): boolean =>
  actor.permissions.includes(permission);
