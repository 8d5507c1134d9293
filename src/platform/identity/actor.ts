/** Who asks: a person of the staff, or another system with an API key. */
export interface Actor {
  readonly kind: 'staff' | 'system';
  readonly id: string;
  /** For registers and logs of the operator itself; never a customer's name. */
  readonly name: string;
  readonly role: string;
  /** `area.verb` strings; see {@link isAllowed}. */
  readonly permissions: readonly string[];
  /** The organization unit the actor works in; systems have none. */
  readonly unitId: string | undefined;
  /** The request in which the actor asks, so that one line of a register leads to one line of the log. */
  readonly requestId: string;
}

export type KnownActor = Omit<Actor, 'requestId'>;

export const isAllowed = (actor: Pick<Actor, 'permissions'>, permission: string): boolean =>
  actor.permissions.includes(permission);
