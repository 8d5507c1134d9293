import { acting } from '../../../platform/database/index.js';
import { isAllowed } from '../../../platform/identity/index.js';

/**
 * The condition under which a customer `c` is shown at all: one whose data is only stored any more (PIPL art. 47) to nobody but
 * who may read restricted data. The system's own work goes on.
 */
export function inSight(): string {
  const who = acting();
  return !who || (who.actor && isAllowed(who.actor, 'privacy.read')) ? 'true' : 'c.restricted_at IS NULL';
}
