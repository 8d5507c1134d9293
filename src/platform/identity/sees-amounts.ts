import { isAllowed, type Actor } from './actor.js';

/** Whether an actor may see what a customer spends. Billing itself, which sends it, does. */
export const seesAmounts = (actor: Pick<Actor, 'permissions'>): boolean =>
  isAllowed(actor, 'customers.amounts') || isAllowed(actor, 'usage.push');
