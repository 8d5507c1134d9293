import { Refusal } from '../../../platform/errors/index.js';

export class NoChurnRuleSetInEffect extends Refusal {
  static readonly code = 'analytics.no-churn-rule-set';
  static readonly kind = 'rejected';
  constructor(asOf: string) {
    super(NoChurnRuleSetInEffect.code, NoChurnRuleSetInEffect.kind, 'No churn rule set is in effect on that day', {
      asOf,
    });
  }
}
