import { seesAmounts, type Actor } from '../../../platform/identity/index.js';
import type { RuleSetBody } from '../domain/rule-set.js';
import { withoutAge, withoutAmounts } from '../domain/without-values.js';

/**
 * What a level was decided from, as far as the actor may see it. Amounts are left out for whoever may not see them, the age for everybody:
 * every view masks it (docs/personal-data.md).
 */
export function shownTo<T extends Parameters<typeof withoutAge>[1]>(actor: Actor, body: RuleSetBody, found: T): T {
  const ageless = withoutAge(body, found);
  return seesAmounts(actor) ? ageless : withoutAmounts(body, ageless);
}
