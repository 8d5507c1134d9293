import { headOf } from '../../../platform/http/index.js';
import type { RuleSet } from '../domain/rule-set.js';
import type { RuleSetView } from './rule-sets.dto.js';
import { ruleSets } from './rule-sets.resources.js';

export function ruleSetView(ruleSet: RuleSet): RuleSetView {
  return {
    ...headOf(ruleSets, ruleSet.version),
    program: ruleSet.program,
    status: ruleSet.status,
    effectiveFrom: ruleSet.effectiveFrom,
    effectiveUntil: ruleSet.effectiveUntil,
    checksum: ruleSet.checksum,
    author: ruleSet.author,
    approver: ruleSet.approver,
    body: ruleSet.body,
  };
}
