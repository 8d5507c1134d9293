import type { Program } from '../domain/program.js';
import type { RuleSetBody } from '../domain/rule-set.js';
import { ruleSetBodyFrom } from '../domain/validate-rule-set.js';

/**
 * Rules that came from outside, checked as a whole against what they are for.
 * @throws InvalidRuleSet
 */
export function checkedBody(json: unknown, { scale }: Pick<Program, 'scale'>): RuleSetBody {
  return ruleSetBodyFrom(json, { scale });
}
