import { AsyncLocalStorage } from 'node:async_hooks';
import type { Actor } from '../identity/actor.js';
import { EVERYBODY, type Scope } from '../identity/scope.js';

/** On whose behalf work is done: what the database lets it see, and what the audit says of it. */
export interface Acting {
  readonly scope: Scope;
  /** Nobody on public routes. */
  readonly actor?: Actor;
  readonly requestId: string;
  readonly clientAddress: string;
  /** `POST /care-api/points/v1/redemption`: the route as it is declared, without ids. */
  readonly operation: string;
  /** The id in the address, when there is one. */
  readonly objectId?: string;
  /** The route declared that its statements may take longer than those of other requests. */
  readonly takesLong?: boolean;
  /** Why, in the actor's own words. */
  readonly reason?: string;
}

const storage = new AsyncLocalStorage<Acting>();

/** Everything that `work` does with the database, it does in the scope of this actor. */
export const actingFor = <T>(acting: Acting, work: () => T): T => storage.run(acting, work);

/**
 * Steps out of the actor's scope, for work on an actor's request that is not a look at somebody: billing's records go to
 * whomever they belong, a call may come from anybody. It is still the actor who did it. A test holds the list of uses.
 */
export function asSystem<T>(work: () => T): T {
  const before = storage.getStore();
  return before ? storage.run({ ...before, scope: EVERYBODY }, work) : work();
}

/** For what a request sets going and does not wait for: it is the system's own, not of whoever came by. */
export const onItsOwn = <T>(work: () => T): T => storage.exit(work);

/** Who acts; `undefined` for the system itself: jobs, listeners, start-up. */
export const acting = (): Acting | undefined => storage.getStore();

/** The role of a request whose actor does not see everybody. Row-level security binds it. */
export const REQUEST_ROLE = 'guibin_request';

const CODE = /^[A-Za-z0-9._-]{1,64}$/;
const PATH = /^[/0-9a-f-]*$/;

/**
 * The statements that put a transaction into the actor's scope, `undefined` when it sees everybody. `SET LOCAL` ends with the
 * transaction, also behind a pooler; it takes no parameters, so everything is checked to be plain codes.
 */
export function scopeStatements({ scope }: Acting): string | undefined {
  if (scope.everybody) return undefined;
  const { provinces, branches, managerId = '', customerId = '', unitPath = '' } = scope;
  for (const code of [...provinces, ...branches]) if (!CODE.test(code)) throw new Error('A scope holds no such code');
  for (const id of [managerId, customerId, unitPath]) if (!PATH.test(id)) throw new Error('A scope holds no such id');
  return (
    `SET LOCAL ROLE ${REQUEST_ROLE}; SET LOCAL guibin.provinces = '${provinces.join(',')}'; ` +
    `SET LOCAL guibin.branches = '${branches.join(',')}'; SET LOCAL guibin.manager = '${managerId}'; ` +
    `SET LOCAL guibin.customer = '${customerId}'; SET LOCAL guibin.unit_path = '${unitPath}'`
  );
}
